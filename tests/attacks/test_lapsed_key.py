import base64
from datetime import datetime, timedelta

import pytest

from voltrail.errors import LapsedError
from voltrail.statements import statement as statements
from voltrail.statements.fields import Digest
from voltrail.statements.key import KeyEvent, KeyVerb
from voltrail.statements.lot import LotRecord
from voltrail.statements.statement import Header
from voltrail.trust import signer
from voltrail.trust.keys import PublicKey
from voltrail.trust.signer import LocalSigner
from voltrail_world.cast import BEGINS, KESTREL, NORDLICHT, PACK
from world_fixture import NOW, clean_shipment, fresh_world

LOT = clean_shipment().lot
FACT = LotRecord(LOT, PACK, quantity=16)


def event(key: PublicKey, verb: KeyVerb, **more: datetime) -> KeyEvent:
    return KeyEvent(
        verb=verb,
        key=Digest(key.key_id),
        issuer=KESTREL,
        algorithm=key.algorithm,
        spki=base64.b64encode(key.spki).decode(),
        valid_from=BEGINS,
        **more,
    )


def under(key: LocalSigner, at: datetime) -> bytes:
    return signer.sealed(statements.compose(FACT, Header(KESTREL, at), LOT), key).raw


@pytest.mark.parametrize("claimed", [NOW - timedelta(minutes=1), BEGINS + timedelta(days=1)])
def test_a_key_past_its_end_signs_nothing_whatever_time_is_claimed(claimed: datetime) -> None:
    seen, old = fresh_world(), signer.generate()
    enrolled = event(old.public, KeyVerb.ENROL, valid_until=NOW - timedelta(days=1))
    seen.hand_in(seen.say(enrolled, NORDLICHT, KESTREL))
    size = seen.desk.entries.size()
    with pytest.raises(LapsedError):
        seen.hand_in(under(old, claimed))
    assert seen.since(size) == ["refusal"]


@pytest.mark.parametrize("verb", [KeyVerb.CEASE, KeyVerb.SUPERSEDE, KeyVerb.COMPROMISE])
def test_a_key_that_was_ended_signs_nothing_from_then_on(verb: KeyVerb) -> None:
    seen = fresh_world()
    own = seen.world.keys[KESTREL]
    seen.hand_in(seen.say(event(own.public, verb), NORDLICHT, KESTREL))
    size = seen.desk.entries.size()
    with pytest.raises(LapsedError):
        seen.hand_in(under(own, NOW), NOW + timedelta(minutes=5))
    assert "lot" not in seen.since(size)
