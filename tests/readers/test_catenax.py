"""Catena-X aspects of both generations become drafts, and known defects are named."""

import json
from collections import Counter
from typing import Any

import pytest

from corpus import corpus
from voltrail.errors import MalformedError
from voltrail.readers import catenax, registry, testing
from voltrail.readers.foreign import Reading

A, B = "urn:uuid:6b2296cc-26c0-4f38-8a22-092338c36e22", "7eeeac86-7b69-444d-81e6-655d0f1513bd"


def old_part(**more: object) -> dict[str, Any]:
    return {
        "catenaXId": A,
        "localIdentifiers": [{"key": "manufacturerId", "value": "BPNL00000003CML1"},
                             {"key": "partInstanceId", "value": "S1"}],
        "manufacturingInformation": {"date": "2022-02-04T14:48:54Z", "country": "DEU"},
        "partTypeInformation": {
            "manufacturerPartId": "P-1", "nameAtManufacturer": "Cell",
            "partClassification": [{"classificationStandard": "GIN", "classificationID": "1"}],
        },
        **more,
    }  # fmt: skip


def new_part() -> dict[str, Any]:
    return {
        "globalAssetId": A,
        "localIdentifiers": old_part()["localIdentifiers"],
        "manufacturingInformation": {"productionDate": "2022-02-04T14:48:54Z", "country": "DEU"},
        "partTypeInformation": {
            "manufacturerPartId": "P-1", "nameAtManufacturer": "Cell",
            "partClassification": [{"standard": "GIN", "id": "1"}],
        },
    }  # fmt: skip


def asset(*aspects: tuple[str, object]) -> dict[str, Any]:
    submodels = [
        {"aspectType": f"urn:samm:io.catenax.x:{name.replace(' ', '#')}", "payload": payload}
        for name, payload in aspects
    ]
    return {"assetMetaInfo": {"catenaXId": A}, "submodels": submodels}


def read(value: object) -> Reading:
    return registry.read(json.dumps(value).encode())


def test_the_reader_keeps_the_contract() -> None:
    link = {"globalAssetId": B, "businessPartner": "BPNL00000003CML1", "hasAlternatives": False,
            "quantity": {"value": 2, "unit": "unit:piece"}, "createdOn": "2022-02-03"}  # fmt: skip
    bom = ("4.0.0 SingleLevelBomAsBuilt", {"globalAssetId": A, "childItems": [link]})
    code = (
        "2.0.0 TractionBatteryCode",
        {"productType": "pack", "tractionBatteryCode": "X12MCPM27KLPCLX2M2382320"},
    )
    whole = {"assets": [asset(("4.0.0 SerialPart", new_part()), bom, code)]}
    testing.format_conforms(catenax.FORMAT, json.dumps(whole).encode())


def test_both_generations_of_a_part_say_the_same() -> None:
    (old,) = read(old_part()).drafts
    (new,) = read(new_part()).drafts
    assert old.said == new.said
    assert (old.kind, old.said.serial, old.said.owner) == ("unit", "S1", "BPNL00000003CML1")


def test_one_of_several_is_possible_and_not_definite() -> None:
    links = [{"catenaXId": B, "hasAlternatives": True}, {"catenaXId": A, "hasAlternatives": False}]
    (down,) = read({"catenaXId": A, "childItems": links}).drafts
    assert [one.possible for one in down.said.links] == [True, False]
    (up,) = read(
        {"catenaXId": A, "parentItems": [{"catenaXId": B, "isOnlyPotentialParent": True}]}
    ).drafts
    assert (up.said.direction, up.said.links[0].possible) == ("up", True)


def test_the_official_code_contradicts_its_own_level() -> None:
    """The published sample says pack for a code whose fourth sign is M."""
    code = {"productType": "pack", "tractionBatteryCode": "X12MCPM27KLPCLX2M2382320"}
    assert [one.name for one in read(code).remarks] == ["level-differs"]


@pytest.mark.corpus
def test_the_defects_of_the_published_test_data_are_found_by_name() -> None:
    """Three children made after their parent, one wrong owner, two uses without a parts list."""
    file = corpus(
        "traceability", "catenax-tracex", "testdata", "CX_Testdata_MessagingTest_v0.0.14.json"
    )
    found = Counter(one.name for one in registry.read(file.read_bytes()).remarks if one.name)
    assert found == {
        "child-made-after-parent": 3,
        "wrong-owner": 1,
        "usage-without-bom": 2,
        "level-differs": 4,
    }


def test_an_aspect_that_is_not_read_is_remarked() -> None:
    found = read({"assets": [asset(("3.0.0 SerialPart", old_part()), ("2.0.0 PartAsPlanned", {}))]})
    assert [one.sentence for one in found.remarks] == [
        "PartAsPlanned 2.0.0 is no aspect that is read here."
    ]


@pytest.mark.parametrize(
    ("odd", "why"),
    [
        ({"localIdentifiers": [{"key": "batchId"}]}, "value is not a text"),
        ({"manufacturingInformation": {"date": "yesterday"}}, "no day or time"),
        ({"catenaXId": None}, "lacks globalAssetId"),
    ],
)
def test_what_is_wrong_is_refused_with_its_place(odd: dict[str, Any], why: str) -> None:
    with pytest.raises(MalformedError, match=why):
        read(old_part(**odd))


@pytest.mark.parametrize(
    ("odd", "why"),
    [
        ({"businessPartner": "BPNX1"}, "businessPartner is 'BPNX1'"),
        ({"quantity": {"value": "2"}}, "quantity.value is not a number"),
        ({"quantity": {"value": -2}}, "below zero"),
        ({"hasAlternatives": "no"}, "neither true nor false"),
    ],
)
def test_a_link_that_is_wrong_is_refused(odd: dict[str, Any], why: str) -> None:
    with pytest.raises(MalformedError, match=why):
        read({"catenaXId": A, "childItems": [{"catenaXId": B, **odd}]})
