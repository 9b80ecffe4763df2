"""
A COSE message of anybody, judged by a key that is pinned for it.

Knows the message and the key. What the payload says is for its reader.
"""

import hashlib
from typing import Any

from voltrail import cose
from voltrail.trust.foreign import schemes
from voltrail.trust.foreign.proven import Proven

FORM = "COSE message"


def verify(data: bytes, key: Any, of: bytes | None = None) -> Proven:  # noqa: ANN401 — any key
    """
    Verify that a key signed a message.

    Args:
        data: COSE_Sign1
        key: the public key that must have signed, of the scheme that the message names
        of: the payload, where the message does not carry it

    Returns:
        What is proven: this key signed this payload.

    Raises:
        MalformedError: no message, no scheme, or two payloads.
        SignatureInvalidError: the signature does not hold, or the key is of another scheme.
        UnverifiableError: no payload, or a scheme or critical label not known here.

    Source: RFC 9052 section 4.4.
    """
    message = cose.parse(data)
    check = schemes.checker(cose.algorithm(message), key)
    payload = cose.verify(message, check, of)
    named = cose.key_id(message)
    return Proven(
        form=FORM,
        signer=schemes.fingerprint(key),
        sha256=hashlib.sha256(payload).hexdigest(),
        said={"key id": named.hex()} if named else {},
    )
