"""
Keys inside a service that signs for us: Vault, and those of three clouds, through securesystemslib.

Its table says who speaks to which service; addresses and log-ins come from the service's own
settings on this machine. The kernel opens no connection: the service's package does, and only where
a key's URI names one. Each signature is checked before it is handed on.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_public_key,
)

from voltrail.errors import (
    MalformedError,
    ProductError,
    RefusedError,
    SignatureInvalidError,
    UnverifiableError,
)
from voltrail.trust import keys
from voltrail.trust.key_uri import Given
from voltrail.trust.keys import Algorithm, PublicKey

# scheme → what people call the service, and the extra of securesystemslib that speaks to it
_SERVICES = {
    "awskms": ("AWS KMS", "awskms"),
    "azurekms": ("Azure Key Vault", "azurekms"),
    "gcpkms": ("Google Cloud KMS", "gcpkms"),
    "hv": ("Vault", "vault"),
}
# The package's name of a scheme → ours. Its ML-DSA covers a digest with TUF's mark: not our form.
_SCHEMES = {"ed25519": Algorithm.ED25519, "ecdsa-sha2-nistp256": Algorithm.P256}


class ServiceSigner:
    """A private key that never leaves its service."""

    def __init__(self, name: str, signer: Any) -> None:  # noqa: ANN401 — a signer of the package
        """Keep the package's signer, and the public half in our form."""
        self._name, self._signer, self._lock = name, signer, threading.Lock()
        self._public = _public(signer.public_key)

    @property
    def public(self) -> PublicKey:
        """The public half, as the service shows it."""
        return self._public

    def sign(self, signed: bytes) -> bytes:
        """
        Return the service's signature over some bytes, once it is checked.

        Args:
            signed: the bytes to cover

        Returns:
            The signature: 64 bytes for Ed25519, DER for P-256.

        Raises:
            UnverifiableError: the service does not answer, or what it signed does not verify.

        Source: FIPS 186-5; RFC 8032.
        """
        with self._lock, _in_words(self._name):
            signature = bytes.fromhex(self._signer.sign(signed).signature)
        try:
            self.public.check(signature, signed)
        except SignatureInvalidError as error:
            raise UnverifiableError(
                f"What {self._name} signed does not verify.",
                hint="Do not use this key; look whether the URI names its newest version.",
            ) from error
        return signature


def open_key(uri: str, given: Given) -> ServiceSigner:
    """
    Return the signer of a key in a service.

    Args:
        uri: hv:NAME, awskms:ID, gcpkms:NAME or azurekms://VAULT…/keys/NAME
        given: is asked where the package wants a secret; most log-ins are settings of this machine

    Returns:
        The signer.

    Raises:
        MalformedError: no such URI, or a key of another scheme.
        RefusedError: the URI names another version than the newest.
        UnverifiableError: the package is missing, or the service does not answer.

    Source: securesystemslib 1.6, Signer.from_priv_key_uri; our choice: ADR 0042.
    """
    scheme = uri.partition(":")[0].lower()
    name, extra = _SERVICES[scheme]
    asked = _asked(scheme, uri)
    package = _package(name, extra)
    with _in_words(name, extra):
        found, key = package.SIGNER_FOR_URI_SCHEME[scheme].import_(*asked)
        if found != uri and not found.startswith(f"{uri.rstrip('/')}/"):
            raise RefusedError(
                f"{name} signs with {found}, and the URI names another version.",
                hint="Name the newest one.",
            )
        return ServiceSigner(name, package.Signer.from_priv_key_uri(found, key, given.secret))


def _asked(scheme: str, uri: str) -> tuple[str, ...]:
    """Return what the package asks a service's key by."""
    rest = uri.partition(":")[2]
    if scheme == "azurekms":
        try:
            place = urlsplit(uri)
        except ValueError as error:
            raise _wrong(uri) from error
        parts = place.path.split("/")
        if not place.hostname or len(parts) < 3 or parts[1] != "keys" or not parts[2]:  # noqa: PLR2004 — /keys/NAME
            raise _wrong(uri)
        return place.hostname.partition(".")[0], parts[2]
    asked = rest.partition("/")[0] if scheme == "hv" else rest
    if not asked:
        raise _wrong(uri)
    return (asked,)


def _wrong(uri: str) -> MalformedError:
    return MalformedError(
        f"{uri} names no key.",
        hint="Write hv:NAME, awskms:ID, gcpkms:NAME or azurekms://VAULT.vault.azure.net/keys/NAME.",
    )


def _public(key: Any) -> PublicKey:  # noqa: ANN401 — a key of the package
    scheme = _SCHEMES.get(key.scheme)
    if scheme is None:
        raise MalformedError(
            f"A key of {key.scheme} is not signed with here.",
            hint=f"Make one of {Algorithm.ED25519} or {Algorithm.P256} in the service.",
        )
    told = key.keyval["public"]
    if scheme is Algorithm.ED25519:
        half: Any = Ed25519PublicKey.from_public_bytes(bytes.fromhex(told))
    else:
        half = load_pem_public_key(told.encode())
    return keys.parse(scheme, half.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo))


@contextmanager
def _in_words(name: str, extra: str = "") -> Iterator[None]:
    """Say in a sentence what a service's package raises; it may raise anything."""
    try:
        yield
    except ProductError:
        raise
    except Exception as error:
        if type(error).__name__ == "UnsupportedLibraryError":
            raise _absent(name, extra) from error
        raise UnverifiableError(
            f"{name} does not answer as it should ({type(error).__name__}).",
            hint="Look at its address and log-in in the settings of this machine, and at its log.",
        ) from None  # what it said may hold a log-in, and causes are printed


def _package(name: str, extra: str) -> Any:  # noqa: ANN401 — the package
    try:
        from securesystemslib import signer  # noqa: PLC0415 — an extra
    except ImportError as error:
        raise _absent(name, extra) from error
    return signer


def _absent(name: str, extra: str) -> UnverifiableError:
    return UnverifiableError(
        f"Keys in {name} need a package that is not installed.",
        hint=f"Install it: pip install 'securesystemslib[{extra}]'",
    )
