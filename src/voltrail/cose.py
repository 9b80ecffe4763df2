"""
COSE_Sign1: a payload in CBOR, its two headers, and one signature over both.

Reads what others write: tagged or not, or inside a CBOR Web Token's tag. What could be read in two
ways is refused. Knows bytes and labels; what makes or checks a signature is an argument. Does not
know keys, nor what a payload says.
"""

import io
from collections.abc import Callable, Collection, Mapping
from enum import IntEnum
from types import MappingProxyType
from typing import Any, NoReturn

import cbor2
from msgspec import Struct

from voltrail.errors import MalformedError, UnverifiableError

Value = None | bool | int | float | str | bytes | list["Value"] | dict[int | str, "Value"]
Header = dict[int | str, Value]

LONGEST = 1_048_576  # [bytes] of a message; our choice, as long as a statement: ADR 0002
DEEPEST = 16  # [levels] our choice, as deep as a statement: ADR 0002
SIGN1 = 18  # CBOR tag, RFC 9052 section 2
WEB_TOKEN = 61  # CBOR tag, RFC 8392 section 6
ALGORITHM = 1  # header label, RFC 9052 section 3.1
CRITICAL = 2  # header label, RFC 9052 section 3.1
CONTENT_TYPE = 3  # header label, RFC 9052 section 3.1
KEY_ID = 4  # header label, RFC 9052 section 3.1

_PARTS = 4  # headers, payload, signature: RFC 9052 section 4.2
_KNOWN = frozenset({ALGORITHM, CRITICAL, CONTENT_TYPE, KEY_ID})
_HINT = "Ask its maker for the message again, and keep its bytes unchanged."
_NOTHING: Mapping[int | str, Value] = MappingProxyType({})


class Algorithm(IntEnum):
    """Signature schemes by their number (RFC 9053; RFC 9864; RFC 9964)."""

    ES256 = -7
    EDDSA = -8
    ESP256 = -9
    ED25519 = -19
    ES384 = -35
    PS256 = -37
    MLDSA44 = -48
    MLDSA65 = -49
    MLDSA87 = -50


class Sign1(Struct, frozen=True):
    """A message as received; nothing in it is verified. Of a detached payload there is None."""

    protected: Header
    unprotected: Header
    payload: bytes | None
    signature: bytes
    protected_raw: bytes


def parse(data: bytes) -> Sign1:
    """
    Return the message in some bytes.

    Args:
        data: COSE_Sign1, under tag 18, under tags 61 and 18, or under none

    Returns:
        The message, unverified.

    Raises:
        MalformedError: no such message, too long or deep, a key twice, a further tag, bytes left.

    Source: RFC 9052 section 4.2; RFC 8392 section 6; limits: our choice, ADR 0037.
    """
    found = _untagged(_decoded(data, "message"))
    match _plain(found):
        case [bytes() as raw, dict() as unprotected, (bytes() | None) as payload, bytes() as sig]:
            pass
        case _:
            raise MalformedError("The bytes are no COSE_Sign1 message.", hint=_HINT)
    if not sig:
        raise MalformedError("The message carries no signature.", hint=_HINT)
    protected = _plain(_decoded(raw, "protected header")) if raw else {}
    if not isinstance(protected, dict):
        raise MalformedError("The protected header is no map.", hint=_HINT)
    return Sign1(protected, unprotected, payload, sig, raw)


def to_be_signed(message: Sign1, detached: bytes | None = None, external: bytes = b"") -> bytes:
    """
    Return the exact bytes that the signature covers.

    Args:
        message: as parsed
        detached: the payload, where the message does not carry it
        external: what else the two parties agreed to cover

    Returns:
        The encoded Sig_structure.

    Raises:
        MalformedError: the message carries its payload, and another is passed beside it.
        UnverifiableError: the payload is neither in the message nor passed.

    Source: RFC 9052 section 4.4.
    """
    covered = message.protected_raw if message.protected else b""
    return cbor2.dumps(["Signature1", covered, external, _payload(message, detached)])


def sign(
    payload: bytes,
    protected: Mapping[int | str, Value],
    make: Callable[[bytes], bytes],
    *,
    unprotected: Mapping[int | str, Value] = _NOTHING,
    detached: bool = False,
    tagged: bool = True,
) -> bytes:
    """
    Return a signed message.

    Args:
        payload: any bytes
        protected: header parameters that the signature covers, the algorithm among them
        make: signs some bytes
        unprotected: header parameters that it does not cover
        detached: whether the payload is left out, to be carried beside the message
        tagged: whether the message says in front that it is one

    Returns:
        The encoded message.

    Raises:
        MalformedError: a header holds what no header may hold.

    Source: RFC 9052 section 4.4.
    """
    outside, inside = _plain_map(unprotected, DEEPEST), _plain_map(protected, DEEPEST)
    raw = cbor2.dumps(inside, canonical=True) if inside else b""
    signature = make(cbor2.dumps(["Signature1", raw, b"", payload]))
    parts = [raw, outside, None if detached else payload, signature]
    return cbor2.dumps(cbor2.CBORTag(SIGN1, parts) if tagged else parts, canonical=True)


def verify(
    message: Sign1,
    check: Callable[[bytes, bytes], None],
    detached: bytes | None = None,
    external: bytes = b"",
    *,
    understood: Collection[int | str] = (),
) -> bytes:
    """
    Verify that a message is signed, by whatever key the caller chose for it.

    Args:
        message: as parsed
        check: takes the signature and the bytes covered; raises where they do not belong together
        detached: the payload, where the message does not carry it
        external: what else the two parties agreed to cover
        understood: header labels beyond the common ones that the caller acts upon

    Returns:
        The payload that was verified.

    Raises:
        MalformedError: two payloads, or a list of critical labels that is none.
        UnverifiableError: no payload, or a critical label that nobody here understands.

    Source: RFC 9052 sections 3.1 and 4.4.
    """
    _check_critical(message, understood)
    check(message.signature, to_be_signed(message, detached, external))
    return _payload(message, detached)


def key_id(message: Sign1) -> bytes | None:
    """
    Return the hint which key signed, the protected header's before the other's.

    Args:
        message: as parsed

    Returns:
        The key id, or None where none is given. Nothing vouches for an unprotected one.

    Raises:
        MalformedError: a key id that is not bytes.

    Source: RFC 9052 section 3.1.
    """
    found = message.protected.get(KEY_ID, message.unprotected.get(KEY_ID))
    if found is not None and not isinstance(found, bytes):
        raise MalformedError("The message's key id is not bytes.", hint=_HINT)
    return found


def algorithm(message: Sign1) -> Algorithm:
    """
    Return the scheme the message says it is signed in; only a protected header can say it.

    Args:
        message: as parsed

    Returns:
        The scheme; the caller checks that its key is of it.

    Raises:
        MalformedError: the message names none.
        UnverifiableError: a scheme not known here.

    Source: RFC 9052 section 3.1.
    """
    found = message.protected.get(ALGORITHM)
    if type(found) not in (int, str):
        raise MalformedError("The protected header names no signature scheme.", hint=_HINT)
    if not isinstance(found, int) or found not in _NUMBERS:
        raise UnverifiableError(
            f"The message is signed in the scheme {str(found)[:40]!r}, unknown here.",
            hint="Ask its maker to sign it with Ed25519, ECDSA P-256 or ML-DSA.",
        )
    return Algorithm(found)


def plain(data: bytes, what: str, bare: Collection[int] = ()) -> Value:
    """
    Return the value in some CBOR, made of the plain kinds alone.

    Args:
        data: one value and nothing behind it
        what: the word for it in error sentences
        bare: tags that are taken off, what they mark being kept as it stands

    Returns:
        The value, in lists and maps of our own.

    Raises:
        MalformedError: no CBOR, too long or deep, a key twice, another tag, bytes left over.

    Source: RFC 8949; limits: our choice, ADR 0037.
    """
    return _plain(_decoded(data, what, bare))


def _payload(message: Sign1, detached: bytes | None) -> bytes:
    if message.payload is None and detached is None:
        raise UnverifiableError(
            "The message does not carry its payload.", hint="Give the file it was made for, too."
        )
    if message.payload is not None and detached is not None:
        raise MalformedError(
            "The message carries its payload; another stands beside it.",
            hint="Leave the second one out.",
        )
    return message.payload if message.payload is not None else detached or b""


def _check_critical(message: Sign1, understood: Collection[int | str]) -> None:
    if CRITICAL in message.unprotected:
        raise MalformedError("Critical labels stand where anybody can edit them.", hint=_HINT)
    if CRITICAL not in message.protected:
        return
    listed = message.protected[CRITICAL]
    if not isinstance(listed, list) or not listed or not all(map(_is_label, listed)):
        raise MalformedError("The message's list of critical labels is none.", hint=_HINT)
    strange = [one for one in listed if one not in _KNOWN and one not in understood]
    if strange:
        raise UnverifiableError(
            f"The message demands to be read with header {str(strange[0])[:40]}, unknown here.",
            hint="Ask its maker what it means, or for a message without it.",
        )
    if any(one not in message.protected for one in listed):
        raise MalformedError("A critical label is not in the protected header.", hint=_HINT)


def _untagged(found: Any) -> Any:  # noqa: ANN401 — any CBOR value until checked
    """Return what stands below the tags of a signed message; any other place of them is refused."""
    if isinstance(found, cbor2.CBORTag) and found.tag == WEB_TOKEN:
        found = found.value
        if not isinstance(found, cbor2.CBORTag):
            raise MalformedError("The web token holds no tagged message.", hint=_HINT)
    return found.value if isinstance(found, cbor2.CBORTag) and found.tag == SIGN1 else found


def _decoded(data: bytes, what: str, bare: Collection[int] = ()) -> Any:  # noqa: ANN401 — any CBOR value until checked
    if len(data) > LONGEST:
        raise MalformedError(
            f"The {what} has {len(data):,} bytes; at most {LONGEST:,} are read.", hint=_HINT
        )
    stream = io.BytesIO(data)
    try:
        found = cbor2.CBORDecoder(
            stream,
            tag_hook=_own_tags,
            semantic_decoders={**_NO_MEANINGS, **dict.fromkeys(bare, _bare)},
            max_depth=DEEPEST,
            allow_duplicate_keys=False,
        ).decode()
    except (cbor2.CBORDecodeError, ValueError, TypeError, OverflowError, RecursionError) as error:
        raise MalformedError(f"The {what} is not plain CBOR.", hint=_HINT) from error
    if stream.tell() != len(data):
        raise MalformedError(f"Bytes follow the {what}.", hint=_HINT)
    return found


def _own_tags(tag: cbor2.CBORTag, _immutable: bool) -> cbor2.CBORTag:  # noqa: FBT001 — cbor2's
    if tag.tag not in (SIGN1, WEB_TOKEN):
        _no_meaning()
    return tag


def _no_meaning(*_: object) -> NoReturn:
    raise ValueError("a tag")


def _bare(value: object, _immutable: bool) -> object:  # noqa: FBT001 — cbor2's
    return value


# Tags that cbor2 would turn into times, big numbers, patterns, shared values and the like.
_MEANINGS = "0 1 2 3 4 5 25 28 29 30 35 36 37 52 54 100 256 258 260 261 1004 43000 55799"
_NO_MEANINGS = {int(tag): _no_meaning for tag in _MEANINGS.split()}
_NUMBERS = frozenset(Algorithm)


def _plain(value: Any, depth: int = DEEPEST) -> Value:  # noqa: ANN401 — any CBOR value until checked
    """Return a value made of the plain kinds alone, in lists and maps of our own."""
    if value is None or type(value) in (bool, int, float, str, bytes):
        return value  # type: ignore[no-any-return]
    if depth == 0:
        raise MalformedError("A header is nested too deeply.", hint=_HINT)
    if isinstance(value, list | tuple):
        return [_plain(item, depth - 1) for item in value]
    if isinstance(value, Mapping):
        return _plain_map(value, depth)
    raise MalformedError("The message holds a value that is not plain.", hint=_HINT)


def _plain_map(value: Mapping[Any, Any], depth: int) -> Header:
    if not all(map(_is_label, value)):
        raise MalformedError("A map has a key that is neither number nor text.", hint=_HINT)
    return {key: _plain(item, depth - 1) for key, item in value.items()}


def _is_label(key: object) -> bool:
    return type(key) in (int, str)
