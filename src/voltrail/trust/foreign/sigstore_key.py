"""
Sigstore bundles by a key that somebody keeps, as firmware publishers without accounts make them.

The package judges log entries and time stamps, but no such bundle as a whole. The rest is done
here: the key signed the file, and the log's entry is about this file, this signature and this key.
Knows ECDSA P-256 and files, not records. Does not know whose the key is.
"""

import base64
import hashlib
from datetime import UTC, datetime
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from voltrail.errors import SignatureInvalidError, UnverifiableError
from voltrail.trust.foreign import schemes
from voltrail.trust.foreign.canonical_json import parse
from voltrail.trust.foreign.proven import Proven

FORM = "Sigstore bundle by a key"
MAX_STAMPS = 32  # [time stamps] as the package bounds them
_HINT = "Ask the publisher for the bundle again, and check whose key should have signed."


def verify(bundle: Any, judge: Any, artifact: bytes, key: Any) -> Proven:  # noqa: ANN401
    """
    Verify that a key signed a file, and that its one log entry is about just that.

    Args:
        bundle: the package's model; the caller has found the entry to stand in its log
        judge: the package's verifier, which holds the trust root
        artifact: the file
        key: the public key that must have signed

    Returns:
        What is proven: this key signed this file, at the latest at that time where one is proven.

    Raises:
        SignatureInvalidError: the key did not sign, or the entry or a time stamp is about others.
        UnverifiableError: another kind of key, or a bundle around a record.

    Source: Sigstore bundle format 0.3; Rekor hashedrekord 0.0.1 and 0.0.2.
    """
    if bundle.message_signature is None:
        raise UnverifiableError(
            "A record signed by a key is not judged here.", hint="Ask for a bundle of the file."
        )
    if not isinstance(key, ec.EllipticCurvePublicKey) or not isinstance(key.curve, ec.SECP256R1):
        raise UnverifiableError(
            "The key is of a kind that is not judged here.", hint="Give an ECDSA P-256 key."
        )
    signature = bytes(bundle.message_signature.signature)
    try:
        key.verify(signature, artifact, ec.ECDSA(SHA256()))
    except InvalidSignature as error:
        raise SignatureInvalidError("The key did not sign the file.", hint=_HINT) from error
    digest = hashlib.sha256(artifact).digest()
    stated = bundle.message_signature.message_digest
    if stated is not None and bytes(stated.digest) != digest:
        raise SignatureInvalidError("The bundle states another digest.", hint=_HINT)
    (entry,) = bundle.verification_material.tlog_entries
    if parse(bytes(entry.canonicalized_body), "log entry") not in _bodies(digest, signature, key):
        raise SignatureInvalidError("The log's entry is about something else.", hint=_HINT)
    return Proven(
        form=FORM,
        signer=schemes.fingerprint(key),
        sha256=digest.hex(),
        proven_at=min(_times(bundle, judge, entry, signature), default=None),
    )


def _bodies(
    digest: bytes, signature: bytes, key: ec.EllipticCurvePublicKey
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the two entries that a log would make of a file, a signature and a key."""
    content = _text(signature)
    pem, der = (
        _text(key.public_bytes(form, PublicFormat.SubjectPublicKeyInfo))
        for form in (Encoding.PEM, Encoding.DER)
    )
    first = {
        "data": {"hash": {"algorithm": "sha256", "value": digest.hex()}},
        "signature": {"content": content, "publicKey": {"content": pem}},
    }
    verifier = {"keyDetails": "PKIX_ECDSA_P256_SHA_256", "publicKey": {"rawBytes": der}}
    second = {
        "data": {"algorithm": "SHA2_256", "digest": _text(digest)},
        "signature": {"content": content, "verifier": verifier},
    }
    return (
        {"apiVersion": "0.0.1", "kind": "hashedrekord", "spec": first},
        {"apiVersion": "0.0.2", "kind": "hashedrekord", "spec": {"hashedRekordV002": second}},
    )


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _times(bundle: Any, judge: Any, entry: Any, signature: bytes) -> list[datetime]:  # noqa: ANN401
    """Return each time somebody vouches for: the log's own promise, and the time stamps."""
    from rfc3161_client import decode_timestamp_response  # noqa: PLC0415 — comes with the package

    found = []
    if entry.integrated_time and entry.inclusion_promise:
        found.append(datetime.fromtimestamp(entry.integrated_time, UTC))
    stamps = bundle.verification_material.timestamp_verification_data
    listed = list(stamps.rfc3161_timestamps or ()) if stamps else []
    for one in listed[:MAX_STAMPS]:
        token = decode_timestamp_response(bytes(one.signed_timestamp))
        held = judge._verify_signed_timestamp(token, signature)  # noqa: SLF001 — no other way in
        if held is None:
            raise SignatureInvalidError("A time stamp does not hold.", hint=_HINT)
        found.append(held.time)
    return found
