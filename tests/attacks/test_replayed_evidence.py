import json

import pytest
from msgspec.structs import replace

from voltrail.errors import NotAdmittedError
from voltrail.statements.lot import LotRecord
from voltrail_world.cast import KESTREL, PACK
from world_fixture import clean_shipment, fresh_world

LOT = clean_shipment().lot
FACT = LotRecord(LOT, PACK, quantity=16)


def test_an_identical_envelope_gets_its_first_place_again() -> None:
    seen = fresh_world()
    raw = seen.say(FACT, KESTREL, LOT)
    first = seen.hand_in(raw)
    size = seen.desk.entries.size()
    again = seen.hand_in(raw)
    assert (again.index, again.digest, again.fresh) == (first.index, first.digest, False)
    assert seen.since(size) == []


def test_white_space_does_not_make_it_another_envelope() -> None:
    seen = fresh_world()
    raw = seen.say(FACT, KESTREL, LOT)
    first = seen.hand_in(raw)
    assert seen.hand_in(json.dumps(json.loads(raw), indent=2).encode()).index == first.index


def test_other_bytes_under_one_claimed_identity_are_refused() -> None:
    seen = fresh_world()
    seen.hand_in(seen.say(FACT, KESTREL, LOT))
    size = seen.desk.entries.size()
    with pytest.raises(NotAdmittedError):
        seen.hand_in(seen.say(replace(FACT, quantity=61), KESTREL, LOT))
    assert "lot" not in seen.since(size)
