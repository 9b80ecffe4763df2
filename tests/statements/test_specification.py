"""A specification asks in six parts, with limits in units, and says how each line is shown."""

import pytest
from msgspec.structs import replace

from statements.samples import FACTS, refused
from voltrail.canonical import Json
from voltrail.statements.specification import ShownBy, SpecPart

SPEC = FACTS["specification"]
LINE: dict[str, Json] = {
    "line": "CAP-1",
    "part": "capacity",
    "characteristic": "capacity",
    "shownBy": "measurement",
}


def test_a_part_without_a_line_is_named() -> None:
    assert SpecPart.CAPACITY not in SPEC.missing
    assert len(SPEC.missing) == 5
    whole = tuple(replace(SPEC.lines[0], part=part) for part in SpecPart)
    assert replace(SPEC, lines=whole).missing == ()


def test_one_statement_stands_for_each_version() -> None:
    assert replace(SPEC, title="another").claim == SPEC.claim
    assert replace(SPEC, version=4).claim != SPEC.claim


def test_nobodys_word_shows_anything() -> None:
    assert not {"declaration", "questionnaire", "statement"} & set(ShownBy)


@pytest.mark.parametrize(
    "changes",
    [
        {"part": "price"},
        {"shownBy": "declaration"},
        {"least": 280},
        {"least": {"value": 280, "unit": "A.h"}},
        {"least": {"value": "280", "unit": "Ah"}},
        {"most": {"value": "3e2", "unit": "A.h"}},
        {"text": ""},
    ],
)
def test_a_line_that_asks_nothing_clear_is_refused(changes: dict[str, Json]) -> None:
    refused("specification", lines=[LINE | changes])
