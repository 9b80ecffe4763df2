"""A waiver names its control, scope, end, plan and snapshot, and who asked and who approved."""

import pytest
from msgspec.structs import replace

from statements.samples import FACTS, KESTREL, PACKS, refused
from voltrail.canonical import Json

WAIVER = FACTS["waiver"]


def test_one_statement_stands_for_each_number() -> None:
    assert replace(WAIVER, reason="another").claim == WAIVER.claim
    assert replace(WAIVER, number="W-2").claim != WAIVER.claim


@pytest.mark.parametrize(
    "changes",
    [
        {"approvedBy": ["Runa"]},
        {"approvedBy": [str(KESTREL)]},
        {"approvedBy": "urn:voltrail:person:p-runa"},
        {"snapshot": "the risk of Tuesday"},
        {"plan": [{"what": "repair"}]},
        {"validUntil": "for ever"},
        {"place": str(PACKS)},
    ],
)
def test_a_waiver_that_says_nothing_clear_is_refused(changes: dict[str, Json]) -> None:
    refused("waiver", **changes)
