"""A tier set by hand needs a second person whose key is in force."""

import base64
from datetime import datetime, timedelta

import pytest
from msgspec.structs import replace

from voltrail.errors import IssuerNotTrustedError
from voltrail.projections.fold import view
from voltrail.statements.fields import Digest
from voltrail.statements.key import KeyEvent, KeyVerb
from voltrail.statements.place import Overrule, Place
from voltrail_world.cast import BEGINS, MERET, NORDLICHT
from world_fixture import NOW, fresh_world, strict_shipment

ENDED = [(KeyVerb.CEASE, None), (KeyVerb.COMPROMISE, NOW - timedelta(days=9))]


@pytest.mark.parametrize(("verb", "since"), ENDED)
def test_an_ended_key_agrees_to_no_tier(verb: KeyVerb, since: datetime | None) -> None:
    seen, shipment = fresh_world(), strict_shipment()
    seen.deliver(shipment)
    public = seen.world.keys[MERET].public
    spki = base64.b64encode(public.spki).decode()
    fact = KeyEvent(
        verb, Digest(public.key_id), MERET, public.algorithm, spki, BEGINS, compromised_since=since
    )
    seen.hand_in(seen.say(fact, NORDLICHT, MERET))
    known = view(seen.desk.entries, seen.desk.views, shipment.place).newest(Place)
    assert known is not None
    lax = replace(known.fact, overrule=Overrule(3, "hurry", MERET))
    with pytest.raises(IssuerNotTrustedError, match="second person"):
        seen.hand_in(seen.say(lax, NORDLICHT, lax.place, by=(NORDLICHT, MERET)))
    assert seen.decision(shipment.arrival).fact.tier == 1
