"""
X.509 certificates of other people: read, or plainly refused.

Certificates come with faults that the library tells in several ways; here they are all one. Does
not know whom a certificate speaks of.
"""

import warnings
from typing import Any

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.utils import CryptographyDeprecationWarning

from voltrail.errors import MalformedError, UnverifiableError

BROKEN = (
    ValueError,
    KeyError,  # a name written as a type of text that the library does not know
    x509.InvalidVersion,
    x509.DuplicateExtension,
    x509.UnsupportedGeneralNameType,
)
_HINT = "Ask for the certificate again, from where you trust it."


def from_pem(data: bytes) -> list[x509.Certificate]:
    """
    Return the certificates in a PEM file.

    Args:
        data: at least one certificate

    Returns:
        Certificates, in order.

    Raises:
        MalformedError: none, or one that is damaged.

    Source: RFC 7468 section 5.
    """
    try:
        with warnings.catch_warnings(action="ignore", category=CryptographyDeprecationWarning):
            return [_whole(one) for one in x509.load_pem_x509_certificates(data)]
    except BROKEN as error:
        raise MalformedError("The file holds no certificates.", hint="Give them in PEM.") from error


def from_der(data: bytes) -> x509.Certificate:
    """
    Return the certificate in some bytes.

    Args:
        data: DER

    Returns:
        The certificate.

    Raises:
        MalformedError: no certificate.

    Source: RFC 5280 section 4.1.
    """
    try:
        with warnings.catch_warnings(action="ignore", category=CryptographyDeprecationWarning):
            return _whole(x509.load_der_x509_certificate(data))
    except BROKEN as error:
        raise MalformedError("A certificate is damaged.", hint=_HINT) from error


def key_of(certificate: x509.Certificate) -> Any:  # noqa: ANN401 — any key of cryptography
    """
    Return the public key that a certificate speaks of.

    Args:
        certificate: as read

    Returns:
        The key.

    Raises:
        UnverifiableError: a kind of key that is not known here.

    Source: RFC 5280 section 4.1.2.7.
    """
    try:
        return certificate.public_key()
    except (*BROKEN, UnsupportedAlgorithm) as error:
        raise UnverifiableError(
            "The certificate's key is of a kind not judged here.", hint=_HINT
        ) from error


def is_authority(certificate: x509.Certificate) -> bool:
    """
    Return whether a certificate may stand above others.

    Args:
        certificate: as read

    Returns:
        What its basic constraints say; False where it has none.

    Source: RFC 5280 section 4.2.1.9.
    """
    try:
        return certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except x509.ExtensionNotFound:
        return False


def _whole(one: x509.Certificate) -> x509.Certificate:
    """Read every part now; the library would find a fault only where a part is asked for."""
    _ = one.issuer, one.subject, one.serial_number, one.extensions
    _ = one.not_valid_before_utc, one.not_valid_after_utc
    if one.serial_number <= 0:  # RFC 5280 section 4.1.2.2; the library only warns of it
        raise ValueError(one.serial_number)
    return one
