"""A shipment or a container under suspicion reaches what was in it at that time, and no more."""

from datetime import date, timedelta

import pytest

from actions.test_recall import ANNA, CELLS, MAYBE, PACKS, SURE, certainties, say, told, unit
from voltrail.actions import recall
from voltrail.errors import UnknownSubjectError
from voltrail.ids.subject import ArrivalId, LotId, OrderId, PlaceId, SubjectId, UnitId
from voltrail.projections.related import Relation, Suspect
from voltrail.projections.scope import Scope
from voltrail.statements.arrival import Arrival
from voltrail.statements.assembly import Certainty
from voltrail.statements.custody import Half, HandOver
from voltrail.statements.installation import Installation
from voltrail.statements.movement import Movement, MovementVerb
from voltrail.statements.retirement import Leaving, Retirement
from voltrail_world.cast import KESTREL
from world_fixture import NOW, PlayedWorld

HALL = PlaceId.of("nordlicht", "hall-7")
FIRST, SECOND, LATER = (ArrivalId.of("nordlicht", f"A-{name}") for name in ("1", "2", "9"))


def moves(seen: PlayedWorld, hours: int, unit: UnitId, box: str | None) -> None:
    at, us = NOW + timedelta(hours=hours), seen.desk.operator
    verb = MovementVerb.STORE if box else MovementVerb.TAKE_OUT
    say(seen, Movement(f"M-{hours}", us, verb, HALL, at, ANNA, (unit,), container=box), unit)


def arrives(seen: PlayedWorld, arrival: ArrivalId, quantity: int = 4) -> None:
    order = OrderId.of("nordlicht", "PO-1")
    say(seen, Arrival(arrival, order, PACKS, HALL, quantity, NOW), arrival)


def handed(
    seen: PlayedWorld, days: int, about: ArrivalId | None, lot: LotId = PACKS, quantity: int = 4
) -> None:
    at, number = NOW - timedelta(days=days), f"H-{days}-{about or lot}"
    us, half = seen.desk.operator, Half.TAKEN
    fact = HandOver(lot, number, half, KESTREL, us, at, quantity, arrival=about, container="MSKU-1")
    say(seen, fact, lot)


def shipped(
    seen: PlayedWorld, about: str, since: date | None = None, until: date | None = None
) -> Scope:
    return recall.scope(seen.desk, Suspect(about, Relation.SHIPMENT, since, until))


def leads(one: Scope) -> dict[SubjectId, Certainty]:
    return {lead.thing: lead.certainty for lead in one.leads}


def test_a_unit_leads_to_what_was_in_its_container_at_the_same_time() -> None:
    seen = told()
    for hours, name, box in ((1, "P1", "C-9"), (2, "P2", "C-9"), (3, "P1", None), (5, "M9", "C-9")):
        moves(seen, hours, unit(name), box)
    assert leads(shipped(seen, unit("P1"))) == {
        unit("P1"): SURE,
        unit("P2"): SURE,
        unit("M9"): MAYBE,
    }
    assert "It was in container C-9." in {str(one.why) for one in shipped(seen, unit("P1")).leads}


def test_what_was_in_a_container_on_other_days_is_not_reached() -> None:
    seen = told()
    moves(seen, 1, unit("P1"), "C-9")
    moves(seen, 2, unit("P1"), None)
    moves(seen, 72, unit("P2"), "C-9")
    assert leads(shipped(seen, unit("P1"))) == {unit("P1"): SURE}
    assert certainties(shipped(seen, "C-9")) == {"P1": SURE, "P2": SURE}
    day = NOW.date() + timedelta(days=2)
    assert certainties(shipped(seen, "C-9", since=day)) == {"P2": SURE}
    assert certainties(shipped(seen, "C-9", until=day)) == {"P1": SURE}


def test_a_shipment_leads_to_what_travelled_in_the_same_container() -> None:
    seen = told()
    for arrival in (FIRST, SECOND, LATER):
        arrives(seen, arrival)
    for days, arrival in ((9, FIRST), (5, FIRST), (7, SECOND), (1, LATER)):
        handed(seen, days, arrival)
    handed(seen, 6, None, CELLS)
    assert leads(shipped(seen, FIRST)) == {FIRST: SURE, SECOND: SURE, CELLS: MAYBE}


def test_a_shipment_of_which_only_some_were_in_the_container_is_possible() -> None:
    seen = told()
    arrives(seen, FIRST, quantity=40)
    handed(seen, 9, FIRST)
    assert leads(shipped(seen, "MSKU-1")) == {FIRST: MAYBE}


def test_items_that_were_moved_by_number_are_possibly_in_the_container() -> None:
    seen = told()
    us, verb = seen.desk.operator, MovementVerb.STORE
    move = Movement("M-1", us, verb, HALL, NOW, ANNA, lot=CELLS, quantity=8, container="C-9")
    say(seen, move, CELLS)
    assert leads(shipped(seen, "C-9"))[CELLS] is MAYBE


def test_a_container_that_nobody_names_is_refused_in_words() -> None:
    with pytest.raises(UnknownSubjectError, match="Nothing on record is related to C-0"):
        shipped(told(), "C-0")


@pytest.mark.parametrize("how", ["installed", "gone"])
def test_what_went_into_service_or_left_is_in_no_container_any_more(how: str) -> None:
    seen = told()
    moves(seen, 1, unit("P1"), "C-9")
    at, us = NOW + timedelta(hours=2), seen.desk.operator
    put = Installation(unit("P1"), FIRST, HALL, at, ANNA)
    gone = Retirement("L-1", us, Leaving.SOLD, at, units=(unit("P1"),))
    say(seen, put if how == "installed" else gone, unit("P1"))
    moves(seen, 720, unit("P2"), "C-9")
    assert unit("P2") not in leads(shipped(seen, unit("P1")))
