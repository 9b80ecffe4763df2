"""Signature vectors of other people, each through the one door every signature passes."""

import hashlib
import json
from collections.abc import Iterator
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, mldsa, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from corpus import corpus
from voltrail.errors import MalformedError, SignatureInvalidError
from voltrail.trust import keys, signer
from voltrail.trust.keys import Algorithm

FILES = {
    Algorithm.ED25519: "ed25519_test.json",
    Algorithm.P256: "ecdsa_secp256r1_sha256_test.json",
    Algorithm.MLDSA44: "mldsa_44_verify_test.json",
    Algorithm.MLDSA65: "mldsa_65_verify_test.json",
}
CASES = {
    Algorithm.ED25519: 141,
    Algorithm.P256: 317,
    Algorithm.MLDSA44: 125,
    Algorithm.MLDSA65: 134,
}
# Our scheme signs without a context; these cases are about one, and are of another scheme.
EXCLUDED = {
    Algorithm.ED25519: set[int](),
    Algorithm.P256: set[int](),
    Algorithm.MLDSA44: {3, 4, 141, 142},
    Algorithm.MLDSA65: {3, 4, 5, 153, 155},
}
# Good signatures that are refused: case and reason. There is none.
WRONG_REFUSALS: dict[Algorithm, dict[int, str]] = {}
MLDSA_OID = {Algorithm.MLDSA44: 0x11, Algorithm.MLDSA65: 0x12}  # last byte, RFC 9881


def spki_of(algorithm: Algorithm, group: dict[str, Any]) -> bytes:
    """SubjectPublicKeyInfo made from the key bytes of a test group."""
    if algorithm is Algorithm.ED25519:
        return raw_ed25519(bytes.fromhex(group["publicKey"]["pk"]))
    if algorithm is Algorithm.P256:
        point = bytes.fromhex(group["publicKey"]["uncompressed"])
        return der(ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point))
    raw = bytes.fromhex(group["publicKey"])  # of a wrong length in some groups
    name = bytes.fromhex("300b06096086480165030403") + bytes([MLDSA_OID[algorithm]])
    bits = b"\x03\x82" + (len(raw) + 1).to_bytes(2, "big") + b"\0" + raw
    return b"\x30\x82" + len(name + bits).to_bytes(2, "big") + name + bits


def raw_ed25519(raw: bytes) -> bytes:
    return der(ed25519.Ed25519PublicKey.from_public_bytes(raw))


def der(key: Any) -> bytes:  # noqa: ANN401 — any public key
    return key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def accepts(algorithm: Algorithm, group: dict[str, Any], case: dict[str, Any]) -> bool:
    """Whether a case passes; a key that cannot be read refuses whatever it signed."""
    try:
        key = keys.parse(algorithm, spki_of(algorithm, group))
        key.check(bytes.fromhex(case["sig"]), bytes.fromhex(case["msg"]))
    except (MalformedError, SignatureInvalidError):
        return False
    return True


@pytest.mark.corpus
@pytest.mark.parametrize("algorithm", FILES)
def test_every_wycheproof_case_is_judged_as_its_authors_judge_it(algorithm: Algorithm) -> None:
    found = json.loads(corpus("provenance", "wycheproof", FILES[algorithm]).read_text())
    listed = [(group, case) for group in found["testGroups"] for case in group["tests"]]
    assert len(listed) == found["numberOfTests"] == CASES[algorithm]
    excluded = {case["tcId"] for _, case in listed if case.get("ctx")}
    assert excluded == EXCLUDED[algorithm]
    wrong: dict[str, set[int]] = {"valid": set(), "invalid": set(), "acceptable": set()}
    for group, case in listed:
        good = case["result"] != "invalid"
        if case["tcId"] not in excluded and accepts(algorithm, group, case) != good:
            wrong[case["result"]].add(case["tcId"])
    assert wrong["invalid"] == set(), "bad signatures that pass"
    assert wrong["valid"] == WRONG_REFUSALS.get(algorithm, {}).keys()


@pytest.mark.corpus
def test_the_vectors_of_rfc_8032_pass_and_fail_once_a_bit_is_changed() -> None:
    lines = corpus("provenance", "ed25519-rfc8032", "sign.input.part.txt").read_text().splitlines()
    whole = [line.split(":") for line in lines if line.count(":") == 4]
    assert len(whole) > 5
    for _, public, message, signed, _ in whole:
        key = keys.parse(Algorithm.ED25519, raw_ed25519(bytes.fromhex(public)))
        said, sig = bytes.fromhex(message), bytes.fromhex(signed)[:64]
        key.check(sig, said)
        with pytest.raises(SignatureInvalidError):
            key.check(sig, said + b"\0")
        with pytest.raises(SignatureInvalidError):
            key.check(bytes([sig[0] ^ 1]) + sig[1:], said)


def known_answers() -> Iterator[dict[str, bytes]]:
    """The whole cases of the ML-DSA-44 file; the last one may be cut."""
    found = corpus("provenance", "mldsa44-kat", "kat_MLDSA_44_det_pure.part.rsp").read_text()
    for block in found.split("count = ")[1:]:
        case = dict(line.split(" = ", 1) for line in block.splitlines() if " = " in line)
        if {"xi", "pk", "msg", "sm", "ctx"} <= case.keys():
            names = ("xi", "pk", "msg", "sm", "ctx")
            yield {name: bytes.fromhex(case[name]) for name in names}


@pytest.mark.corpus
def test_the_known_answers_of_ml_dsa_44_give_keys_whose_signatures_pass() -> None:
    cases = list(known_answers())
    assert len(cases) >= 19
    for case in cases:
        own = mldsa.MLDSA44PrivateKey.from_seed_bytes(case["xi"])
        key = keys.parse(Algorithm.MLDSA44, der(own.public_key()))
        assert key.spki.endswith(case["pk"])
        key.check(own.sign(case["msg"]), case["msg"])
        with pytest.raises(SignatureInvalidError):
            key.check(own.sign(case["msg"]), case["msg"] + b"\0")


@pytest.mark.corpus
def test_a_signature_made_under_a_context_is_not_one_of_ours() -> None:
    for case in known_answers():
        public = mldsa.MLDSA44PublicKey.from_public_bytes(case["pk"])
        sig = case["sm"][: -len(case["msg"])]
        public.verify(sig, case["msg"], case["ctx"])  # good under its own scheme
        if case["ctx"]:
            with pytest.raises(SignatureInvalidError):
                keys.parse(Algorithm.MLDSA44, der(public)).check(sig, case["msg"])


@pytest.mark.parametrize("algorithm", signer.MAKERS)
def test_a_key_reads_back_and_checks_only_what_it_signed(algorithm: Algorithm) -> None:
    own, other = signer.generate(algorithm), signer.generate(algorithm)
    sig = own.sign(b"goods")
    assert keys.parse(algorithm, own.public.spki) == own.public
    own.public.check(sig, b"goods")
    for key, signature, signed in (
        (own, sig, b"other goods"),
        (other, sig, b"goods"),
        (own, sig[:-1], b"goods"),
        (own, b"", b"goods"),
    ):
        with pytest.raises(SignatureInvalidError):
            key.public.check(signature, signed)


@pytest.mark.parametrize("algorithm", signer.MAKERS)
def test_a_key_is_refused_under_every_other_scheme(algorithm: Algorithm) -> None:
    spki = signer.generate(algorithm).public.spki
    for other in set(signer.MAKERS) - {algorithm}:
        with pytest.raises(MalformedError):
            keys.parse(other, spki)


@pytest.mark.parametrize("algorithm", signer.MAKERS)
def test_a_key_cut_anywhere_or_longer_is_no_key(algorithm: Algorithm) -> None:
    spki = signer.generate(algorithm).public.spki
    for bad in (b"", spki[:1], spki[:-1], spki + b"\0", b"\0" * 5_000):
        with pytest.raises(MalformedError):
            keys.parse(algorithm, bad)


def test_one_point_written_two_ways_is_not_two_keys() -> None:
    own = ec.generate_private_key(ec.SECP256R1()).public_key()
    short = own.public_bytes(Encoding.X962, PublicFormat.CompressedPoint)
    head = bytes.fromhex("3039301306072a8648ce3d020106082a8648ce3d030107032200")
    keys.parse(Algorithm.P256, der(own))
    with pytest.raises(MalformedError):
        keys.parse(Algorithm.P256, head + short)


@pytest.mark.parametrize("algorithm", Algorithm)
def test_keys_of_foreign_schemes_and_curves_are_refused(algorithm: Algorithm) -> None:
    party = "voltrail.example" if algorithm.startswith("webauthn") else ""
    foreign = (
        ec.generate_private_key(ec.SECP384R1()).public_key(),
        ec.generate_private_key(ec.SECP256K1()).public_key(),
        rsa.generate_private_key(65_537, 2_048).public_key(),
    )
    for key in foreign:
        with pytest.raises(MalformedError):
            keys.parse(algorithm, der(key), party)


def test_a_scheme_nobody_knows_is_refused_by_name() -> None:
    with pytest.raises(MalformedError, match="rot13"):
        keys.parse("rot13", signer.generate().public.spki)


def test_a_key_is_known_by_its_material_alone() -> None:
    own = signer.generate().public
    passkey = keys.parse(Algorithm.WEBAUTHN_ED25519, own.spki, "voltrail.example")
    assert own.key_id == passkey.key_id == hashlib.sha256(own.spki).hexdigest()
