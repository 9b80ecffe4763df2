"""A recall says where a thing is now: moves on site count, and what a container carries along."""

from datetime import timedelta

import pytest

from actions.test_recall import ANNA, CELLS, NORTH, PACKS, found, say, told, unit
from voltrail.actions import located
from voltrail.ids.subject import ArrivalId, PlaceId, UnitId
from voltrail.projections.fold import rebuild
from voltrail.projections.memory import MemoryViews
from voltrail.statements.correction import Correction
from voltrail.statements.fields import Digest
from voltrail.statements.installation import Installation
from voltrail.statements.movement import Movement, MovementVerb
from voltrail.statements.retirement import Leaving, Retirement
from voltrail.statements.unit import Level, UnitRecord
from world_fixture import NOW, PlayedWorld

HALL, CAGE = PlaceId.of("nordlicht", "hall-7"), PlaceId.of("nordlicht", "cage-2")
STORE, OUT = MovementVerb.STORE, MovementVerb.TAKE_OUT


def moves(
    seen: PlayedWorld,
    hours: int,
    to: PlaceId,
    *units: UnitId,
    verb: MovementVerb = STORE,
    box: str | None = None,
) -> None:
    at = NOW + timedelta(hours=hours)
    us = seen.desk.operator
    fact = Movement(f"M-{hours}", us, verb, to, at, ANNA, units, container=box)
    say(seen, fact, *(units or (PACKS,)))


def places(seen: PlayedWorld) -> dict[str, list[str]]:
    """Where the packs of the cells are; the kept stays are those of views made anew."""
    again = MemoryViews()
    rebuild(seen.desk.entries, again, seen.desk.blobs)
    rows = found(seen, CELLS).related
    kept = seen.desk.views.stays([row.asset for row in rows])
    assert kept == again.stays([row.asset for row in rows])
    return {row.asset.parts[-1]: [stay.place for stay in row.stays] for row in rows}


def test_a_unit_that_was_moved_is_where_it_was_moved_to() -> None:
    seen = told()
    assert places(seen) == {"P1": [NORTH], "P2": []}
    moves(seen, 1, HALL, unit("P2"))
    moves(seen, 2, CAGE, unit("P1"), verb=OUT)
    assert places(seen) == {"P1": [CAGE], "P2": [HALL]}


def test_a_late_move_and_one_that_was_withdrawn_do_not_count() -> None:
    seen = told()
    moves(seen, 2, CAGE, unit("P2"))
    moves(seen, 1, HALL, unit("P2"))
    assert places(seen)["P2"] == [CAGE]
    last = seen.desk.entries.entries(seen.desk.entries.size() - 2, seen.desk.entries.size() - 1)
    (newer,) = last
    say(seen, Correction(Digest(newer.parsed.envelope), "Another pack."), unit("P2"))
    assert places(seen)["P2"] == [HALL]


def test_what_is_in_a_container_moves_with_it_until_it_is_taken_out() -> None:
    seen = told()
    moves(seen, 1, HALL, unit("P1"), unit("P2"), box="C-9")
    moves(seen, 3, CAGE, box="C-9")
    assert places(seen) == {"P1": [CAGE], "P2": [CAGE]}
    moves(seen, 2, NORTH, unit("P1"), verb=OUT)
    assert places(seen) == {"P1": [NORTH], "P2": [CAGE]}


def test_a_unit_of_a_lot_that_was_only_moved_is_found_by_its_lot() -> None:
    seen = told()
    say(seen, UnitRecord(unit("M9"), CELLS, Level.MODULE), unit("M9"))
    moves(seen, 1, HALL, unit("M9"), verb=MovementVerb.STAGE)
    assert places(seen)["M9"] == [HALL]


@pytest.mark.parametrize("how", ["scrapped", "installed"])
def test_what_left_its_container_is_not_carried_along(how: str) -> None:
    seen = told()
    moves(seen, 1, HALL, unit("P2"), box="C-9")
    at, us = NOW + timedelta(hours=2), seen.desk.operator
    gone = Retirement("L-1", us, Leaving.SCRAPPED, at, units=(unit("P2"),))
    put = Installation(unit("P2"), ArrivalId.of("A-9"), NORTH, at, ANNA)
    say(seen, gone if how == "scrapped" else put, unit("P2"))
    before = places(seen)["P2"]
    moves(seen, 3, CAGE, box="C-9")
    assert places(seen)["P2"] == before != [CAGE]
    (one,) = located.located(seen.desk, [unit("P2")]).values()
    assert one is not None
    assert one.place != CAGE
