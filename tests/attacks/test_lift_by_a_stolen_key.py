"""A lift by a key that was already stolen lifts nothing, however long ago it was believed."""

import base64
from datetime import timedelta

from voltrail.ids.subject import CaseId
from voltrail.statements.fields import Digest
from voltrail.statements.hold import Hold, HoldLift, Selector
from voltrail.statements.key import KeyEvent, KeyVerb
from voltrail_world.cast import ANSEL, BEGINS, NORDLICHT, RUNA
from world_fixture import NOW, PlayedWorld, clean_shipment, fresh_world

CASE = CaseId.of("case-1")
SHIPMENT = clean_shipment()


def held(seen: PlayedWorld, selector: Selector) -> None:
    """Hold something, and let two persons lift the hold."""
    fact = Hold(CASE, selector, "A seal looked odd.", RUNA)
    placed = seen.hand_in(seen.say(fact, NORDLICHT, CASE))
    assert disposition(seen) == "quarantine"
    for person in (RUNA, ANSEL):
        seen.hand_in(seen.say(HoldLift(CASE, Digest(placed.digest), ()), person, CASE))
    assert disposition(seen) == "release"


def disposition(seen: PlayedWorld) -> str:
    row = seen.desk.views.row(SHIPMENT.arrival)
    assert row is not None
    return row.disposition


def test_goods_are_held_again_once_the_theft_is_known() -> None:
    seen = fresh_world()
    seen.deliver(SHIPMENT)
    held(seen, Selector(lot=SHIPMENT.lot))
    public = seen.world.keys[ANSEL].public
    fact = KeyEvent(
        KeyVerb.COMPROMISE,
        Digest(public.key_id),
        ANSEL,
        public.algorithm,
        base64.b64encode(public.spki).decode(),
        BEGINS,
        compromised_since=NOW - timedelta(days=5),
    )
    seen.hand_in(seen.say(fact, NORDLICHT, ANSEL))
    assert disposition(seen) == "quarantine"


def test_a_lifted_hold_that_names_no_goods_lets_them_go() -> None:
    seen = fresh_world()
    seen.deliver(SHIPMENT)
    held(seen, Selector(serial_from="S0", serial_to="S9999999"))
