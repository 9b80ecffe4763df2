import json

import pytest

from voltrail.errors import IssuerNotTrustedError, MalformedError, UnverifiableError
from voltrail.statements.lot import LotRecord
from voltrail_world.cast import ANSEL, KESTREL, NORDLICHT, PACK, RUNA
from voltrail_world.story import policy
from world_fixture import clean_shipment, fresh_world

LOT = clean_shipment().lot


def without(raw: bytes, *, keep: int) -> bytes:
    found = json.loads(raw)
    found["signatures"] = found["signatures"][:keep]
    return json.dumps(found).encode()


def test_an_envelope_without_signatures_is_no_envelope() -> None:
    seen = fresh_world()
    size = seen.desk.entries.size()
    raw = seen.say(LotRecord(LOT, PACK), KESTREL, LOT)
    with pytest.raises(MalformedError):
        seen.hand_in(without(raw, keep=0))
    assert seen.since(size) == []


def test_a_policy_that_lost_one_of_its_signatures_is_refused() -> None:
    seen = fresh_world()
    size = seen.desk.entries.size()
    raw = seen.say(policy(), RUNA, NORDLICHT, by=(RUNA, ANSEL))
    with pytest.raises(IssuerNotTrustedError):
        seen.hand_in(without(raw, keep=1))
    assert seen.since(size) == []


def test_a_signature_of_noise_under_no_key_proves_nothing() -> None:
    seen = fresh_world()
    size = seen.desk.entries.size()
    found = json.loads(seen.say(LotRecord(LOT, PACK), KESTREL, LOT))
    found["signatures"] = [{"keyid": "", "sig": "A" * 86 + "=="}]
    with pytest.raises(UnverifiableError):
        seen.hand_in(json.dumps(found).encode())
    assert seen.since(size) == []


def test_a_missing_keyid_hides_no_honest_signature() -> None:
    seen = fresh_world()
    found = json.loads(seen.say(LotRecord(LOT, PACK), KESTREL, LOT))
    del found["signatures"][0]["keyid"]
    assert seen.hand_in(json.dumps(found).encode()).fresh
