"""
Sigstore bundles whose record was logged in Rekor's older form, `intoto` 0.0.2.

The package judges certificates, times and logs of such bundles, but reads their log entry no more.
Here the entry is compared, whole, with the one that a log would make of this envelope. Only its
digest of the envelope's JSON stays uncompared: nobody kept those bytes. Does not know policies.
"""

import base64
import hashlib
from datetime import UTC, datetime
from typing import Any, NamedTuple

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256

from voltrail.errors import MalformedError, SignatureInvalidError
from voltrail.trust.foreign import certificates
from voltrail.trust.foreign.canonical_json import parse

KIND, VERSION = "intoto", "0.0.2"
LONGEST = 16_777_216  # [bytes] of a record: the largest that Sigstore attests
_HINT = "Ask the publisher for the bundle again."


class _Moment(NamedTuple):
    """A time somebody vouches for, as the package's own checks ask for it."""

    time: datetime


def is_one(found: Any) -> bool:  # noqa: ANN401 — a bundle of the package
    """
    Return whether a bundle's record was logged in the older form.

    Args:
        found: the package's bundle

    Source: Rekor types, intoto 0.0.2.
    """
    told = found.log_entry._inner.kind_version  # noqa: SLF001 — the package tells it nowhere else
    return (told.kind, told.version) == (KIND, VERSION)


def verify(judge: Any, found: Any, policy: Any) -> tuple[str, bytes]:  # noqa: ANN401
    """
    Verify a bundle around a record that was logged in the older form.

    Args:
        judge: the package's verifier; from now on it counts the times of this bundle
        found: the package's bundle
        policy: whose identity must have signed

    Returns:
        The payload's type and its bytes.

    Raises:
        SignatureInvalidError: the signature does not hold, or the log's entry is about another.

    Source: Sigstore client specification, 4; Rekor types, intoto 0.0.2.
    """
    times = _times(judge, found)
    judge._establish_time = lambda _: times  # noqa: SLF001 — its own refuses the older form
    judge._verify_common_signing_cert(found, policy)  # noqa: SLF001 — steps 0 to 6 of the package
    envelope, key = found._dsse_envelope, found.signing_certificate.public_key()  # noqa: SLF001
    try:
        key.verify(envelope.signature, envelope.pae(), ec.ECDSA(SHA256()))
    except (InvalidSignature, AttributeError, TypeError) as error:
        raise SignatureInvalidError(
            "The signature does not match the record.", hint=_HINT
        ) from error
    inner = envelope._inner  # noqa: SLF001 — as above
    kind, payload = inner.payload_type, bytes(inner.payload)
    logged = bytes(found.log_entry._inner.canonicalized_body)  # noqa: SLF001 — as above
    body = parse(logged, "log entry", 2 * LONGEST)
    if not _same(body, kind, payload, envelope.signature, found.signing_certificate):
        raise SignatureInvalidError("The log's entry is about something else.", hint=_HINT)
    return kind, payload


def _times(judge: Any, found: Any) -> list[_Moment]:  # noqa: ANN401
    """Return the log's promised time, which step 5 verifies, and every time stamp's."""
    times = []
    entry = found.log_entry._inner  # noqa: SLF001 — as above
    if entry.integrated_time and entry.inclusion_promise:
        times.append(_Moment(datetime.fromtimestamp(entry.integrated_time, UTC)))
    if found.verification_material.timestamp_verification_data:
        stamps = judge._verify_timestamp_authority(found)  # noqa: SLF001 — as above
        if not stamps:
            raise SignatureInvalidError("No time stamp of the bundle holds.", hint=_HINT)
        times += [_Moment(one.time) for one in stamps]
    return times


def _same(body: dict[str, Any], kind: str, payload: bytes, signature: bytes, own: Any) -> bool:  # noqa: ANN401
    """Compare an entry with the one of this envelope; the payload may be left out of it."""
    match body:
        case {
            "spec": {
                "content": {
                    "envelope": {"signatures": [{"publicKey": str() as named}]} as envelope,
                    "hash": digest,
                }
            }
        }:
            pass
        case _:
            return False
    made = {
        "payloadType": kind,
        "signatures": [{"publicKey": named, "sig": _text(_text(signature).encode())}],
    }
    if "payload" in envelope:
        made["payload"] = _text(_text(payload).encode())
    hashed = {"algorithm": "sha256", "value": hashlib.sha256(payload).hexdigest()}
    content = {"envelope": made, "hash": digest, "payloadHash": hashed}
    whole = {"apiVersion": VERSION, "kind": KIND, "spec": {"content": content}}
    return body == whole and _certificates(named) == [own]


def _certificates(text: str) -> list[Any]:
    try:
        return list(certificates.from_pem(base64.b64decode(text, validate=True)))
    except (ValueError, MalformedError):
        return []


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()
