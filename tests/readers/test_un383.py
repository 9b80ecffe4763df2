"""UN 38.3 test summaries: every field of the Manual is looked for, and each that lacks is named."""

import json

import pytest

from voltrail.errors import MalformedError
from voltrail.quantities import Quantity
from voltrail.readers import registry, testing, un383
from voltrail.readers.un383 import Summary

WHOLE = {
    "Manufacturer": "Kestrel Cellworks", "Manufacturer contact": "cells@kestrel.example",
    "Test laboratory": "Fjordlab", "Laboratory contact": "+47 1", "Report number": "FL-17",
    "Report date": "2026-03-01", "Battery type": "lithium ion battery", "Mass": "12,5 kg",
    "Watt-hour rating": "1200 Wh", "Physical description": "prismatic", "Model numbers": "KP-24",
    "Manual revision": "Rev. 8", "Responsible person": "R. Aas", "Title": "Head of laboratory",
    **{f"T.{nr}": "pass" for nr in range(1, 9)},
}  # fmt: skip


def text(**more: str) -> bytes:
    return "\n".join(f"{key}: {one}" for key, one in {**WHOLE, **more}.items()).encode()


def read(data: bytes) -> Summary:
    (draft,) = registry.read(data).drafts
    assert draft.kind == "certificate"
    said: Summary = draft.said
    return said


@pytest.mark.parametrize("data", [text(), json.dumps(WHOLE).encode()])
def test_the_reader_keeps_the_contract(data: bytes) -> None:
    testing.format_conforms(un383.FORMAT, data)


def test_text_and_json_say_the_same_and_lack_nothing() -> None:
    found = read(text())
    assert found == read(json.dumps(WHOLE).encode())
    assert found.missing == ()
    assert found.mass_read == Quantity.parse({"value": "12.5", "unit": "kg"})
    assert found.energy_read == Quantity.parse({"value": "1200", "unit": "W.h"})
    assert len(found.tests) == 8


@pytest.mark.parametrize(
    ("key", "lacks"),
    [
        ("Manufacturer", "the maker's name"),
        ("Manufacturer contact", "the maker's contact"),
        ("Test laboratory", "the laboratory's name"),
        ("Laboratory contact", "the laboratory's contact"),
        ("Report number", "the number of the report"),
        ("Report date", "the date of the report"),
        ("Battery type", "whether cell or battery, lithium ion or metal"),
        ("Mass", "the mass"),
        ("Watt-hour rating", "the watt-hour rating or the lithium content"),
        ("Physical description", "the physical description"),
        ("Model numbers", "the model numbers"),
        ("Manual revision", "the revision of the Manual"),
        ("Responsible person", "the responsible person"),
        ("Title", "the title of the responsible person"),
        ("T.5", "the outcome of T.5"),
    ],
)
def test_each_field_that_lacks_is_named(key: str, lacks: str) -> None:
    kept = {name: one for name, one in WHOLE.items() if name != key}
    assert read(json.dumps(kept).encode()).missing == (lacks,)


def test_a_failed_test_is_remarked_and_what_is_no_field_too() -> None:
    found = registry.read(text(**{"T.3": "Fail", "Colour": "red"}))
    assert [(one.name, one.place) for one in found.remarks] == [
        ("", "Colour"),
        ("test-failed", "summary"),
    ]


def test_a_field_that_stands_twice_is_refused() -> None:
    with pytest.raises(MalformedError, match="stands twice"):
        read(text() + b"\nReport no: FL-18")


def test_an_outcome_that_is_none_is_refused() -> None:
    with pytest.raises(MalformedError, match=r"T\.2 is 'maybe'"):
        read(text(**{"T.2": "maybe"}))
