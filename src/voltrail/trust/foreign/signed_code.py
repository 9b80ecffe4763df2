"""
Signed codes as health passes carry them: HC1, base45, zlib, COSE_Sign1, a web token's claims.

Codes of many countries are the best outside test of reading signed codes at all. Knows the chain
and the certificates that are pinned for it. Does not know what the claims say of anybody, nor fetch
a list of certificates.
"""

import hashlib
import zlib
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256

from voltrail import base45, cose
from voltrail.cose import Sign1, Value
from voltrail.errors import LapsedError, MalformedError, UnverifiableError
from voltrail.trust.foreign import certificates, schemes
from voltrail.trust.foreign.proven import Proven

FORM = "signed code"
PREFIX = "HC1:"
LONGEST = 8_192  # [characters] of a code; our choice: the largest QR symbol holds 4,296
MOST = 65_536  # [bytes] behind zlib; our choice: a pass has some hundred
KEY_ID_BYTES = 8  # [bytes] of a certificate's SHA-256: DCC technical specification, volume 1, 2.6.1

_ISSUER, _EXPIRES, _ISSUED = 1, 4, 6  # claims, RFC 8392 section 3.1
_PASS, _FIRST = -260, 1  # the pass in the claims: DCC technical specification, volume 1, 2.6.4
_DATES = (0, 1)  # CBOR tags of times, RFC 8949 section 3.4
_HINT = "Scan the code again; if it stays so, ask for a new one."


def parse(text: str) -> Sign1:
    """
    Return the signed message in a code.

    Args:
        text: as scanned

    Returns:
        The message, unverified.

    Raises:
        MalformedError: any link of the chain is none.

    Source: RFC 9285; RFC 1950; RFC 9052.
    """
    if not text.startswith(PREFIX) or len(text) > LONGEST:
        raise MalformedError(f"The text is no signed code: it lacks {PREFIX}.", hint=_HINT)
    packed = base45.decode(text.removeprefix(PREFIX))
    unpacker = zlib.decompressobj()
    try:
        data = unpacker.decompress(packed, MOST)
    except zlib.error as error:
        raise MalformedError("The code is not packed with zlib.", hint=_HINT) from error
    if not unpacker.eof or unpacker.unused_data:
        raise MalformedError("The code is cut, too long, or followed by more.", hint=_HINT)
    return cose.parse(data)


def verify(
    message: Sign1, pinned: Sequence[x509.Certificate], at: datetime, of: bytes = b""
) -> Proven:
    """
    Verify that a pinned certificate's key signed a message, and that it is in force.

    Args:
        message: as parsed
        pinned: certificates that may sign, each known by the start of its digest
        at: now
        of: the payload, where the message does not carry it

    Returns:
        What is proven: this certificate's holder signed this payload.

    Raises:
        MalformedError: no key id or scheme, or a payload that is no set of claims.
        SignatureInvalidError: the signature does not hold, or is of another scheme than the key.
        LapsedError: the code, or the certificate when it signed, is out of force.
        UnverifiableError: the certificate that the key id names is not pinned, or its key unknown.

    Source: RFC 9052; RFC 8392; DCC technical specification, volume 1, 2.6.
    """
    named = cose.key_id(message)
    signer = next((one for one in pinned if named == key_id(one)), None)
    if signer is None:
        raise UnverifiableError(
            "No certificate given here is the one that the code names.",
            hint="Add the issuer's certificate, fetched from where you trust it.",
        )
    check = schemes.checker(cose.algorithm(message), certificates.key_of(signer))
    payload = cose.verify(message, check, of or None)
    claims = _claims(payload)
    issued, until = _time(claims.get(_ISSUED)), _time(claims.get(_EXPIRES))
    _check_force(signer, issued, until, at)
    issuer = claims.get(_ISSUER)
    return Proven(
        form=FORM,
        signer=signer.subject.rfc4514_string(),
        sha256=hashlib.sha256(payload).hexdigest(),
        claimed_at=issued,
        valid_until=until,
        said={"issuer": issuer} if isinstance(issuer, str) else {},
    )


def key_id(certificate: x509.Certificate) -> bytes:
    """
    Return the short name by which codes call a certificate.

    Args:
        certificate: a signer's

    Returns:
        8 bytes.

    Source: DCC technical specification, volume 1, 2.6.1.
    """
    return certificate.fingerprint(SHA256())[:KEY_ID_BYTES]


def _claims(payload: bytes) -> Mapping[int | str, Value]:
    claims = cose.plain(payload, "payload", _DATES)
    held = claims.get(_PASS) if isinstance(claims, dict) else None
    if (
        not isinstance(claims, dict)
        or not isinstance(held, dict)
        or not isinstance(held.get(_FIRST), dict)
    ):
        raise MalformedError("The code holds no pass.", hint=_HINT)
    return claims


def _check_force(
    signer: x509.Certificate, issued: datetime | None, until: datetime | None, at: datetime
) -> None:
    if until is not None and until < at:
        raise LapsedError("The code is no longer in force.", hint="Ask for a new one.")
    if issued is not None and issued > at:
        raise LapsedError("The code is not yet in force.", hint="Wait, or check the clock.")
    if not signer.not_valid_before_utc <= (issued or at) <= signer.not_valid_after_utc:
        raise LapsedError(
            "The code was signed outside its certificate's validity.", hint="Ask for a new one."
        )


def _time(value: Value) -> datetime | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise MalformedError("A time of the code is no number.", hint=_HINT)
    try:
        return datetime.fromtimestamp(value, UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise MalformedError("A time of the code is none.", hint=_HINT) from error
