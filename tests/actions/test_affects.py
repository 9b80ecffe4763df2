"""News bears on the arrivals whose judgement it can change, and on no others."""

from datetime import timedelta
from typing import Any

from msgspec.structs import replace

from voltrail.actions.affects import bearing_on
from voltrail.ids.subject import ArrivalId, UnitId
from voltrail.projections.dossier import gathering
from voltrail.projections.view import recorded
from voltrail.statements.assembly import Action, Assembly, Part, WholeLevel
from voltrail.statements.movement import Movement, MovementVerb
from voltrail_world.arrivals import Shipment, acts_of
from voltrail_world.cast import HALL, NORDLICHT, RUNA
from world_fixture import NOW, PlayedWorld, fresh_world, strict_shipment

FIRST, SECOND = strict_shipment("751"), strict_shipment("752")


def played() -> PlayedWorld:
    seen = fresh_world()
    for going in (FIRST, SECOND):
        for act in sorted(acts_of(seen.world, going), key=lambda act: act.at):
            seen.hand_in(act.raw)
    return seen


def bears(seen: PlayedWorld, number: str, hours: float, fact: Movement) -> set[ArrivalId]:
    """Hand in a move at hours before now, and return the arrivals that it bears on."""
    told = replace(fact, number=number, at=NOW - timedelta(hours=hours))
    seen.hand_in(seen.say(told, NORDLICHT, *(told.units or (NORDLICHT,))))
    desk = seen.desk
    (last,) = (
        one
        for one in map(recorded, desk.entries.entries(0, desk.entries.size()))
        if isinstance(one.fact, Movement) and one.fact.number == number
    )
    return bearing_on(desk, gathering(desk), [last])


def of(going: Shipment, **fields: Any) -> Movement:  # noqa: ANN401 — fields of a move
    unit = UnitId.of(going.maker.key, going.delivered[0])
    given = {"units": (unit,), **fields}
    return Movement("", NORDLICHT, MovementVerb.STORE, HALL, NOW, RUNA, **given)


def test_a_seal_on_a_container_bears_on_no_goods_that_left_it_before() -> None:
    seen = played()
    bears(seen, "M-1", 9, of(FIRST, container="T1", seals_set=("S-1",)))
    bears(seen, "M-2", 8, of(FIRST))
    put_in = of(SECOND, container="T1", seals_set=("S-2",))
    assert bears(seen, "M-3", 7, put_in) == {SECOND.arrival}


def test_a_seal_told_late_bears_on_goods_that_were_seen_since() -> None:
    seen = played()
    bears(seen, "M-1", 9, of(FIRST, container="T1", seals_set=("S-1",)))
    bears(seen, "M-2", 5, of(FIRST))
    late = of(FIRST, units=(), container="T1", seals_found=("S-1",))
    assert bears(seen, "M-3", 7, late) == {FIRST.arrival}


def test_a_seal_told_late_bears_on_goods_that_were_built_into_something_since() -> None:
    seen = played()
    bears(seen, "M-1", 9, of(FIRST, container="T1"))
    unit, rack = of(FIRST).units[0], UnitId.of("nordlicht", "R-1")
    at, level = NOW - timedelta(hours=5), WholeLevel.RACK
    parts = (Part(unit=unit),), (Part(unit=rack),)
    fact = Assembly(NORDLICHT, "AS-1", Action.ADD, level, at, *parts)
    seen.hand_in(seen.say(fact, NORDLICHT, rack, unit))
    late = of(FIRST, units=(), container="T1", seals_set=("S-1",))
    assert bears(seen, "M-2", 7, late) == {FIRST.arrival}


def test_a_seal_bears_on_no_goods_still_inside_until_somebody_sees_them() -> None:
    seen = played()
    bears(seen, "M-1", 9, of(FIRST, container="T1", seals_set=("S-1",)))
    shut = of(FIRST, units=(), container="T1", seals_found=("S-1",), seals_set=("S-2",))
    assert bears(seen, "M-2", 7, shut) == set()
    assert bears(seen, "M-3", 6, of(FIRST)) == {FIRST.arrival}
