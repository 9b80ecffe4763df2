"""
The DSSE envelope: a payload, its type, and signatures over both.

Parsed strictly and trusted by nobody; `trust.verify` decides what it is worth. The received bytes
are kept as they came. Does not know what the payload says.
"""

import base64
import binascii
from typing import Annotated, Literal

from msgspec import Meta, Struct
from msgspec.json import Decoder, Encoder

from voltrail import canonical
from voltrail.canonical import Json
from voltrail.errors import MalformedError

PAYLOAD_TYPE = "application/vnd.in-toto+json"
MAX_SIGNATURES = 8  # our choice: ADR 0002


Some = Annotated[bytes, Meta(min_length=1)]


class Signature(Struct, frozen=True, gc=False):
    """One signature; `keyid` is a hint that nobody has checked."""

    keyid: str
    sig: Some


class _Wire(Struct, frozen=True, gc=False):
    payload: Some
    payloadType: Literal[PAYLOAD_TYPE]  # type: ignore[valid-type]  # noqa: N815 — DSSE's name
    signatures: Annotated[tuple[Signature, ...], Meta(min_length=1, max_length=MAX_SIGNATURES)]


class Envelope(Struct, frozen=True, gc=False):
    """A parsed envelope, with the bytes it was read from."""

    payload_type: str
    payload: bytes
    signatures: tuple[Signature, ...]
    raw: bytes

    @property
    def pae(self) -> bytes:
        """The exact bytes that signatures cover."""
        return pae(self.payload_type, self.payload)

    @property
    def digest(self) -> str:
        """
        The envelope's identity: SHA-256 over its decoded parts, signatures sorted.

        White space and base64 variants of one envelope share it; a changed signature does not.
        """
        framed = [b"voltrail envelope v1\n"]
        parts = sorted([signature.sig for signature in self.signatures])
        for part in (self.payload_type.encode(), self.payload, *parts):
            framed += (len(part).to_bytes(8, "big"), part)
        return canonical.digest(b"".join(framed))


def pae(payload_type: str, payload: bytes) -> bytes:
    """
    Return the pre-authentication encoding, lengths counted in bytes.

    Args:
        payload_type: media type of the payload
        payload: the payload's bytes

    Returns:
        The bytes to sign.

    Source: DSSE v1.0.2, protocol.
    """
    kind = payload_type.encode()
    return b"DSSEv1 %d %b %d %b" % (len(kind), kind, len(payload), payload)


def parse(raw: bytes) -> Envelope:
    """
    Return the envelope in some bytes.

    Args:
        raw: a JSON envelope as received

    Returns:
        The envelope; nothing in it is verified.

    Raises:
        MalformedError: no envelope, wrong payload type, bad base64, no or too many signatures.

    Source: DSSE v1.0.2, envelope; limits: ADR 0002.
    """
    quick = _quick(raw)
    if quick is not None:
        return quick
    found = canonical.parse(raw, what="envelope", limit=2 * canonical.MAX_BYTES)
    kind = found.get("payloadType")
    if kind != PAYLOAD_TYPE:
        raise MalformedError(
            f"The envelope's payload type is {kind!r}.", hint=f"Set payloadType to {PAYLOAD_TYPE}."
        )
    listed = found.get("signatures")
    if not isinstance(listed, list) or not listed:
        raise MalformedError("The envelope carries no signature.", hint="Sign it: voltrail sign.")
    if len(listed) > MAX_SIGNATURES:
        raise MalformedError(
            f"The envelope carries {len(listed)} signatures.",
            hint=f"Keep at most {MAX_SIGNATURES}.",
        )
    signatures = tuple(_signature(item) for item in listed)
    if len({signature.sig for signature in signatures}) != len(signatures):
        raise MalformedError("One signature stands twice.", hint="Remove the copy.")
    return Envelope(PAYLOAD_TYPE, _decoded(found.get("payload"), "payload"), signatures, raw)


def build(payload: bytes, signatures: tuple[Signature, ...]) -> Envelope:
    """
    Return the envelope around a payload.

    Args:
        payload: the statement's bytes
        signatures: at least one, over `pae(PAYLOAD_TYPE, payload)`

    Returns:
        The envelope with its canonical JSON.

    Raises:
        MalformedError: never for signatures made by a `Signer`.

    Source: DSSE v1.0.2.
    """
    listed: list[Json] = [
        {"keyid": item.keyid, "sig": base64.b64encode(item.sig).decode()} for item in signatures
    ]
    raw = canonical.canonical_bytes(
        {
            "payloadType": PAYLOAD_TYPE,
            "payload": base64.b64encode(payload).decode(),
            "signatures": listed,
        }
    )
    return Envelope(PAYLOAD_TYPE, payload, signatures, raw)


_read = Decoder(_Wire).decode
_AROUND = len(Encoder().encode(_Wire(b"", PAYLOAD_TYPE, ())))  # [bytes] of an empty envelope
_AROUND_SIGNATURE = len(Encoder().encode(Signature("", b""))) + 1  # [bytes] and a comma


def _quick(raw: bytes) -> Envelope | None:
    """
    Return the envelope in compact bytes, or None where all must be looked at.

    No JSON text with these values is shorter than the compact one, so that bytes of its length
    have no room for a further key, a repeated one, an escape or white space.
    """
    if len(raw) > 2 * canonical.MAX_BYTES:
        return None
    try:
        wire = _read(raw)
    except (ValueError, RecursionError):
        return None
    listed = wire.signatures
    compact = _AROUND - 1 + _encoded(wire.payload)
    for one in listed:
        compact += _AROUND_SIGNATURE + len(one.keyid) + _encoded(one.sig)
    if compact != len(raw) or (len(listed) > 1 and len({one.sig for one in listed}) < len(listed)):
        return None
    return Envelope(PAYLOAD_TYPE, wire.payload, listed, raw)


def _encoded(data: bytes) -> int:
    return (len(data) + 2) // 3 * 4


def _signature(item: Json) -> Signature:
    if not isinstance(item, dict):
        raise MalformedError("A signature is not an object.", hint="Give it keyid and sig.")
    keyid = item.get("keyid", "")
    if not isinstance(keyid, str):
        raise MalformedError("A keyid is not text.", hint="Leave keyid out if unsure.")
    return Signature(keyid, _decoded(item.get("sig"), "sig"))


def _decoded(text: Json, name: str) -> bytes:
    if not isinstance(text, str):
        raise MalformedError(f"The envelope's {name} is not text.", hint="Write it as base64.")
    try:
        data = _base64(text)
    except (binascii.Error, ValueError) as error:
        raise MalformedError(
            f"The envelope's {name} is not base64.", hint="Use standard or URL-safe base64."
        ) from error
    if not data:
        raise MalformedError(f"The envelope's {name} is empty.", hint="Sign it again.")
    return data


def _base64(text: str) -> bytes:
    try:
        return binascii.a2b_base64(text, strict_mode=True)
    except (binascii.Error, ValueError):
        plain = text.replace("-", "+").replace("_", "/")
        return base64.b64decode(plain + "=" * (-len(plain) % 4), validate=True)
