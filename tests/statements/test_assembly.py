"""An assembly says what went in and what came out, and is linked to all of it."""

import pytest
from msgspec.structs import replace

from statements.samples import CELL, CELLS, FACTS, PACK, PACKS, refused
from voltrail.canonical import Json

WHOLE = FACTS["assembly"]


def test_an_assembly_links_every_unit_and_lot_on_both_sides() -> None:
    assert set(WHOLE.links) == {CELLS, CELL, PACK, PACKS}


def test_one_statement_stands_for_each_number_of_an_assembler() -> None:
    assert replace(WHOLE, bom=()).claim == WHOLE.claim
    assert replace(WHOLE, number="AS-2").claim != WHOLE.claim


@pytest.mark.parametrize(
    "part",
    [
        {"lot": str(PACK)},
        {"unit": str(CELLS)},
        {"lot": str(CELLS), "quantity": 16},
        {"lot": str(CELLS), "quantity": {"value": "16"}},
        {"lot": str(CELLS), "quantity": {"value": "many", "unit": "items"}},
        {"lot": str(CELLS), "certainty": "likely"},
        "P-0001",
    ],
)
def test_a_part_that_says_nothing_clear_is_refused(part: Json) -> None:
    refused("assembly", inputs=[part])


def test_a_level_or_an_action_that_nobody_knows_is_refused() -> None:
    assert "string" in refused("assembly", level="string")
    assert "merge" in refused("assembly", action="merge")


def test_a_parts_list_line_names_its_revision() -> None:
    assert "revision" in refused("assembly", bom=[{"component": "gauge", "partNumber": "VX-40"}])


@pytest.mark.parametrize("value", ["-5", "0", "1.5"])
def test_less_than_something_or_a_part_of_an_item_is_no_part(value: str) -> None:
    some: Json = {"value": value, "unit": "items"}
    assert value in refused("assembly", inputs=[{"lot": str(CELLS), "quantity": some}])


def test_a_line_of_the_parts_list_counts_more_than_none() -> None:
    line: Json = {
        "component": "bms",
        "partNumber": "B-100",
        "revision": "2",
        "quantity": {"value": "-1", "unit": "items"},
    }
    assert "is none" in refused("assembly", bom=[line])
