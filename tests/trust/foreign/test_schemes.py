"""Signatures as COSE and JOSE write them, each checked in one scheme by one kind of key."""

import json
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, mldsa, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256, SHA384

from corpus import corpus
from voltrail.cose import Algorithm
from voltrail.errors import SignatureInvalidError, UnverifiableError
from voltrail.trust import keys, signer
from voltrail.trust.foreign import schemes

# Good signatures that are refused, by case and reason. There is none.
WRONG_REFUSALS: dict[int, str] = {}


def raw(signature: bytes, half: int) -> bytes:
    return b"".join(part.to_bytes(half, "big") for part in decode_dss_signature(signature))


def pss(key: rsa.RSAPrivateKey, signed: bytes) -> bytes:
    return key.sign(signed, padding.PSS(padding.MGF1(SHA256()), 32), SHA256())


P256 = ec.generate_private_key(ec.SECP256R1())
P384 = ec.generate_private_key(ec.SECP384R1())
RSA = rsa.generate_private_key(65_537, 2_048)
ED = ed25519.Ed25519PrivateKey.generate()
ML44, ML65 = mldsa.MLDSA44PrivateKey.generate(), mldsa.MLDSA65PrivateKey.generate()
ML87 = mldsa.MLDSA87PrivateKey.generate()
SIGNERS: dict[Algorithm, tuple[Any, bytes]] = {
    Algorithm.ES256: (P256, raw(P256.sign(b"goods", ec.ECDSA(SHA256())), 32)),
    Algorithm.ESP256: (P256, raw(P256.sign(b"goods", ec.ECDSA(SHA256())), 32)),
    Algorithm.ES384: (P384, raw(P384.sign(b"goods", ec.ECDSA(SHA384())), 48)),
    Algorithm.PS256: (RSA, pss(RSA, b"goods")),
    Algorithm.EDDSA: (ED, ED.sign(b"goods")),
    Algorithm.ED25519: (ED, ED.sign(b"goods")),
    Algorithm.MLDSA44: (ML44, ML44.sign(b"goods")),
    Algorithm.MLDSA65: (ML65, ML65.sign(b"goods")),
    Algorithm.MLDSA87: (ML87, ML87.sign(b"goods")),
}


@pytest.mark.parametrize("algorithm", Algorithm)
def test_a_signature_is_checked_in_its_scheme_by_its_key(algorithm: Algorithm) -> None:
    key, signature = SIGNERS[algorithm]
    check = schemes.checker(algorithm, key.public_key())
    check(signature, b"goods")
    for sig, said in (
        (signature, b"other goods"),
        (signature[:-1], b"goods"),
        (signature + b"\0", b"goods"),
        (b"", b"goods"),
        (bytes(len(signature)), b"goods"),
    ):
        with pytest.raises(SignatureInvalidError):
            check(sig, said)


@pytest.mark.parametrize("algorithm", Algorithm)
def test_a_key_of_another_scheme_signs_nothing(algorithm: Algorithm) -> None:
    own, _ = SIGNERS[algorithm]
    for key in {key for key, _ in SIGNERS.values()} - {own}:
        with pytest.raises(SignatureInvalidError):
            schemes.checker(algorithm, key.public_key())


def test_every_scheme_of_jose_is_one_of_cose_and_none_is_no_scheme() -> None:
    assert set(schemes.JOSE.values()) == set(Algorithm)
    assert not {"none", "None", "HS256", "RS256"} & set(schemes.JOSE)


def test_an_ecdsa_signature_in_der_is_none_here() -> None:
    check = schemes.checker(Algorithm.ES256, P256.public_key())
    with pytest.raises(SignatureInvalidError):
        check(P256.sign(b"goods", ec.ECDSA(SHA256())), b"goods")


def test_a_short_rsa_key_is_not_judged() -> None:
    short = rsa.generate_private_key(65_537, 1_024).public_key()
    with pytest.raises(UnverifiableError):
        schemes.checker(Algorithm.PS256, short)


def test_a_fingerprint_is_the_one_that_our_own_keys_have() -> None:
    own = signer.generate(keys.Algorithm.P256)
    assert schemes.fingerprint(own.key.public_key()) == own.public.key_id


@pytest.mark.corpus
def test_every_wycheproof_case_of_two_numbers_is_judged_as_its_authors_judge_it() -> None:
    path = corpus("provenance", "wycheproof", "ecdsa_secp256r1_sha256_p1363_test.json")
    found = json.loads(path.read_text())
    listed = [(group, case) for group in found["testGroups"] for case in group["tests"]]
    assert len(listed) == found["numberOfTests"] == 173
    wrong: dict[str, set[int]] = {"valid": set(), "invalid": set(), "acceptable": set()}
    for group, case in listed:
        good = case["result"] != "invalid"
        if accepts(group, case) != good:
            wrong[case["result"]].add(case["tcId"])
    assert wrong["invalid"] == set(), "bad signatures that pass"
    assert wrong["valid"] | wrong["acceptable"] == WRONG_REFUSALS.keys()


def accepts(group: dict[str, Any], case: dict[str, Any]) -> bool:
    point = bytes.fromhex(group["publicKey"]["uncompressed"])
    key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
    try:
        schemes.checker(Algorithm.ES256, key)(
            bytes.fromhex(case["sig"]), bytes.fromhex(case["msg"])
        )
    except SignatureInvalidError:
        return False
    return True
