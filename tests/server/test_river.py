"""The river of custody: two halves meet, one is missing, or they differ, and in what."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest

pytest.importorskip("django")

from server.table_world import tables
from voltrail.ids.subject import LotId, PartyId, PlaceId
from voltrail.projections.view import EntryRef
from voltrail.statements.custody import Half, HandOver
from voltrail_server.panels import timeline

__all__ = ["tables"]

AT = datetime(2026, 11, 2, 8, tzinfo=UTC)
MAKER, CARRIER, SHADE = map(PartyId.of, ("kestrel", "fjordlinie", "shade"))


@dataclass(frozen=True)
class Said:
    fact: HandOver
    entry: EntryRef = field(default_factory=lambda: EntryRef(1, "0" * 64, AT))


def half(which: Half, **changes: Any) -> Said:  # noqa: ANN401
    fields = {
        "giver": MAKER, "taker": CARRIER, "at": AT, "quantity": 10, "seals": ("A",),
        "container": "C1", "where": PlaceId.of("kestrel", "dock"), **changes,
    }  # fmt: skip
    return Said(HandOver(LotId.of("kestrel", "L1"), "H1", which, **fields))


@pytest.mark.parametrize(
    ("changes", "state", "says"),
    [
        ({}, "met", "10 given and taken"),
        ({"quantity": 9}, "apart", "10 given, 9 taken"),
        ({"taker": SHADE}, "apart", "other parties"),
        ({"seals": ("B",), "container": "C2"}, "apart", "other seals, containers"),
        ({"where": PlaceId.of("kestrel", "yard")}, "apart", "other places"),
        ({"seals": (), "container": None, "where": None}, "met", "10 given and taken"),
    ],
)
def test_two_halves_meet_or_say_in_what_they_differ(
    changes: dict[str, object], state: str, says: str
) -> None:
    (joint,) = timeline.river([half(Half.GIVEN), half(Half.TAKEN, **changes)]).joints
    assert joint.state == state
    assert says in joint.says


@pytest.mark.parametrize(
    ("which", "says"), [(Half.GIVEN, "no receipt"), (Half.TAKEN, "no dispatch")]
)
def test_a_missing_half_is_open(which: Half, says: str) -> None:
    (joint,) = timeline.river([half(which)]).joints
    assert joint.state == "open"
    assert says in joint.says
