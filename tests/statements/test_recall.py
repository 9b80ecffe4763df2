"""A recall says whether it is a rehearsal, and for each selector whether it is sure."""

import pytest
from msgspec.structs import replace

from statements.samples import CELLS, FACTS, PACK, PACKS, RACK, body_of, parsed, refused
from voltrail.canonical import Json
from voltrail.errors import MalformedError
from voltrail.statements.assembly import Certainty
from voltrail.statements.hold import Selector
from voltrail.statements.recall import Selected

RECALL = FACTS["recall"]


def test_nobody_forgets_to_say_whether_it_is_a_rehearsal() -> None:
    body = body_of("recall")
    del body["mock"]
    with pytest.raises(MalformedError, match="mock"):
        parsed("recall", body)


def test_a_recall_links_what_it_names_outright_and_in_selectors() -> None:
    chosen = Selected(Selector(product=RACK), Certainty.POSSIBLE)
    wider = replace(RECALL, selected=(*RECALL.selected, chosen))
    assert set(wider.links) == {CELLS, PACK, PACKS, RACK}


def test_one_statement_stands_for_each_numbered_notice_of_a_case() -> None:
    assert replace(RECALL, reason="another").claim == RECALL.claim
    assert replace(RECALL, number="R-2").claim != RECALL.claim


@pytest.mark.parametrize(
    "changes",
    [
        {"action": "wait"},
        {"mock": "no"},
        {"selected": [{"selector": {"lot": str(PACKS)}}]},
        {"selected": [{"selector": {"lot": str(PACKS)}, "certainty": "likely"}]},
        {"selected": [{"certainty": "definite"}]},
        {"lots": [str(PACK)]},
    ],
)
def test_a_recall_that_says_nothing_clear_is_refused(changes: dict[str, Json]) -> None:
    refused("recall", **changes)
