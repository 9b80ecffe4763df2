"""Battery passports in several shapes become one, and are held against the Commission's points."""

import json
from collections import Counter
from datetime import UTC, datetime
from typing import Any

import pytest

from corpus import corpus
from voltrail.errors import MalformedError
from voltrail.quantities import Quantity
from voltrail.readers import passport, passport_check, registry, testing
from voltrail.readers.passport import Passport
from voltrail.readers.passport_check import Standing, check

SET = ("traceability", "dpp-openepcis", "eu", "battery", "examples")
AT = datetime(2026, 11, 28, tzinfo=UTC)
KEY = "https://id.gs1.org/01/09521234030010/21/S-7"


def en18223(**more: object) -> dict[str, Any]:
    plain = {
        "digitalProductPassportId": KEY,
        "uniqueProductIdentifier": KEY,
        "granularity": "item",
        "batteryCategory": "IndustrialBattery",
        "serialNumber": "S-7",
        "productionDate": "2024-03-15",
        "lastUpdated": "2024-03-20T14:30:00Z",
        "netWeight": {"value": "100", "unitCode": "KGM"},
        "hasTechnicalSpecifications": {
            "hasRatedCapacity": {"value": 200, "unitCode": "AMH"},
            "hasMinimumVoltage": {"value": 40, "unitCode": "VLT"},
            "hasNominalVoltage": {"value": 51.2, "unitCode": "VLT"},
        },
        "hasBatteryChemistry": {"cathodeActiveMaterial": "LiFePO4"},
    }
    return {**plain, **more}


def read(value: object) -> Passport:
    (draft,) = registry.read(json.dumps(value).encode()).drafts
    said: Passport = draft.said
    return said


def names(found: Passport) -> list[str]:
    return [one.name for one in check(found, at=AT).findings]


def test_the_reader_keeps_the_contract() -> None:
    testing.format_conforms(passport.FORMAT, json.dumps(en18223()).encode())


def test_the_table_holds_what_the_commission_asks_of_industrial_batteries() -> None:
    points = passport_check.points()
    assert [one.nr for one in points] == list(range(1, 72))
    asked = Counter(one.required["industrial"] for one in points)
    assert asked == {
        "mandatory": 36,
        "conditional": 26,
        "optional": 1,
        "pending": 4,
        "not-to-be-filled": 4,
    }
    assert Counter(one.access for one in points) == {
        "public": 44,
        "legitimate-interest": 26,
        "authorities": 1,
    }
    assert Counter(one.lifecycle for one in points) == {"static": 50, "dynamic": 21}


def test_a_passport_is_typed_with_our_words_and_units() -> None:
    found = read(en18223())
    assert (found.granularity, found.category, found.chemistry) == ("item", "industrial", "LFP")
    assert found.capacity == Quantity.parse({"value": "200", "unit": "A.h"})
    assert found.mass == Quantity.parse({"value": "100", "unit": "kg"})
    assert found.id is not None
    assert found.id.scheme == "digital-link"
    assert names(found) == []


@pytest.mark.corpus
@pytest.mark.parametrize(
    ("file", "category", "missing", "findings"),
    [
        ("battery-product.en18223.json", "industrial", [], []),
        ("battery-product.jsonld", "industrial", [], []),
        ("battery-product.operational.jsonld", "industrial", [], []),
        ("batterypass-ev-item.jsonld", "ev", [], []),
        ("batterypass-lmt-item.jsonld", "lmt", [], []),
        ("batterypass-ready/stationary.gefeg.json", "industrial", [], []),
        ("batterypass-ready/reconstruction.gefeg.json", "industrial", [], []),
        ("batterypass-ready/ev.gefeg.json", "ev", [55], []),
        ("batterypass-ready/lmt.gefeg.json", "lmt", [55, 66], []),
        ("batterypass-ready/stationary.source.json", "industrial", [4, 14, 46, 47], []),
        ("battery-product-model.jsonld", "industrial",
         [9, 13, 14, 15, 20, 21, 22, 23, 24, 29, 43, 46, 47, 48, 49, 67], []),
    ],
)  # fmt: skip
def test_passports_of_others_are_told_what_they_lack(
    file: str, category: str, missing: list[int], findings: list[str]
) -> None:
    found = registry.read(corpus(*SET, *file.split("/")).read_bytes()).drafts[0].said
    judged = check(found, at=AT)
    assert judged.category == category
    assert [one.nr for one in judged.missing] == missing
    assert [one.name for one in judged.findings] == findings


@pytest.mark.corpus
def test_the_three_forms_of_one_passport_say_the_same() -> None:
    forms = (
        "battery-product.en18223.json",
        "battery-product.jsonld",
        "battery-product.operational.jsonld",
    )
    said = [registry.read(corpus(*SET, one).read_bytes()).drafts[0].said for one in forms]
    fields = (
        "id",
        "granularity",
        "category",
        "chemistry",
        "status",
        "capacity",
        "mass",
        "made",
        "serial",
        "model",
    )
    first, *rest = ([getattr(one, name) for name in fields] for one in said)
    assert all(one == first for one in rest)


@pytest.mark.corpus
def test_a_generated_sample_of_catena_x_is_seen_through() -> None:
    file = corpus(
        "traceability",
        "catenax-sldt",
        "io.catenax.battery.battery_pass",
        "6.1.0",
        "BatteryPass.json",
    )
    found = registry.read(file.read_bytes()).drafts[0].said
    assert (found.shape, found.category, found.chemistry) == ("catena-x", "sli", "NMC")
    assert names(found) == ["category", "date", "order"]


def test_missing_is_told_from_not_yet_required() -> None:
    judged = check(
        read(en18223(carbonFootprintDeclaration={"value": 1}, materialComposition=[{"name": "x"}]))
    )
    stands = {one.nr: one.standing for one in judged.points}
    assert stands[42] is Standing.MISSING
    assert stands[19] is Standing.NOT_YET
    assert stands[17] is Standing.TOO_EARLY
    assert stands[16] is Standing.NEEDLESS
    assert stands[25] is Standing.NEVER
    assert stands[62] is Standing.CONDITIONAL
    assert stands[5] is Standing.OPTIONAL


@pytest.mark.parametrize(
    ("odd", "name"),
    [
        ({"granularity": "model"}, "granularity"),
        ({"serialNumber": "S-8"}, "serial"),
        ({"productionDate": "2024-15-03"}, "date"),
        ({"productionDate": "2025-01-01"}, "order"),
        ({"lastUpdated": "2031-01-01"}, "future"),
        ({"netWeight": {"value": 0, "unitCode": "KGM"}}, "mass"),
        ({"netWeight": {"value": 7, "unitCode": "stone"}}, "unit"),
        ({"netWeight": {"value": 7, "unitCode": "AMH"}}, "unit"),
        ({"minimumVoltage": {"voltValue": 60, "volt": "V"}}, "voltage"),
        ({"batteryCategory": "toy"}, "category"),
        ({"hasBatteryChemistry": {"alternateName": "Unobtainium"}}, "chemistry"),
    ],
)
def test_what_cannot_both_be_so_is_found(odd: dict[str, Any], name: str) -> None:
    assert name in names(read(en18223(**odd)))


def test_a_version_that_is_not_read_is_refused() -> None:
    with pytest.raises(MalformedError, match=r"9\.0\.0 is not read"):
        read({"specVersion": "urn:io.catenax.battery.battery_pass:9.0.0"})


def test_an_unknown_category_is_refused() -> None:
    with pytest.raises(MalformedError, match="'toy' has no passport"):
        check(read(en18223()), "toy")
