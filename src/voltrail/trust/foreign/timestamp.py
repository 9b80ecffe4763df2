"""
RFC 3161 tokens: a time-stamp service vouches that some bytes existed at a moment.

Knows tokens, the certificates of services and the bytes that were stamped. A token over another
digest, by another service, without the one key purpose, or made outside its certificate's validity
proves nothing. Does not know a clock: now is an argument. Needs the package `rfc3161-client`.
"""

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID
from msgspec import Struct

from voltrail.errors import (
    LapsedError,
    MalformedError,
    RefusedError,
    SignatureInvalidError,
    UnverifiableError,
)
from voltrail.trust.foreign import certificates
from voltrail.trust.foreign.der import with_certificates_in_order
from voltrail.trust.foreign.proven import Proven

if TYPE_CHECKING:
    from rfc3161_client import TimeStampResponse

FORM = "RFC 3161 time stamp"
LONGEST = 65_536  # [bytes] of a token; our choice: with its certificates one has a few thousand
_HINT = "Ask the time-stamp service again, for the file as it is now."
_GRANTED = bytes.fromhex("3003020100")  # the status that a bare token comes without
_SIGNED_DATA = bytes.fromhex("06092a864886f70d010702")  # RFC 5652 section 5.1
_DIGESTS = {
    "2.16.840.1.101.3.4.2.1": hashlib.sha256,
    "2.16.840.1.101.3.4.2.2": hashlib.sha384,
    "2.16.840.1.101.3.4.2.3": hashlib.sha512,
}


class Service(Struct, frozen=True):
    """
    The certificates that tokens are judged by.

    Attributes:
        roots: certificates that are trusted without further proof
        between: certificates between a root and a service
        leaves: the services' own; where there are some, no other service counts
    """

    roots: tuple[x509.Certificate, ...]
    between: tuple[x509.Certificate, ...] = ()
    leaves: tuple[x509.Certificate, ...] = ()


def service(pem: bytes) -> Service:
    """
    Return the certificates in a PEM file, each in its part.

    Args:
        pem: at least a root; a service's own certificate in it pins that service

    Returns:
        The service.

    Raises:
        MalformedError: no certificates, or none that signed itself.

    Source: RFC 5280 sections 4.2.1.9 and 6.1.
    """
    found = certificates.from_pem(pem)
    parts = [(certificates.is_authority(one), one.issuer == one.subject) for one in found]
    roots = tuple(one for one, part in zip(found, parts, strict=True) if part == (True, True))
    if not roots:
        raise MalformedError(
            "The file holds no root certificate.", hint="Add the one at which the chain ends."
        )
    between = tuple(one for one, part in zip(found, parts, strict=True) if part == (True, False))
    leaves = tuple(one for one, part in zip(found, parts, strict=True) if not part[0])
    return Service(roots, between, leaves)


def request(message: bytes) -> tuple[bytes, int]:
    """
    Return what a time-stamp service is asked, so that it stamps some bytes.

    Args:
        message: the bytes; only their SHA-256 leaves the house

    Returns:
        The request, media type `application/timestamp-query`; and its nonce, which the answer must
        repeat.

    Raises:
        UnverifiableError: the package is missing.

    Source: RFC 3161 section 2.4.1.
    """
    _need_package()
    from rfc3161_client import HashAlgorithm, TimestampRequestBuilder  # noqa: PLC0415 — as above

    asked = TimestampRequestBuilder(message, HashAlgorithm.SHA256).build()
    return asked.as_bytes(), int(asked.nonce or 0)


def verify(
    token: bytes, message: bytes, trusted: Service, at: datetime, nonce: int | None = None
) -> Proven:
    """
    Verify that a trusted service stamped some bytes.

    Args:
        token: a time-stamp response, or the token alone
        message: the bytes that were stamped
        trusted: the services that count
        at: now; a token from later proves nothing
        nonce: the number that was sent with the request, where one was

    Returns:
        What is proven: the bytes existed at the stated time, its inaccuracy added.

    Raises:
        MalformedError: no token, or one too long.
        RefusedError: it is about other bytes, answers another request, is no grant or lies ahead.
        SignatureInvalidError: a signature does not hold, or the signer is none of the trusted ones.
        LapsedError: made outside the validity of the signer's certificate.
        UnverifiableError: the signer's certificate or the package is missing, or an unknown digest.

    Source: RFC 3161 sections 2.3 and 2.4.2.
    """
    found = _parsed(token)
    _check_answer(found, message, nonce)
    leaf = _signer(found, trusted.leaves)
    told = found.tst_info.gen_time
    if not leaf.not_valid_before_utc <= told <= leaf.not_valid_after_utc:
        raise LapsedError(
            f"The stamp of {told:%Y-%m-%d %H:%M:%SZ} was made outside its certificate's validity.",
            hint=_HINT,
        )
    _check_purpose(leaf)
    _check_signature(found, trusted, leaf, nonce)
    if told > at:
        raise RefusedError("The stamp is from a time that is yet to come.", hint=_HINT)
    info = found.tst_info
    return Proven(
        form=FORM,
        signer=leaf.subject.rfc4514_string(),
        sha256=hashlib.sha256(message).hexdigest(),
        proven_at=told + _inaccuracy(found),
        said={"serial": str(info.serial_number), "policy": info.policy.dotted_string},
    )


def _need_package() -> None:
    try:
        import rfc3161_client  # noqa: F401, PLC0415 — an optional package
    except ImportError as error:
        raise UnverifiableError(
            "Time stamps need a package that is not installed.",
            hint="Install it: pip install 'voltrail[proofs]'",
        ) from error


def _parsed(token: bytes) -> "TimeStampResponse":
    _need_package()
    from rfc3161_client import decode_timestamp_response  # noqa: PLC0415 — as above

    if len(token) > LONGEST:
        raise MalformedError("The token is too long to be one.", hint=_HINT)
    if _SIGNED_DATA in token[: len(_SIGNED_DATA) + 6]:
        token = b"\x30" + _length(len(_GRANTED + token)) + _GRANTED + token
    try:
        found = decode_timestamp_response(with_certificates_in_order(token))
        if found.status != 0:
            raise RefusedError("The service did not grant a time stamp.", hint=_HINT)
        _ = found.tst_info, found.signed_data.certificates
    except ValueError as error:
        raise MalformedError("The bytes are no time-stamp token.", hint=_HINT) from error
    return found


def _length(count: int) -> bytes:
    if count < 0x80:  # noqa: PLR2004 — X.690 section 8.1.3
        return bytes([count])
    size = (count.bit_length() + 7) // 8
    return bytes([0x80 | size]) + count.to_bytes(size, "big")


def _check_answer(found: "TimeStampResponse", message: bytes, nonce: int | None) -> None:
    imprint = found.tst_info.message_imprint
    digest = _DIGESTS.get(imprint.hash_algorithm.dotted_string)
    if digest is None:
        raise UnverifiableError("The stamp is over a digest not judged here.", hint=_HINT)
    if imprint.message != digest(message).digest():
        raise RefusedError(
            "The stamp is over other bytes.", hint="Give the file that was stamped, unchanged."
        )
    if nonce is not None and found.tst_info.nonce != nonce:
        raise RefusedError("The stamp answers another request.", hint=_HINT)


def _signer(found: "TimeStampResponse", pinned: Sequence[x509.Certificate]) -> x509.Certificate:
    """Return the certificate that the signer info names; a pinned service allows no other."""
    try:
        infos = [(one.issuer, one.serial_number) for one in found.signed_data.signer_infos]
    except certificates.BROKEN as error:
        raise MalformedError("The token's signer has no name.", hint=_HINT) from error
    if len(infos) != 1:
        raise MalformedError("The token has not one signer.", hint=_HINT)
    own = [certificates.from_der(one) for one in found.signed_data.certificates]
    matching = [one for one in [*pinned, *own] if (one.issuer, one.serial_number) == infos[0]]
    if not matching:
        raise UnverifiableError(
            "The certificate of the service is neither given nor in the token.",
            hint="Add it to the file of certificates.",
        )
    if len(set(matching)) > 1 or (pinned and matching[0] not in pinned):
        raise SignatureInvalidError("Another service than the trusted one signed.", hint=_HINT)
    return matching[0]


def _check_purpose(leaf: x509.Certificate) -> None:
    try:
        found = leaf.extensions.get_extension_for_class(x509.ExtendedKeyUsage)
        purposes = set(found.value) if found.critical else set()
    except x509.ExtensionNotFound:
        purposes = set()
    if purposes != {ExtendedKeyUsageOID.TIME_STAMPING}:
        raise SignatureInvalidError(
            "The signer's certificate is not made for time stamps alone.", hint=_HINT
        )


def _check_signature(
    found: "TimeStampResponse", trusted: Service, leaf: x509.Certificate, nonce: int | None
) -> None:
    from rfc3161_client import VerificationError, VerifierBuilder  # noqa: PLC0415 — as above

    judge = VerifierBuilder(
        roots=list(trusted.roots),
        intermediates=list(trusted.between),
        tsa_certificate=leaf,
        nonce=nonce,
    ).build()
    if found.tst_info.gen_time == leaf.not_valid_after_utc:
        _judge_a_second_earlier(judge)
    try:
        judge.verify(found, found.tst_info.message_imprint.message)
    except (VerificationError, *certificates.BROKEN) as error:
        raise SignatureInvalidError(
            "The stamp is not signed by a trusted service.",
            hint="Check which service stamped it, and give its certificates.",
        ) from error


def _judge_a_second_earlier(judge: Any) -> None:  # noqa: ANN401 — a verifier of the package
    """Let the last second count: OpenSSL takes a certificate's end for the first moment outside."""
    check = judge._verify_signed_data  # noqa: SLF001 — the package has no other way in

    def earlier(signed: bytes, moment: datetime, certificates: set[bytes]) -> None:
        check(signed, moment - timedelta(seconds=1), certificates)

    judge._verify_signed_data = earlier  # noqa: SLF001 — as above


def _inaccuracy(found: "TimeStampResponse") -> timedelta:
    told: Any = found.tst_info.accuracy  # or None, whatever its type says
    if told is None:
        return timedelta()
    return timedelta(
        seconds=told.seconds or 0, milliseconds=told.millis or 0, microseconds=told.micros or 0
    )
