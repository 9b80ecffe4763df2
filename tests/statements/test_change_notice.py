"""A change is announced with what stands before and after; each notice is answered once."""

import pytest
from msgspec.structs import replace

from statements.samples import FACTS, TWO, refused
from voltrail.canonical import Json
from voltrail.statements.change_notice import Change

NOTICE, ANSWER = FACTS["change-notice"], FACTS["change-decision"]


def test_one_statement_stands_for_each_number_of_a_supplier() -> None:
    assert replace(NOTICE, why="another").claim == NOTICE.claim
    assert replace(NOTICE, number="PCN-8").claim != NOTICE.claim


def test_one_answer_stands_for_each_notice() -> None:
    assert replace(ANSWER, why="another").claim == ANSWER.claim
    assert replace(ANSWER, notice=TWO).claim != ANSWER.claim


def test_what_is_added_has_no_before() -> None:
    assert Change("radio").before is None


@pytest.mark.parametrize(
    "changes",
    [
        {"kind": "price"},
        {"leadTime": 90},
        {"leadTime": {"value": "90", "unit": "days"}},
        {"changes": [{"before": {"text": "old"}}]},
        {"changes": [{"what": "gauge", "after": {"maker": "urn:voltrail:party:voltix"}}]},
        {"effectiveFrom": "next spring"},
    ],
)
def test_a_notice_that_says_nothing_clear_is_refused(changes: dict[str, Json]) -> None:
    refused("change-notice", **changes)


def test_an_answer_is_one_of_three() -> None:
    assert "perhaps" in refused("change-decision", answer="perhaps")
