"""
Public keys, and the one way to check a signature.

A key is known by its material: the SHA-256 of its SubjectPublicKeyInfo. Ed25519, ECDSA P-256 with
SHA-256, ML-DSA-44 and ML-DSA-65; the first two also inside a WebAuthn assertion. Does not know
whose a key is.
"""

import base64
import hashlib
import json
from collections.abc import Callable
from enum import StrEnum
from functools import lru_cache
from typing import Any

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.asymmetric.types import PublicKeyTypes
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_der_public_key,
)
from msgspec import Struct

from voltrail.errors import MalformedError, SignatureInvalidError

_FLAG_USER_PRESENT = 0x01  # WebAuthn level 2, 6.1
_FLAG_USER_VERIFIED = 0x04  # WebAuthn level 2, 6.1
_AUTHENTICATOR_DATA_MIN = 37  # [bytes] WebAuthn level 2, 6.1
_MAX_SPKI = 4_096  # [bytes] our choice: largest ML-DSA key is below it


class Algorithm(StrEnum):
    """Signature schemes a key can be enrolled for."""

    ED25519 = "ed25519"
    P256 = "ecdsa-p256-sha256"
    MLDSA44 = "ml-dsa-44"
    MLDSA65 = "ml-dsa-65"
    WEBAUTHN_ED25519 = "webauthn-ed25519"
    WEBAUTHN_P256 = "webauthn-es256"


# Schemes that a large quantum computer breaks: NIST IR 8547.
CLASSICAL = frozenset(
    {
        Algorithm.ED25519,
        Algorithm.P256,
        Algorithm.WEBAUTHN_ED25519,
        Algorithm.WEBAUTHN_P256,
    }
)


class PublicKey(Struct, frozen=True):
    """Key material with the scheme it is used in; for WebAuthn also the relying party's id."""

    algorithm: Algorithm
    spki: bytes
    relying_party: str = ""

    @property
    def key_id(self) -> str:
        """The material's identity, whatever scheme or name it goes by."""
        return _material(self.spki)

    def check(self, signature: bytes, signed: bytes) -> None:
        """
        Check that this key signed these bytes.

        Args:
            signature: in the scheme's own form
            signed: the bytes covered

        Raises:
            SignatureInvalidError: it did not.

        Source: RFC 8032; FIPS 186-5; FIPS 204; WebAuthn level 2, 7.2.
        """
        if self.relying_party:
            signature, signed = _from_assertion(signature, signed, self.relying_party)
        try:
            _loaded(self.algorithm, self.spki)(signature, signed)
        except InvalidSignature as error:
            raise SignatureInvalidError(
                f"The signature by key {self.key_id} does not match the bytes.",
                hint="Fetch the file again from its issuer; it was changed or cut.",
            ) from error


def parse(algorithm: str, spki: bytes, relying_party: str = "") -> PublicKey:
    """
    Return the public key in some bytes.

    Args:
        algorithm: a value of `Algorithm`
        spki: DER SubjectPublicKeyInfo
        relying_party: WebAuthn relying party id, for the two WebAuthn schemes only

    Returns:
        The key.

    Raises:
        MalformedError: unknown scheme, no key, a key of another scheme, or not in its one encoding.

    Source: RFC 5280, 4.1; RFC 8410; RFC 9881.
    """
    try:
        scheme = Algorithm(algorithm)
    except ValueError as error:
        raise MalformedError(
            f"{algorithm!r} is no signature scheme known here.", hint=f"Use {', '.join(Algorithm)}."
        ) from error
    if scheme.startswith("webauthn") != bool(relying_party):
        raise MalformedError(
            "Only a WebAuthn key has a relying party.", hint="Name relyingParty with webauthn-*."
        )
    _loaded(scheme, spki)
    return PublicKey(scheme, spki, relying_party)


@lru_cache(maxsize=65_536)
def _material(spki: bytes) -> str:
    return hashlib.sha256(spki).hexdigest()


@lru_cache(maxsize=4_096)
def _loaded(algorithm: Algorithm, spki: bytes) -> Callable[[bytes, bytes], None]:
    key = _decoded(spki)
    if algorithm in (Algorithm.ED25519, Algorithm.WEBAUTHN_ED25519):
        if isinstance(key, ed25519.Ed25519PublicKey):
            return key.verify
    elif algorithm in (Algorithm.P256, Algorithm.WEBAUTHN_P256):
        if isinstance(key, ec.EllipticCurvePublicKey) and isinstance(key.curve, ec.SECP256R1):
            return _with_sha256(key)
    elif type(key).__name__.startswith(_MLDSA_CLASS[algorithm]):
        return key.verify  # type: ignore[union-attr, return-value]
    raise MalformedError(f"The key is not {algorithm}.", hint="Name the key's own scheme.")


def _decoded(spki: bytes) -> PublicKeyTypes:
    """Return the key in its one encoding, so that one key never goes by two digests."""
    if len(spki) > _MAX_SPKI:
        raise MalformedError("The key is too large.", hint="Give the public half only.")
    try:
        key = load_der_public_key(spki)
    except (ValueError, UnsupportedAlgorithm) as error:
        raise MalformedError("The bytes are no public key.", hint="Give DER or PEM.") from error
    if key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo) != spki:
        raise MalformedError(
            "The key is written in an unusual way.", hint="Give it as plain, uncompressed DER."
        )
    return key


_MLDSA_CLASS = {Algorithm.MLDSA44: "MLDSA44", Algorithm.MLDSA65: "MLDSA65"}


def _with_sha256(key: ec.EllipticCurvePublicKey) -> Callable[[bytes, bytes], None]:
    scheme = ec.ECDSA(SHA256())
    return lambda signature, signed: key.verify(signature, signed, scheme)


def _from_assertion(signature: bytes, signed: bytes, relying_party: str) -> tuple[bytes, bytes]:
    """Return the inner signature and the bytes it covers, once the assertion speaks of `signed`."""
    wrong = SignatureInvalidError(
        "The passkey's answer is not for these bytes.", hint="Sign again on the page itself."
    )
    try:
        found = json.loads(signature)
        authenticator = _base64(found["authenticatorData"])
        client = _base64(found["clientDataJSON"])
        inner = _base64(found["signature"])
        said = json.loads(client)
        challenge, kind = _base64(said["challenge"]), said["type"]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise wrong from error
    needed = _FLAG_USER_PRESENT | _FLAG_USER_VERIFIED
    if (
        kind != "webauthn.get"
        or challenge != hashlib.sha256(signed).digest()
        or len(authenticator) < _AUTHENTICATOR_DATA_MIN
        or authenticator[:32] != hashlib.sha256(relying_party.encode()).digest()
        or authenticator[32] & needed != needed
    ):
        raise wrong
    return inner, authenticator + hashlib.sha256(client).digest()


def _base64(text: Any) -> bytes:  # noqa: ANN401 — a JSON value
    if not isinstance(text, str):
        raise TypeError(text)
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
