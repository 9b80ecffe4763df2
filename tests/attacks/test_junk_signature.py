import base64
import json

import pytest

from voltrail.errors import UnverifiableError
from voltrail.statements import statement as statements
from voltrail.statements.lot import LotRecord
from voltrail.statements.statement import Header
from voltrail.trust import signer
from voltrail_world.cast import KESTREL, PACK
from world_fixture import NOW, PlayedWorld, clean_shipment, fresh_world

LOT = clean_shipment().lot
NOISE = base64.b64encode(bytes(64)).decode()


def refused(seen: PlayedWorld, raw: bytes) -> None:
    size = seen.desk.entries.size()
    with pytest.raises(UnverifiableError):
        seen.hand_in(raw)
    assert seen.since(size) == []


@pytest.mark.parametrize("first", [True, False], ids=["first", "last"])
@pytest.mark.parametrize("keyid", ["junk", "0" * 64])
def test_noise_beside_an_honest_signature_makes_no_second_statement(
    keyid: str, *, first: bool
) -> None:
    seen = fresh_world()
    raw = seen.say(LotRecord(LOT, PACK), KESTREL, LOT)
    seen.hand_in(raw)
    found = json.loads(raw)
    found["signatures"].insert(0 if first else 1, {"keyid": keyid, "sig": NOISE})
    refused(seen, json.dumps(found).encode())


def test_a_strangers_true_signature_beside_an_honest_one_is_refused() -> None:
    seen, stranger = fresh_world(), signer.generate()
    payload = statements.compose(LotRecord(LOT, PACK), Header(KESTREL, NOW), LOT)
    refused(seen, signer.sealed(payload, seen.world.keys[KESTREL], stranger).raw)
