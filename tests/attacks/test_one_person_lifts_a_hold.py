import pytest

from voltrail.errors import RefusedError
from voltrail.ids.subject import CaseId
from voltrail.statements.correction import Correction
from voltrail.statements.fields import Digest
from voltrail.statements.hold import Hold, HoldLift, Selector
from voltrail_world.cast import ANSEL, NORDLICHT, RUNA
from world_fixture import PlayedWorld, clean_shipment, fresh_world

CASE = CaseId.of("case-1")
SHIPMENT = clean_shipment()


def held() -> tuple[PlayedWorld, Digest]:
    """A world where released goods were put on hold, and the hold's digest."""
    seen = fresh_world()
    assert seen.deliver(SHIPMENT).fact.disposition == "release"
    hold = Hold(CASE, Selector(lot=SHIPMENT.lot), "stolen", RUNA)
    placed = seen.hand_in(seen.say(hold, NORDLICHT, CASE))
    assert disposition(seen) == "quarantine"
    return seen, Digest(placed.digest)


def disposition(seen: PlayedWorld) -> str:
    row = seen.desk.views.row(SHIPMENT.arrival)
    assert row is not None
    return row.disposition


def test_a_hold_that_its_issuer_withdraws_still_holds() -> None:
    seen, hold = held()
    seen.hand_in(seen.say(Correction(hold, "never mind"), NORDLICHT, CASE))
    assert disposition(seen) == "quarantine"


def test_one_person_who_lifts_twice_is_one_person() -> None:
    seen, hold = held()
    for evidence in ((), (hold,)):
        seen.hand_in(seen.say(HoldLift(CASE, hold, evidence), RUNA, CASE))
    assert disposition(seen) == "quarantine"


def test_the_operators_server_lifts_no_hold() -> None:
    seen, hold = held()
    with pytest.raises(RefusedError):
        seen.hand_in(seen.say(HoldLift(CASE, hold, ()), NORDLICHT, CASE))
    assert disposition(seen) == "quarantine"


def test_two_people_lift_a_hold() -> None:
    seen, hold = held()
    for person in (RUNA, ANSEL):
        seen.hand_in(seen.say(HoldLift(CASE, hold, ()), person, CASE))
    assert disposition(seen) == "release"
