import base64

import pytest

from voltrail import canonical
from voltrail.errors import MalformedError
from voltrail.statements import envelope as envelopes
from voltrail.statements.lot import LotRecord
from voltrail.statements.statement import STATEMENT_TYPE
from voltrail.trust import signer
from voltrail_world.cast import KESTREL, PACK
from voltrail_world.story import stories
from world_fixture import fresh_world

LOT = stories()[0].shipment.lot
DEEP = b'{"a":' * 40 + b"1" + b"}" * 40
HEAD = b'{"_type":"%b","predicateType":"urn:example:x:v1",' % STATEMENT_TYPE.encode()

PAYLOADS = {
    "a key twice": HEAD + b'"predicate":{"header":{},"header":{}},"subject":[]}',
    "a float": HEAD + b'"predicate":{"value":3.7},"subject":[]}',
    "not a number": HEAD + b'"predicate":{"value":NaN},"subject":[]}',
    "a number too large": HEAD + b'"predicate":{"value":9007199254740993},"subject":[]}',
    "nested too deeply": HEAD + b'"predicate":' + DEEP + b',"subject":[]}',
    "nested beyond the stack": b'{"a":' * 200_000,
    "not UTF-8": HEAD + b'"predicate":"\xff\xfe","subject":[]}',
    "a list": b"[1,2,3]",
    "nothing": b"{}",
    "too large": b'{"a":"' + b"x" * canonical.MAX_BYTES + b'"}',
}


@pytest.mark.parametrize("name", PAYLOADS)
def test_a_poisoned_payload_is_malformed_and_leaves_no_entry(name: str) -> None:
    seen = fresh_world()
    size = seen.desk.entries.size()
    raw = (
        signer.sealed(PAYLOADS[name], seen.world.keys[KESTREL]).raw if name != "too large" else b""
    )
    if name == "too large":
        raw = b'{"payload":"' + base64.b64encode(PAYLOADS[name]) + b'"}' + b" " * 2**21
    with pytest.raises(MalformedError):
        seen.hand_in(raw)
    assert seen.since(size) == []


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"null",
        b"\x00" * 64,
        b'{"payload":"e30=","payload":"e30="}',
        b'{"payloadType":"text/plain","payload":"e30=","signatures":[{"sig":"AA=="}]}',
        b'{"payloadType":"application/vnd.in-toto+json","payload":"!","signatures":[{"sig":"AA=="}]}',
    ],
)
def test_a_poisoned_envelope_is_malformed_and_leaves_no_entry(raw: bytes) -> None:
    seen = fresh_world()
    size = seen.desk.entries.size()
    with pytest.raises(MalformedError):
        seen.hand_in(raw)
    assert seen.since(size) == []


def test_more_signatures_than_anybody_needs_are_malformed() -> None:
    seen = fresh_world()
    whole = envelopes.parse(seen.say(LotRecord(LOT, PACK), KESTREL, LOT))
    many = tuple(envelopes.Signature("", bytes([place]) * 64) for place in range(1, 40))
    with pytest.raises(MalformedError):
        seen.hand_in(envelopes.build(whole.payload, many).raw)
