"""Handing the same bad statement in again and again does not fill the register."""

from datetime import timedelta

import pytest

from voltrail.errors import RefusedError
from voltrail.statements import envelope
from voltrail.statements.custody import Half, HandOver
from voltrail.statements.envelope import Signature
from voltrail_world.cast import FJORDLINIE, KESTREL
from world_fixture import NOW, clean_shipment, fresh_world

LOT = clean_shipment().lot


def test_one_refusal_stands_however_often_it_is_tried() -> None:
    seen = fresh_world()
    fact = HandOver(LOT, "H9", Half.GIVEN, KESTREL, FJORDLINIE, NOW, 40)
    good = envelope.parse(seen.say(fact, KESTREL, LOT))
    (one,) = good.signatures
    bent = bytes([one.sig[0] ^ 1]) + one.sig[1:]
    junk = envelope.build(good.payload, (Signature(one.keyid, bent),)).raw
    size = seen.desk.entries.size()
    for second in range(5):
        with pytest.raises(RefusedError):
            seen.hand_in(junk, NOW + timedelta(seconds=second))
    assert seen.since(size) == ["refusal"]
