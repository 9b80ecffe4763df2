"""Where a unit is follows from the set of facts, whatever order they came in."""

import random
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from voltrail.errors import MalformedError
from voltrail.ids.subject import ArrivalId, LotId, OrderId, PartyId, PersonId, PlaceId, UnitId
from voltrail.projections import whereabouts
from voltrail.projections.view import EntryRef, Recorded
from voltrail.projections.whereabouts import State, Whereabouts, wheres
from voltrail.statements import kinds
from voltrail.statements.arrival import Arrival
from voltrail.statements.installation import Installation
from voltrail.statements.movement import Movement, MovementVerb
from voltrail.statements.retirement import Leaving, Retirement
from voltrail.statements.statement import Header

AT = datetime(2026, 11, 2, tzinfo=UTC)
US, BUYER, RUNA = PartyId.of("nordlicht"), PartyId.of("kestrel"), PersonId.of("p-runa")
DOCK, CAGE, HALL = (PlaceId.of("nordlicht", name) for name in ("dock", "cage", "hall"))
UNIT, LOT = UnitId.of("kestrel", "P-1"), LotId.of("kestrel", "L-1")
CAME = ArrivalId.of("nordlicht", "A-1")
ORDER = OrderId.of("nordlicht", "PO-1")


def told(fact: Any, number: int) -> Recorded[Any]:  # noqa: ANN401 — any fact
    ref = EntryRef(number, f"{number:064x}", AT)
    return Recorded(fact, Header(US, AT), (UNIT,), kinds.type_of(type(fact)), ref)


def moved(number: int, verb: str, to: PlaceId, **more: Any) -> Recorded[Any]:  # noqa: ANN401
    given = {"units": (UNIT,), **more}
    at = AT + timedelta(hours=number)
    return told(Movement(f"M-{number}", US, MovementVerb(verb), to, at, RUNA, **given), number)


def came(number: int = 0, quantity: int = 2, serials: Sequence[str] = ("P-1", "P-2")) -> Any:  # noqa: ANN401
    return told(Arrival(CAME, ORDER, LOT, DOCK, quantity, AT, None, (), tuple(serials)), number)


def where(
    unit: UnitId, facts: Sequence[Recorded[Any]], older: Whereabouts | None = None
) -> Whereabouts | None:
    found = wheres(unit, facts, older)
    return found[-1] if found else None


WAY = (
    came(),
    moved(1, "stage", DOCK),
    moved(2, "store", CAGE),
    moved(3, "take-out", CAGE),
    told(Installation(UNIT, CAME, HALL, AT + timedelta(hours=4), RUNA), 4),
    moved(5, "maintain", HALL),
)


def test_each_step_is_the_next_state_with_its_holder_time_and_entry() -> None:
    states = [where(UNIT, WAY[: end + 1]) for end in range(len(WAY))]
    assert [one.state for one in states if one] == [
        State.RECEIVED,
        State.STAGED,
        State.STORED,
        State.OUT,
        State.INSTALLED,
        State.MAINTENANCE,
    ]
    stored = states[2]
    assert stored is not None
    assert (stored.place, stored.holder, stored.entry) == (CAGE, US, 2)
    assert stored.since == AT + timedelta(hours=2)


@pytest.mark.parametrize("seed", range(20))
def test_the_order_in_which_facts_come_and_repeats_change_nothing(seed: int) -> None:
    box = (
        moved(2, "store", CAGE, container="C-9"),
        moved(3, "take-out", CAGE, units=(), container="C-9"),
        moved(6, "store", HALL, units=(), container="C-9"),
    )
    every = [*WAY[:2], *box, moved(4, "stage", DOCK, units=(), container="C-8")]
    shuffled = [*every, every[0], every[2]]
    random.Random(seed).shuffle(shuffled)
    assert where(UNIT, shuffled) == where(UNIT, every)
    counted = [came(0, 9, ()), _some(1, 4, CAGE), _some(2, 2, HALL, came_from=CAGE)]
    loosely = whereabouts.loose(LOT, counted)
    random.Random(seed).shuffle(counted)
    assert whereabouts.loose(LOT, counted) == loosely


def _some(number: int, quantity: int, to: PlaceId, **more: Any) -> Recorded[Any]:  # noqa: ANN401
    return moved(number, "store", to, units=(), lot=LOT, quantity=quantity, **more)


def test_a_container_carries_what_was_put_into_it_until_it_is_taken_out() -> None:
    inside = moved(2, "store", CAGE, container="C-9")
    away = moved(3, "stage", DOCK, units=(), container="C-9")
    found = where(UNIT, (came(), inside, away))
    assert found is not None
    assert (found.place, found.container) == (DOCK, "C-9")
    alone = moved(4, "store", HALL)
    later = moved(5, "stage", CAGE, units=(), container="C-9")
    found = where(UNIT, (came(), inside, away, alone, later))
    assert found is not None
    assert (found.place, found.container) == (HALL, None)


def test_to_say_the_same_again_does_not_begin_the_stay_anew() -> None:
    found = where(UNIT, (came(), moved(1, "receive", DOCK)))
    assert found is not None
    assert (found.since, found.entry) == (AT, 0)


def test_records_that_contradict_each_other_are_both_told_until_something_moves_the_unit() -> None:
    here, there = (
        told(Installation(UNIT, CAME, place, AT + timedelta(hours=at), RUNA), at)
        for at, place in ((2, HALL), (3, CAGE))
    )
    assert [one.place for one in wheres(UNIT, (came(), there, here))] == [HALL, CAGE]
    out = moved(4, "take-out", CAGE)
    assert [one.place for one in wheres(UNIT, (here, there, out))] == [CAGE]
    moved_in = moved(5, "install", DOCK)
    assert [one.place for one in wheres(UNIT, (here, there, moved_in))] == [DOCK]


def test_what_left_is_with_whom_it_went_to() -> None:
    gone = Retirement("L-1", US, Leaving.RETURNED, AT + timedelta(days=1), (UNIT,), to=BUYER)
    found = where(UNIT, (came(), told(gone, 9)))
    assert found is not None
    assert (found.state, found.holder) == (State.LEFT, BUYER)


def test_a_list_from_before_counts_until_something_later_is_known() -> None:
    old = Whereabouts(State.INSTALLED, HALL, US, AT - timedelta(days=900), 7)
    assert where(UNIT, (), old) == old
    found = where(UNIT, (moved(1, "maintain", DOCK),), old)
    assert found is not None
    assert found.state is State.MAINTENANCE
    newer = Whereabouts(State.INSTALLED, HALL, US, AT + timedelta(days=900), 7)
    assert where(UNIT, (moved(1, "maintain", DOCK),), newer) == newer
    assert where(UNIT, ()) is None


def test_items_that_nobody_named_are_counted_and_never_lost() -> None:
    facts = (came(0, 10, ("P-1",)), _some(1, 4, CAGE, came_from=DOCK))
    found = whereabouts.loose(LOT, facts)
    assert {(one.place, one.items) for one in found} == {(DOCK, 5), (CAGE, 4)}
    more = (*facts, _some(2, 7, HALL, came_from=CAGE))
    found = whereabouts.loose(LOT, more)
    assert sum(one.items for one in found) == 9
    assert any(one.items < 0 for one in found), "more went than came, and that is said"


def test_counts_tell_those_that_nobody_saw_last() -> None:
    seen = where(UNIT, (came(),))
    found = whereabouts.counts((seen, seen, None))
    assert [(one.state, one.items) for one in found] == [(State.RECEIVED, 2), (None, 1)]


def test_the_last_word_on_a_seal_counts_and_none_is_an_answer() -> None:
    scope = f"at:{CAGE}"
    first = moved(1, "store", CAGE, seals_set=("S-1",))
    other = moved(2, "store", HALL, seals_set=("S-7",))
    quiet = moved(3, "store", CAGE)
    found = whereabouts.sealed(scope, (quiet, other, first))
    assert found is not None
    assert (found.seals, found.entry) == (("S-1",), 1)
    opened = moved(4, "take-out", CAGE, seals_found=("S-1",))
    found = whereabouts.sealed(scope, (opened, first))
    assert found is not None
    assert found.seals == ()
    assert whereabouts.sealed(scope, (quiet,)) is None


@pytest.mark.parametrize(
    "more",
    [
        {"units": ()},
        {"units": (), "lot": LOT},
        {"units": (), "lot": LOT, "quantity": 0},
        {"units": (), "quantity": 2},
    ],
    ids=["nothing", "no-number", "zero", "no-lot"],
)
def test_a_move_of_nothing_is_malformed(more: dict[str, Any]) -> None:
    with pytest.raises(MalformedError):
        moved(1, "store", CAGE, **more)
