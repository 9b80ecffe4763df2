"""COSE_Sign1: what others write is read or plainly refused; one signature covers one payload."""

import base64
import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cbor2
import pytest
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from hypothesis import given
from hypothesis import strategies as st

from corpus import corpus
from voltrail import cose
from voltrail.cose import Algorithm, Sign1
from voltrail.errors import MalformedError, SignatureInvalidError, UnverifiableError

KEY = Ed25519PrivateKey.from_private_bytes(b"\7" * 32)
PROTECTED: dict[int | str, Any] = {cose.ALGORITHM: Algorithm.EDDSA.value, cose.KEY_ID: b"k"}
GOOD = cose.sign(b"goods", PROTECTED, KEY.sign)
RAW = cbor2.dumps(PROTECTED)


def check(signature: bytes, signed: bytes) -> None:
    try:
        KEY.public_key().verify(signature, signed)
    except InvalidSignature as error:
        raise SignatureInvalidError("The signature does not match.") from error


def message(*parts: object) -> bytes:
    return cbor2.dumps(cbor2.CBORTag(cose.SIGN1, list(parts)))


@pytest.mark.parametrize("form", [{}, {"tagged": False}, {"detached": True}])
def test_a_signed_message_reads_back_and_verifies(form: dict[str, bool]) -> None:
    data = cose.sign(b"goods", PROTECTED, KEY.sign, unprotected={"x": [1]}, **form)
    detached, tagged = form.get("detached", False), form.get("tagged", True)
    found = cose.parse(data)
    assert (found.protected, found.unprotected) == (PROTECTED, {"x": [1]})
    assert (data[0] == 0xD2) is tagged
    assert found.payload == (None if detached else b"goods")
    assert cose.verify(found, check, b"goods" if detached else None) == b"goods"
    assert (cose.algorithm(found), cose.key_id(found)) == (Algorithm.EDDSA, b"k")


def test_the_covered_bytes_are_those_of_the_standard() -> None:
    found = cose.parse(GOOD)
    said = cbor2.loads(cose.to_be_signed(found, external=b"both knew"))
    assert said == ["Signature1", RAW, b"both knew", b"goods"]


@pytest.mark.parametrize("raw", [b"", b"\xa0"])
def test_an_empty_protected_header_is_covered_as_no_bytes(raw: bytes) -> None:
    found = cose.parse(message(raw, {}, b"goods", b"s"))
    assert cbor2.loads(cose.to_be_signed(found))[1] == b""
    assert found.protected_raw == raw


def test_a_protected_header_is_covered_as_it_was_written() -> None:
    long = b"\xa1\x18\x01\x27"  # the label 1 in two bytes
    signed = cbor2.dumps(["Signature1", long, b"", b"goods"])
    found = cose.parse(message(long, {}, b"goods", KEY.sign(signed)))
    assert cose.verify(found, check) == b"goods"


def test_a_web_token_s_tag_around_the_message_is_read() -> None:
    inner = cbor2.loads(GOOD)
    data = cbor2.dumps(cbor2.CBORTag(cose.WEB_TOKEN, cbor2.CBORTag(18, list(inner.value))))
    assert cose.parse(data) == cose.parse(GOOD)


MALFORMED = {
    "nothing": b"",
    "no CBOR": b"\xff",
    "cut": GOOD[:-1],
    "bytes behind it": GOOD + b"\0",
    "a number": b"\1",
    "three parts": message(RAW, {}, b"goods"),
    "five parts": message(RAW, {}, b"goods", b"s", b"s"),
    "a protected map": message(PROTECTED, {}, b"goods", b"s"),
    "protected bytes that are a list": message(b"\x80", {}, b"goods", b"s"),
    "bytes behind the protected header": message(RAW + b"\0", {}, b"goods", b"s"),
    "a text for a payload": message(RAW, {}, "goods", b"s"),
    "no signature": message(RAW, {}, b"goods", b""),
    "a text for a signature": message(RAW, {}, b"goods", "s"),
    "a list for a header": message(RAW, [], b"goods", b"s"),
    "a truth as a label": message(RAW, {True: 1}, b"goods", b"s"),
    "a list as a label": bytes.fromhex("d28440a1800140") + b"\x41s",
    "a key twice": bytes.fromhex("d28440a20100010040") + b"\x41s",
    "a protected key twice": message(bytes.fromhex("a2012601 27".replace(" ", "")), {}, b"", b"s"),
    "a key twice in two spellings": message(bytes.fromhex("a20126180127"), {}, b"", b"s"),
    "a time in a header": message(RAW, {"t": cbor2.CBORTag(1, 0)}, b"", b"s"),
    "a big number": message(RAW, {"n": 2**70}, b"", b"s"),
    "a pattern": message(RAW, {"p": cbor2.CBORTag(35, "(a+)+$")}, b"", b"s"),
    "a shared value": bytes.fromhex("d81c8440a0404173"),
    "a tag nobody knows": message(RAW, {"p": cbor2.CBORTag(4_000, 1)}, b"", b"s"),
    "a message in a header": message(RAW, {"p": cbor2.CBORTag(18, [1])}, b"", b"s"),
    "the tag twice": b"\xd2" + GOOD,
    "a web token without a message": b"\xd8\x3d" + cbor2.dumps([b"", {}, b"", b"s"]),
    "a web token twice": b"\xd8\x3d\xd8\x3d" + GOOD,
    "a mark of CBOR before it": b"\xd9\xd9\xf7" + GOOD,
    "undefined in a header": bytes.fromhex("d28440a101f7404173"),
    "a deep header": message(RAW, {1: json.loads("[" * 40 + "]" * 40)}, b"", b"s"),
    "the deepest pit": b"\x81" * 100_000,
    "a length beyond all bytes": b"\xd2\x84\x5b" + b"\xff" * 8,
    "a list beyond all bytes": b"\x9b" + b"\xff" * 8,
    "too long": message(RAW, {}, b"x" * cose.LONGEST, b"s"),
}


@pytest.mark.parametrize("case", MALFORMED)
def test_what_is_no_message_is_refused(case: str) -> None:
    with pytest.raises(MalformedError) as caught:
        cose.parse(MALFORMED[case])
    assert caught.value.hint


@given(st.binary(max_size=200))
def test_arbitrary_bytes_are_malformed_or_a_message(data: bytes) -> None:
    read_or_refuse(data)


values: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=4) | st.binary(max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.integers(), inner, max_size=3),
    max_leaves=8,
)


@given(st.binary(max_size=8) | values.map(cbor2.dumps), values, values, st.binary(max_size=3))
def test_almost_a_message_is_malformed_or_read(
    raw: bytes, one: object, two: object, sig: bytes
) -> None:
    read_or_refuse(message(raw, one, two, sig))
    read_or_refuse(message(raw, {1: one}, b"goods", sig or b"s"))


@given(st.integers(0, len(GOOD) - 1), st.integers(0, 255))
def test_a_changed_byte_never_verifies(place: int, byte: int) -> None:
    data = GOOD[:place] + bytes([byte]) + GOOD[place + 1 :]
    try:
        cose.verify(cose.parse(data), check)
    except (MalformedError, SignatureInvalidError, UnverifiableError):
        return
    assert cose.parse(data) == cose.parse(GOOD)


def read_or_refuse(data: bytes) -> None:
    try:
        found = cose.parse(data)
    except MalformedError:
        return
    for question in (cose.key_id, cose.algorithm, cose.to_be_signed):
        try:
            question(found)
        except (MalformedError, UnverifiableError):
            continue


def test_a_payload_left_out_must_be_given_and_a_carried_one_must_not() -> None:
    without = cose.parse(cose.sign(b"goods", PROTECTED, KEY.sign, detached=True))
    with pytest.raises(UnverifiableError):
        cose.verify(without, check)
    with pytest.raises(SignatureInvalidError):
        cose.verify(without, check, b"other goods")
    with pytest.raises(MalformedError):
        cose.verify(cose.parse(GOOD), check, b"goods")
    empty = cose.parse(cose.sign(b"", PROTECTED, KEY.sign, detached=True))
    assert cose.verify(empty, check, b"") == b""


def test_external_bytes_are_part_of_what_is_signed() -> None:
    with pytest.raises(SignatureInvalidError):
        cose.verify(cose.parse(GOOD), check, external=b"both knew")


def test_a_critical_label_nobody_here_understands_stops_the_check() -> None:
    data = cose.sign(b"goods", {**PROTECTED, cose.CRITICAL: [395], 395: 1}, KEY.sign)
    with pytest.raises(UnverifiableError, match="395"):
        cose.verify(cose.parse(data), check)
    assert cose.verify(cose.parse(data), check, understood={395}) == b"goods"


@pytest.mark.parametrize("listed", [[], 1, [None], [True], [cose.CONTENT_TYPE]])
def test_a_list_of_critical_labels_that_is_none_is_refused(listed: Any) -> None:  # noqa: ANN401
    data = cose.sign(b"goods", {**PROTECTED, cose.CRITICAL: listed}, KEY.sign)
    with pytest.raises(MalformedError):
        cose.verify(cose.parse(data), check)


def test_critical_labels_outside_the_signature_are_refused() -> None:
    data = cose.sign(b"goods", PROTECTED, KEY.sign, unprotected={cose.CRITICAL: [4]})
    with pytest.raises(MalformedError):
        cose.verify(cose.parse(data), check)


DEEP: list[Any] = json.loads("[" * 20 + "]" * 20)


@pytest.mark.parametrize("held", [{(1,): 1}, {1: {1, 2}}, {1: {None: 1}}, {1: DEEP}])
def test_no_message_is_made_with_a_header_nobody_may_read(held: Any) -> None:  # noqa: ANN401
    with pytest.raises(MalformedError):
        cose.sign(b"goods", held, KEY.sign)


def told(protected: dict[int | str, Any], unprotected: dict[int | str, Any]) -> Sign1:
    return cose.parse(cose.sign(b"", protected, KEY.sign, unprotected=unprotected))


def test_the_protected_key_id_wins_over_the_other() -> None:
    """Pitfall 24: the key id that counts is the one the signature covers."""
    assert cose.key_id(told({4: b"in"}, {4: b"out"})) == b"in"
    assert cose.key_id(told({}, {4: b"out"})) == b"out"
    assert cose.key_id(told({1: -8}, {})) is None
    with pytest.raises(MalformedError):
        cose.key_id(told({4: "in"}, {4: b"out"}))


def test_a_scheme_is_told_in_the_protected_header_alone() -> None:
    for missing in (told({}, {1: -8}), told({1: None}, {}), told({1: True}, {})):
        with pytest.raises(MalformedError):
            cose.algorithm(missing)
    for strange in (told({1: -65_535}, {}), told({1: "none"}, {})):
        with pytest.raises(UnverifiableError):
            cose.algorithm(strange)


# Signed health passes of many countries. Named are the cases whose signature must not pass.
REFUSED = {
    "common/CBO2": "bytes follow the message",
    "common/CO5": "its signature is none",
    "common/CO22": "pitfall 24: the protected key id is another key's",
}


def passes() -> list[tuple[str, dict[str, Any]]]:
    folder = corpus("provenance", "signed-qr-hc1")
    read = [(path, json.loads(path.read_text())) for path in sorted(folder.glob("*/*.json"))]
    return [(name_of(path), each) for path, each in read if each.get("COSE")]


def name_of(path: Path) -> str:
    return f"{path.parent.name}/{path.stem}"


def checker(certificate: x509.Certificate) -> Callable[[bytes, bytes], None]:
    key = certificate.public_key()

    def judge(signature: bytes, signed: bytes) -> None:
        try:
            if isinstance(key, rsa.RSAPublicKey):
                key.verify(signature, signed, padding.PSS(padding.MGF1(SHA256()), 32), SHA256())
            else:
                assert isinstance(key, ec.EllipticCurvePublicKey)
                half = len(signature) // 2
                pair = (signature[:half], signature[half:])
                whole = encode_dss_signature(*(int.from_bytes(each, "big") for each in pair))
                key.verify(whole, signed, ec.ECDSA(SHA256()))
        except InvalidSignature as error:
            raise SignatureInvalidError("The signature does not match.") from error

    return judge


def passed(case: dict[str, Any]) -> bool:
    der = base64.b64decode(case["TESTCTX"]["CERTIFICATE"])
    try:
        found = cose.parse(bytes.fromhex(case["COSE"]))
        cose.algorithm(found)
        own = cose.key_id(found) == hashlib.sha256(der).digest()[:8]
        cose.verify(found, checker(x509.load_der_x509_certificate(der)))
    except (MalformedError, SignatureInvalidError):
        return False
    return own


@pytest.mark.corpus
def test_the_signed_passes_of_many_countries_are_judged_as_their_makers_judge_them() -> None:
    cases = passes()
    assert len(cases) > 40
    assert {name for name, case in cases if not passed(case)} == set(REFUSED)
    for name, case in cases:
        wanted = case["EXPECTEDRESULTS"].get("EXPECTEDVERIFY", True)
        assert (name not in REFUSED) is wanted, name
