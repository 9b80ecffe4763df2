"""Signed codes of many countries, each row judged for each of its makers' expectations."""

import base64
import json
import zlib
from datetime import UTC, datetime, timedelta
from typing import Any

import cbor2
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from hypothesis import given
from hypothesis import strategies as st

from corpus import corpus
from trust.foreign import stamping
from voltrail import base45, cose
from voltrail.errors import (
    LapsedError,
    MalformedError,
    ProductError,
    SignatureInvalidError,
    UnverifiableError,
)
from voltrail.trust.foreign import signed_code

# Case → what it is refused for. Every other case must pass.
REFUSED: dict[str, type[ProductError]] = {
    "common/B1": MalformedError,  # characters outside of base45
    "common/CBO1": MalformedError,  # a pass that is no map
    "common/CBO2": MalformedError,  # bytes behind the message
    "common/CO5": SignatureInvalidError,
    "common/CO16": LapsedError,
    "common/CO17": LapsedError,
    "common/CO22": UnverifiableError,  # pitfall 24: the protected key id is nobody's
    "common/H3": MalformedError,  # no prefix
}
# Refused although its maker lets it pass: it was signed six days after the moment it is judged at.
TOO_EARLY = {"LU/INCERT_R_DCC_Recovery": LapsedError}
# What the makers expect to fail beyond the signature, and a reader of signatures does not judge:
# which kind of pass a certificate may sign, and the pass's own schema.
NOT_OURS = {"EXPECTEDKEYUSAGE", "EXPECTEDSCHEMAVALIDATION", "EXPECTEDVALIDOBJECT"}


def cases() -> list[tuple[str, dict[str, Any]]]:
    folder = corpus("provenance", "signed-qr-hc1")
    paths = sorted(folder.glob("*/*.json"))
    return [(f"{one.parent.name}/{one.stem}", json.loads(one.read_text())) for one in paths]


def judge(case: dict[str, Any]) -> Any:  # noqa: ANN401 — a Proven
    told = case["TESTCTX"]
    certificate = x509.load_der_x509_certificate(base64.b64decode(told["CERTIFICATE"]))
    at = datetime.fromisoformat(told["VALIDATIONCLOCK"]).astimezone(UTC)
    message = signed_code.parse(case["PREFIX"])
    if "COSE" in case:
        assert message == cose.parse(bytes.fromhex(case["COSE"]))
    return signed_code.verify(message, [certificate], at)


def error_of(case: dict[str, Any]) -> type[ProductError] | None:
    try:
        judge(case)
    except ProductError as error:
        return type(error)
    return None


@pytest.mark.corpus
def test_the_codes_of_many_countries_are_judged_as_their_makers_judge_them() -> None:
    listed = cases()
    assert len(listed) == 50
    assert {name: error for name, case in listed if (error := error_of(case))} == {
        **REFUSED,
        **TOO_EARLY,
    }
    for name, case in listed:
        wanted = case["EXPECTEDRESULTS"].items()
        bad = [key for key, good in wanted if not good and key not in NOT_OURS]
        assert (name in REFUSED) == bool(bad), (name, bad)


ROOT = stamping.root()
HOLDER = stamping.leaf(ROOT, "Issuer")


def raw(signed: bytes) -> bytes:
    pair = decode_dss_signature(HOLDER.key.sign(signed, ec.ECDSA(SHA256())))
    return b"".join(number.to_bytes(32, "big") for number in pair)


def code(payload: bytes, key: bytes | None = None, algorithm: int = -7) -> str:
    own = signed_code.key_id(HOLDER.certificate) if key is None else key
    return packed(cose.sign(payload, {1: algorithm, 4: own}, raw))


def packed(data: bytes) -> str:
    return signed_code.PREFIX + base45.encode(zlib.compress(data))


def claims(**changes: object) -> bytes:
    said = {1: "XX", 4: stamping.END.timestamp(), 6: int(stamping.NOON.timestamp()), -260: {1: {}}}
    return cbor2.dumps({**said, **{int(key[1:]): value for key, value in changes.items()}})


def read(text: str, at: datetime = stamping.NOON + timedelta(days=1)) -> Any:  # noqa: ANN401
    return signed_code.verify(signed_code.parse(text), [HOLDER.certificate], at)


def test_a_code_of_our_own_says_who_signed_and_what_it_claims() -> None:
    found = read(code(claims()))
    assert (found.signer, found.said) == ("CN=Issuer", {"issuer": "XX"})
    assert (found.claimed_at, found.valid_until) == (stamping.NOON, stamping.END)
    assert found.proven_at is None


def test_a_code_that_states_no_times_is_judged_by_its_certificate_alone() -> None:
    timeless = code(cbor2.dumps({-260: {1: {}}}))
    assert (read(timeless).claimed_at, read(timeless).said) == (None, {})
    with pytest.raises(LapsedError):
        read(timeless, stamping.END + timedelta(days=1))


@pytest.mark.parametrize(
    ("text", "error"),
    [
        (code(claims(), b"other"), UnverifiableError),
        (code(claims(), algorithm=-8), SignatureInvalidError),
        (code(claims(), algorithm=-257), UnverifiableError),
        (code(b"\xff"), MalformedError),
        (code(b"\x01"), MalformedError),
        (code(cbor2.dumps({1: "XX"})), MalformedError),
        (code(cbor2.dumps({-260: {1: b"pass"}})), MalformedError),
        (code(claims(_4="soon")), MalformedError),
        (code(claims(_4=True)), MalformedError),
        (code(claims(_4=float("inf"))), MalformedError),
        (code(claims(_4=10**15)), MalformedError),
        (code(claims(_4=0)), LapsedError),
        (code(claims(_6=stamping.END.timestamp())), LapsedError),
        (code(claims(_6=0)), LapsedError),
        ("HC1:" + base45.encode(b"not packed"), MalformedError),
        ("HC1:" + base45.encode(zlib.compress(b"\xd2")[:-1]), MalformedError),
        ("HC1:" + base45.encode(zlib.compress(b"\xd2") + b"more"), MalformedError),
        (packed(b"\0" * 10_000_000), MalformedError),
        ("HC1:" + "0" * 9_000, MalformedError),
        ("", MalformedError),
    ],
)
def test_a_bent_code_is_refused(text: str, error: type[ProductError]) -> None:
    with pytest.raises(error):
        read(text)


@given(st.text(base45.ALPHABET, max_size=40))
def test_arbitrary_codes_are_malformed(text: str) -> None:
    with pytest.raises(MalformedError):
        signed_code.parse(signed_code.PREFIX + text)


@given(st.binary(max_size=60))
def test_arbitrary_packed_bytes_are_malformed(data: bytes) -> None:
    with pytest.raises(MalformedError):
        signed_code.parse(packed(data))
