"""
The socket for private keys, and the plainest plug: a key in this process's memory.

A signer is trusted with its issuer's name; whoever holds it can speak for that issuer. Does not
know what it signs.
"""

from typing import Protocol

from cryptography.exceptions import InternalError, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, mldsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from msgspec import Struct

from voltrail.errors import MalformedError
from voltrail.statements import envelope
from voltrail.statements.envelope import PAYLOAD_TYPE, Envelope, Signature
from voltrail.trust import keys, pkcs8
from voltrail.trust.keys import Algorithm, PublicKey

PrivateKey = (
    ed25519.Ed25519PrivateKey
    | ec.EllipticCurvePrivateKey
    | mldsa.MLDSA44PrivateKey
    | mldsa.MLDSA65PrivateKey
)


class Signer(Protocol):
    """Whatever can sign: a file, a token, a key service. Owes a signature or an exception."""

    @property
    def public(self) -> PublicKey:
        """The public half."""

    def sign(self, signed: bytes) -> bytes:
        """Return the signature over some bytes."""


class LocalSigner(Struct, frozen=True):
    """A private key in memory."""

    key: PrivateKey
    public: PublicKey

    def sign(self, signed: bytes) -> bytes:
        """Return the signature over some bytes."""
        if isinstance(self.key, ec.EllipticCurvePrivateKey):
            return self.key.sign(signed, ec.ECDSA(SHA256()))
        return self.key.sign(signed)

    def pem(self, passphrase: bytes | None = None) -> bytes:
        """Return the private key as PKCS#8 PEM, encrypted where a passphrase is given."""
        if passphrase is None:
            return self.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        plain = self.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
        return pkcs8.close(plain, passphrase)


def generate(algorithm: Algorithm = Algorithm.ED25519) -> LocalSigner:
    """
    Return a new key.

    Args:
        algorithm: one of the four plain schemes

    Returns:
        A signer holding it in memory.

    Raises:
        KeyError: a WebAuthn scheme, whose keys live in authenticators.

    Source: FIPS 186-5; FIPS 204.
    """
    return _signer(MAKERS[algorithm]())  # type: ignore[arg-type]  # one of PrivateKey


def load(pem: bytes, passphrase: bytes | None = None) -> LocalSigner:
    """
    Return the signer in a PKCS#8 PEM file.

    Args:
        pem: the file's bytes
        passphrase: where it is encrypted

    Returns:
        A signer holding the key in memory.

    Raises:
        MalformedError: no key, a wrong passphrase, or a scheme not known here.

    Source: RFC 5958.
    """
    try:
        found = load_pem_private_key(pem, passphrase if pkcs8.is_closed(pem) else None)
        return _signer(found)  # type: ignore[arg-type]  # a key of another kind is refused there
    except (ValueError, TypeError, UnsupportedAlgorithm, InternalError) as error:
        raise MalformedError(
            "The file holds no private key that opens.", hint="Check the file and its passphrase."
        ) from error


def sealed(payload: bytes, *signers: Signer) -> Envelope:
    """
    Return a payload's envelope, signed by each signer.

    Args:
        payload: a statement's bytes
        signers: at least one

    Returns:
        The envelope.

    Source: DSSE v1.0.2.
    """
    signed = envelope.pae(PAYLOAD_TYPE, payload)
    return envelope.build(
        payload, tuple(Signature(one.public.key_id, one.sign(signed)) for one in signers)
    )


MAKERS = {
    Algorithm.ED25519: ed25519.Ed25519PrivateKey.generate,
    Algorithm.P256: lambda: ec.generate_private_key(ec.SECP256R1()),
    Algorithm.MLDSA44: mldsa.MLDSA44PrivateKey.generate,
    Algorithm.MLDSA65: mldsa.MLDSA65PrivateKey.generate,
}


def _signer(key: PrivateKey) -> LocalSigner:
    spki = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    for algorithm in MAKERS:
        try:
            return LocalSigner(key, keys.parse(algorithm, spki))
        except MalformedError:
            continue
    raise MalformedError("The key's scheme is not known here.", hint="Use Ed25519 or P-256.")
