import base64

import pytest

from voltrail.actions.judge import judge
from voltrail.ids.subject import PartyId
from voltrail.statements.fields import Digest
from voltrail.statements.key import KeyEvent, KeyVerb
from voltrail_world.cast import BEGINS, FJORDLINIE, KESTREL, NORDLICHT
from world_fixture import NOW, PlayedWorld, clean_shipment, fresh_world

SHIPMENT = clean_shipment()


def stolen(seen: PlayedWorld, whose: PartyId) -> None:
    """State that a party's key was in other hands from the beginning."""
    key = seen.world.keys[whose].public
    event = KeyEvent(
        verb=KeyVerb.COMPROMISE,
        key=Digest(key.key_id),
        issuer=whose,
        algorithm=key.algorithm,
        spki=base64.b64encode(key.spki).decode(),
        valid_from=BEGINS,
        compromised_since=BEGINS,
    )
    seen.hand_in(seen.say(event, NORDLICHT, whose))


@pytest.mark.parametrize("whose", [FJORDLINIE, KESTREL], ids=["carrier", "maker"])
def test_goods_are_judged_again_when_a_key_they_rest_on_was_stolen(whose: PartyId) -> None:
    seen = fresh_world()
    assert seen.deliver(SHIPMENT).fact.disposition == "release"
    stolen(seen, whose)
    stood = seen.desk.views.row(SHIPMENT.arrival)
    assert stood is not None
    with seen.desk.entries.transaction():
        (again,) = judge(seen.desk, [SHIPMENT.arrival], NOW)
    assert (stood.disposition, stood.sentence) == (again.disposition, again.sentence)
    assert stood.disposition != "release"
