"""W3C credentials: the standard's own, and each way in which a bent one must not pass."""

import base64
import hashlib
import json
import socket
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from hypothesis import given
from hypothesis import strategies as st

from corpus import corpus
from voltrail.errors import (
    IssuerNotTrustedError,
    LapsedError,
    MalformedError,
    ProductError,
    SignatureInvalidError,
    UnverifiableError,
)
from voltrail.trust.foreign import credential, did_key
from voltrail.trust.foreign.canonical_json import canonical

NOW = datetime(2026, 11, 28, tzinfo=UTC)
OWN, OTHER = (Ed25519PrivateKey.from_private_bytes(bytes([at]) * 32) for at in (1, 2))
CURVE = ec.derive_private_key(7, ec.SECP256R1())
WHO, CURVED = did_key.written(OWN.public_key()), did_key.written(CURVE.public_key())
V2 = "https://www.w3.org/ns/credentials/v2"
DOCUMENT = {
    "@context": [V2],
    "type": ["VerifiableCredential", "DigitalProductPassport"],
    "issuer": WHO,
    "validFrom": "2026-01-01T00:00:00+02:00",
    "credentialSubject": {"capacityAh": 280.5, "名": "Zelle"},
}


def vector() -> dict[str, Any]:
    folder = corpus("provenance", "vc-eddsa-jcs-2022", "eddsa-jcs-2022")
    return json.loads((folder / "signedJCS.json").read_text())


def judge(document: dict[str, Any]) -> Any:  # noqa: ANN401 — a Proven
    return credential.verify(json.dumps(document).encode(), NOW)


def base58(data: bytes) -> str:
    alphabet = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
    number, text = int.from_bytes(data, "big"), ""
    while number:
        number, rest = divmod(number, 58)
        text = alphabet[rest] + text
    return "z" + "1" * (len(data) - len(data.lstrip(b"\0"))) + text


def sealed(
    document: dict[str, Any], key: Ed25519PrivateKey = OWN, **changes: object
) -> dict[str, Any]:
    """A document with its proof inside, some of the proof's fields changed before signing."""
    name = did_key.written(key.public_key())
    proof: dict[str, Any] = {
        "type": "DataIntegrityProof",
        "cryptosuite": credential.SUITE,
        "created": "2026-02-01T00:00:00Z",
        "verificationMethod": f"{name}#{name.removeprefix('did:key:')}",
        "proofPurpose": "assertionMethod",
        **changes,
    }
    hashed = [hashlib.sha256(canonical(one)).digest() for one in (proof, document)]
    return {**document, "proof": {**proof, "proofValue": base58(key.sign(b"".join(hashed)))}}


def test_the_standard_s_own_credential_verifies_and_says_what_it_proves() -> None:
    found = judge(vector())
    assert found.signer == "did:key:z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2"
    assert found.claimed_at == datetime(2023, 2, 24, 23, 36, 38, tzinfo=UTC)
    assert found.proven_at is None
    assert found.said["issuer"] == "https://vc.example/issuers/5678"


def test_every_step_of_the_standard_s_own_credential_is_the_standard_s() -> None:
    folder = corpus("provenance", "vc-eddsa-jcs-2022", "eddsa-jcs-2022")
    whole = vector()
    proof = whole.pop("proof")
    value = did_key.multibase(proof.pop("proofValue"))
    assert canonical(whole).decode() == (folder / "canonDocJCS.txt").read_text()
    assert canonical(proof).decode() == (folder / "proofCanonJCS.txt").read_text()
    assert value.hex() == (folder / "sigHexJCS.txt").read_text().strip()


def bent(whole: dict[str, Any], path: str, value: object) -> dict[str, Any]:
    made = json.loads(json.dumps(whole))
    *above, last = path.split(".")
    inner = made
    for name in above:
        inner = inner[name]
    if value is None:
        del inner[last]
    else:
        inner[last] = value
    return made


BENT: dict[str, tuple[str, object, type[ProductError]]] = {
    "another name": ("name", "Alumni Card", SignatureInvalidError),
    "a field more": ("extra", 1, SignatureInvalidError),
    "a term that no context knows": ("credentialSubject.rank", "1st", SignatureInvalidError),
    "another issuer": ("issuer", "https://vc.example/issuers/1", SignatureInvalidError),
    "another time of proof": ("proof.created", "2023-02-24T23:36:39Z", SignatureInvalidError),
    "another purpose": ("proof.proofPurpose", "authentication", SignatureInvalidError),
    "a context more in front": ("@context", ["urn:x", V2], SignatureInvalidError),
    "another suite": ("proof.cryptosuite", "eddsa-rdfc-2022", UnverifiableError),
    "no suite": ("proof.cryptosuite", None, UnverifiableError),
    "another kind of proof": ("proof.type", "Ed25519Signature2020", UnverifiableError),
    "a key to be fetched": ("proof.verificationMethod", "did:web:vc.example#1", UnverifiableError),
    "a web address for a key": (
        "proof.verificationMethod",
        "https://vc.example/1",
        UnverifiableError,
    ),
    "no key": ("proof.verificationMethod", None, UnverifiableError),
    "no value": ("proof.proofValue", None, MalformedError),
    "a value in another base": ("proof.proofValue", "uAAAA", MalformedError),
    "a value too long": ("proof.proofValue", "z" + "1" * 500, MalformedError),
    "no proof": ("proof", None, MalformedError),
    "two proofs": ("proof", [{}, {}], MalformedError),
}


@pytest.mark.parametrize("case", BENT)
def test_a_bent_credential_is_refused(case: str) -> None:
    path, value, error = BENT[case]
    with pytest.raises(error) as caught:
        judge(bent(vector(), path, value))
    assert caught.value.hint


def test_a_context_at_the_end_is_not_covered_and_changes_nothing_that_is_said() -> None:
    whole = vector()
    more = bent(whole, "@context", [*whole["@context"], "urn:x"])
    assert judge(more).said == judge(whole).said


def test_an_issuer_that_is_a_key_must_have_signed_itself() -> None:
    """Pitfall 5: an issuer's name that nothing binds to the key is worth nothing."""
    assert judge(sealed(DOCUMENT)).signer == WHO
    with pytest.raises(IssuerNotTrustedError):
        judge(sealed(DOCUMENT, OTHER))


def test_a_pinned_key_counts_alone() -> None:
    data = json.dumps(sealed(DOCUMENT)).encode()
    assert credential.verify(data, NOW, OWN.public_key()).signer == WHO
    with pytest.raises(SignatureInvalidError):
        credential.verify(data, NOW, OTHER.public_key())
    with pytest.raises(SignatureInvalidError):
        credential.verify(data, NOW, CURVE.public_key())


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("validFrom", "2027-01-01T00:00:00Z"),
        ("validUntil", "2026-01-01T00:00:00Z"),
        ("expirationDate", "2026-11-27T23:59:59.999Z"),
    ],
)
def test_a_credential_out_of_force_is_refused(field: str, value: str) -> None:
    with pytest.raises(LapsedError):
        judge(sealed({**DOCUMENT, field: value}))


def test_nobody_says_that_a_credential_was_not_withdrawn() -> None:
    document = {**DOCUMENT, "credentialStatus": {"id": "https://kestrel.example/status/1"}}
    assert "not asked for" in judge(sealed(document)).said["status"]
    assert "status" not in judge(sealed(DOCUMENT)).said


def test_a_proof_past_its_end_is_refused() -> None:
    with pytest.raises(LapsedError):
        judge(sealed(DOCUMENT, expires="2026-11-01T00:00:00Z"))


@pytest.mark.parametrize("value", ["soon", "2026-01-01", "2026-13-01T00:00:00Z", 1.5, True, {}])
def test_a_time_that_is_none_is_malformed(value: object) -> None:
    with pytest.raises(MalformedError):
        judge(sealed({**DOCUMENT, "validFrom": value}))


@pytest.mark.parametrize(
    "change", [{"@context": ["urn:x"]}, {"type": ["Other"]}, {"issuer": 1}, {"issuer": {}}]
)
def test_a_signed_document_that_is_no_credential_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(MalformedError):
        judge(sealed({**DOCUMENT, **change}))


def test_nothing_is_ever_fetched(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pitfalls 15 and 26: a context is an address, and no address is opened."""

    def never(*_: object, **__: object) -> None:
        pytest.fail("a socket was opened")

    monkeypatch.setattr(socket, "socket", never)
    monkeypatch.setattr(socket, "getaddrinfo", never)
    assert judge(vector())


def test_a_key_twice_in_a_credential_is_refused() -> None:
    """Pitfall 7."""
    data = json.dumps(sealed(DOCUMENT))
    with pytest.raises(MalformedError):
        credential.verify(data.replace('"issuer"', '"issuer": "x", "issuer"', 1).encode(), NOW)


# Tokens.


def part(value: object) -> bytes:
    data = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(data).rstrip(b"=")


def by_curve(signed: bytes) -> bytes:
    r, s = decode_dss_signature(CURVE.sign(signed, ec.ECDSA(SHA256())))
    return r.to_bytes(32, "big") + s.to_bytes(32, "big")


def token(
    payload: object = DOCUMENT, sign: Callable[[bytes], bytes] = OWN.sign, **header: object
) -> bytes:
    told = {"alg": "EdDSA", "typ": "vc+jwt", "kid": WHO, **header}
    covered = (
        part({key: each for key, each in told.items() if each is not None}) + b"." + part(payload)
    )
    return covered + b"." + part(sign(covered))


def test_a_token_verifies_by_the_key_it_names() -> None:
    found = credential.verify(token(), NOW)
    assert (found.signer, found.said["issuer"]) == (WHO, WHO)
    assert found.form.endswith("vc+jwt")
    document = {**DOCUMENT, "issuer": {"id": CURVED}}
    assert credential.verify(token(document, by_curve, alg="ES256", kid=CURVED), NOW)


@pytest.mark.parametrize("name", ["none", "None", "NONE", "", "HS256", "RS256", "ES384", None, 1])
def test_a_token_in_a_scheme_that_counts_for_nothing_is_refused(name: object) -> None:
    with pytest.raises(SignatureInvalidError):
        credential.verify(token(alg=name), NOW)
    with pytest.raises(SignatureInvalidError):
        credential.verify(token(sign=lambda _: b"", alg=name), NOW)


def test_a_token_in_another_scheme_than_its_key_s_is_refused() -> None:
    for bad in (token(alg="ES256"), token(sign=by_curve, kid=CURVED)):
        with pytest.raises(SignatureInvalidError):
            credential.verify(bad, NOW)


def test_a_key_inside_the_token_s_header_is_not_believed() -> None:
    jwk = {
        "kty": "OKP",
        "crv": "Ed25519",
        "x": part(OTHER.public_key().public_bytes_raw()).decode(),
    }
    with pytest.raises(SignatureInvalidError):
        credential.verify(token(sign=OTHER.sign, jwk=jwk), NOW)
    with pytest.raises(UnverifiableError):
        credential.verify(token(sign=OTHER.sign, jwk=jwk, kid=None), NOW)


REFUSED: dict[str, tuple[bytes, type[ProductError]]] = {
    "another type": (token(typ="JWT"), UnverifiableError),
    "no type": (token(typ=None), UnverifiableError),
    "a critical header": (token(crit=["b64"], b64=False), UnverifiableError),
    "a key to be fetched": (token(kid="https://kestrel.example/1"), UnverifiableError),
    "two parts": (token().rpartition(b".")[0], MalformedError),
    "four parts": (token() + b".", MalformedError),
    "padded": (token() + b"==", MalformedError),
    "other characters": (token() + b"\xff", MalformedError),
    "a signature cut": (token()[:-6], SignatureInvalidError),
    "no signature": (token().rpartition(b".")[0] + b".", SignatureInvalidError),
    "a list": (token([1]), MalformedError),
    "no credential": (token({"iss": WHO}), MalformedError),
    "two issuers": (token({**DOCUMENT, "iss": "did:key:x"}), MalformedError),
    "a credential in a credential": (token({**DOCUMENT, "vc": DOCUMENT}), MalformedError),
    "past its end": (token({**DOCUMENT, "exp": 1_700_000_000}), LapsedError),
    "before its start": (token({**DOCUMENT, "nbf": 2_000_000_000}), LapsedError),
    "an end beyond time": (token({**DOCUMENT, "exp": 10**15}), MalformedError),
    "another key": (token(sign=OTHER.sign), SignatureInvalidError),
    "another issuer's key": (
        token(sign=OTHER.sign, kid=did_key.written(OTHER.public_key())),
        IssuerNotTrustedError,
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_bent_token_is_refused(case: str) -> None:
    data, error = REFUSED[case]
    with pytest.raises(error):
        credential.verify(data, NOW)


def test_a_token_has_one_spelling() -> None:
    """Pitfall 9: base64 in another spelling would give one token two digests."""
    data = token()
    sloppy = bytes(data[:-1]) + bytes([data[-1] + 1])  # the last character's idle bits
    for other in (data + b"=", data.replace(b".", b"=.", 1), sloppy):
        with pytest.raises(MalformedError):
            credential.verify(other, NOW)


@given(st.integers(0, len(token()) - 1), st.integers(0, 255))
def test_a_changed_byte_of_a_token_never_passes(place: int, byte: int) -> None:
    data = token()
    changed = data[:place] + bytes([byte]) + data[place + 1 :]
    if changed.strip() == data:
        return
    with pytest.raises(ProductError):
        credential.verify(changed, NOW)


@given(st.binary(max_size=80) | st.text('{}.eyJ":,0aA_-=', max_size=60).map(str.encode))
def test_arbitrary_bytes_are_no_credential(data: bytes) -> None:
    with pytest.raises(ProductError):
        credential.verify(data, NOW)


@pytest.mark.parametrize(
    "method",
    [
        "did:key:",
        "did:key:u6Mk",
        "did:key:z0",
        f"{WHO}#other",
        f"{WHO[:-1]}",
        "did:key:" + base58(b"\xed\x01" + b"\1" * 31),
        "did:key:" + base58(b"\x80\x24" + b"\2" * 32),
        "did:key:" + base58(b"\x80\x24\x02" + b"\xff" * 32),
        "did:key:" + base58(b"\xe7\x01" + b"\1" * 33),
        "did:web:kestrel.example",
    ],
)
def test_what_is_no_key_of_ours_is_refused(method: str) -> None:
    with pytest.raises((MalformedError, UnverifiableError)):
        did_key.resolve(method)


def test_a_key_is_written_as_it_is_read() -> None:
    for who in (WHO, CURVED):
        name, key = did_key.resolve(f"{who}#{who.removeprefix('did:key:')}")
        assert (name, did_key.written(key)) == (who, who)
    assert did_key.multibase("z11") == b"\0\0"
