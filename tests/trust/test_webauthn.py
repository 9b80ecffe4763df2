"""Passkeys: assertions as an authenticator makes them, and every way one can be wrong."""

import base64
import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import pytest

from voltrail.errors import MalformedError, SignatureInvalidError
from voltrail.ids.subject import PersonId
from voltrail.statements import envelope as envelopes
from voltrail.statements import statement as statements
from voltrail.statements.envelope import PAYLOAD_TYPE, Signature
from voltrail.statements.fields import Digest
from voltrail.statements.sign_off import SignOff
from voltrail.statements.statement import Header
from voltrail.trust import keys, signer
from voltrail.trust.anchors import Anchor, Anchors
from voltrail.trust.keys import Algorithm, PublicKey
from voltrail.trust.signer import LocalSigner
from voltrail.trust.verify import verify

SITE = "register.voltrail.example"
AT = datetime(2026, 11, 2, tzinfo=UTC)
RUNA = PersonId.of("p-runa")
PRESENT, VERIFIED = 0x01, 0x04
PAYLOAD = statements.compose(SignOff(RUNA, "accept", Digest("a" * 64)), Header(RUNA, AT), RUNA)
PAE = envelopes.pae(PAYLOAD_TYPE, PAYLOAD)
INNER = {Algorithm.WEBAUTHN_P256: Algorithm.P256, Algorithm.WEBAUTHN_ED25519: Algorithm.ED25519}


def url64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


@dataclass(frozen=True)
class Authenticator:
    """A passkey; its fields are what it says, and so how it may go wrong."""

    own: LocalSigner
    site: str = SITE
    flags: int = PRESENT | VERIFIED
    kind: str = "webauthn.get"
    challenge: bytes | None = None
    cut: int | None = None

    def says(self, signed: bytes) -> dict[str, Any]:
        """The assertion over some bytes, as the page hands it on."""
        counter = (7).to_bytes(4, "big")
        data = hashlib.sha256(self.site.encode()).digest() + bytes([self.flags]) + counter
        data = data[: self.cut]
        challenge = hashlib.sha256(signed).digest() if self.challenge is None else self.challenge
        client = json.dumps(
            {"type": self.kind, "challenge": url64(challenge), "origin": f"https://{self.site}"}
        ).encode()
        inner = self.own.sign(data + hashlib.sha256(client).digest())
        return {
            "authenticatorData": url64(data),
            "clientDataJSON": url64(client),
            "signature": url64(inner),
        }

    def sign(self, signed: bytes) -> bytes:
        """The assertion as the bytes of a signature."""
        return json.dumps(self.says(signed)).encode()


@pytest.fixture(params=INNER, ids=str)
def passkey(request: pytest.FixtureRequest) -> tuple[Authenticator, PublicKey]:
    own = signer.generate(INNER[request.param])
    return Authenticator(own), keys.parse(request.param, own.public.spki, SITE)


Passkey = tuple[Authenticator, PublicKey]


def test_an_assertion_over_the_very_bytes_is_accepted(passkey: Passkey) -> None:
    device, key = passkey
    key.check(device.sign(PAE), PAE)


def test_a_statement_signed_with_a_passkey_is_verified(passkey: Passkey) -> None:
    device, key = passkey
    made = envelopes.build(PAYLOAD, (Signature(key.key_id, device.sign(PAE)),))
    anchors = Anchors((Anchor(key, RUNA, AT),))
    assert verify(envelopes.parse(made.raw), anchors, AT).statement.header.issuer == RUNA


def test_further_flags_and_extension_data_do_no_harm(passkey: Passkey) -> None:
    device, key = passkey
    key.check(replace(device, flags=PRESENT | VERIFIED | 0x18).sign(PAE), PAE)


WRONG = {
    "another challenge": {"challenge": hashlib.sha256(b"other bytes").digest()},
    "the bytes themselves as challenge": {"challenge": PAE},
    "an empty challenge": {"challenge": b""},
    "another site": {"site": "evil.example"},
    "nobody verified": {"flags": PRESENT},
    "nobody present": {"flags": VERIFIED},
    "no flag at all": {"flags": 0},
    "a registration": {"kind": "webauthn.create"},
    "a payment": {"kind": "payment.get"},
    "data cut before the counter": {"cut": 33},
    "data cut before the flags": {"cut": 32},
    "no data": {"cut": 0},
}


@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG.keys())
def test_an_assertion_that_says_something_else_is_refused(
    passkey: Passkey, wrong: dict[str, Any]
) -> None:
    device, key = passkey
    with pytest.raises(SignatureInvalidError):
        key.check(replace(device, **wrong).sign(PAE), PAE)


def test_a_plain_signature_by_the_same_key_is_no_assertion(passkey: Passkey) -> None:
    device, key = passkey
    with pytest.raises(SignatureInvalidError):
        key.check(device.own.sign(PAE), PAE)


def test_an_assertion_is_no_plain_signature(passkey: Passkey) -> None:
    device, _ = passkey
    with pytest.raises(SignatureInvalidError):
        device.own.public.check(device.sign(PAE), PAE)


def test_an_assertion_by_another_key_is_refused(passkey: Passkey) -> None:
    device, key = passkey
    other = signer.generate(device.own.public.algorithm)
    with pytest.raises(SignatureInvalidError):
        key.check(replace(device, own=other).sign(PAE), PAE)


@pytest.mark.parametrize("name", ["authenticatorData", "clientDataJSON", "signature"])
@pytest.mark.parametrize(
    "change",
    [lambda _: "", lambda text: text[:-4], lambda text: "*" + text, lambda _: 7],
    ids=["emptied", "cut", "no base64", "no text"],
)
def test_a_part_that_was_changed_is_refused(
    passkey: Passkey, name: str, change: Callable[[str], Any]
) -> None:
    device, key = passkey
    said = device.says(PAE)
    said[name] = change(said[name])
    with pytest.raises(SignatureInvalidError):
        key.check(json.dumps(said).encode(), PAE)


@pytest.mark.parametrize(
    "signature", [b"", b"\xff", b"null", b"[]", b"7", b"{}", b'"text"', b"[" * 100_000]
)
def test_bytes_that_are_no_assertion_are_refused(passkey: Passkey, signature: bytes) -> None:
    with pytest.raises(SignatureInvalidError):
        passkey[1].check(signature, PAE)


@pytest.mark.parametrize("client", [b"", b"null", b"[]", b"7", b"\xff", b"{}"])
def test_client_data_of_another_form_are_refused(passkey: Passkey, client: bytes) -> None:
    device, key = passkey
    said = device.says(PAE) | {"clientDataJSON": url64(client)}
    with pytest.raises(SignatureInvalidError):
        key.check(json.dumps(said).encode(), PAE)


def test_a_relying_party_goes_with_a_passkey_and_with_nothing_else() -> None:
    spki = signer.generate().public.spki
    with pytest.raises(MalformedError):
        keys.parse(Algorithm.WEBAUTHN_ED25519, spki)
    with pytest.raises(MalformedError):
        keys.parse(Algorithm.ED25519, spki, SITE)
