"""
Canonical bytes and digests of the statement profile.

The profile is I-JSON narrowed: objects, arrays, strings, booleans, null and integers below 2^53;
no floats, no duplicate keys, ASCII keys, depth at most 16, at most 1 MiB. In this profile sorted,
compact UTF-8 JSON equals RFC 8785 byte for byte. Does not know what the data mean.
"""

import hashlib
import json
import re
from collections import Counter
from typing import Any, NoReturn

import msgspec

from voltrail.errors import MalformedError

Json = None | bool | int | str | list["Json"] | dict[str, "Json"]

MAX_BYTES = 1_048_576  # [bytes] our choice: ADR 0002
MAX_DEPTH = 16  # [levels] our choice: ADR 0002
MAX_INTEGER = 2**53 - 1  # I-JSON, RFC 7493 section 2.2

_encode = msgspec.json.Encoder(order="sorted").encode
_decode = msgspec.json.Decoder().decode
_SURROGATE = re.compile("[\ud800-\udfff]")


def digest(data: bytes) -> str:
    """
    Return the SHA-256 of some bytes.

    Args:
        data: any bytes

    Returns:
        64 lower-case hexadecimal digits.

    Source: FIPS 180-4.
    """
    return hashlib.sha256(data).hexdigest()


def canonical_bytes(value: Json) -> bytes:
    """
    Return the one encoding of a value: sorted keys, no white space, UTF-8.

    Args:
        value: a value inside the profile

    Returns:
        The canonical bytes.

    Raises:
        MalformedError: the value is outside the profile.

    Source: RFC 8785, narrowed: ADR 0002.
    """
    check_profile(value)
    return _encode(value)


def parse(data: bytes, *, what: str = "statement", limit: int = MAX_BYTES) -> dict[str, Json]:
    """
    Return the JSON object in some bytes, refusing everything ambiguous.

    Args:
        data: UTF-8 JSON
        what: the word for the data in error sentences
        limit: largest size accepted [bytes]

    Returns:
        The object.

    Raises:
        MalformedError: too large, not UTF-8, not JSON, duplicate keys, floats, too deep, no object.

    Source: RFC 7493; profile: ADR 0002.
    """
    if len(data) > limit:
        raise MalformedError(
            f"The {what} has {len(data):,} bytes; at most {limit:,} are read.",
            hint="Move long lists into a committed table and name its digest.",
        )
    quick = _quick(data)
    if quick is not None:
        return quick
    value = _load(data, what)
    if not isinstance(value, dict):
        raise MalformedError(f"The {what} is not a JSON object.", hint="Start it with { and a key.")
    check_profile(value)
    return value


def check_profile(value: Json) -> None:
    """
    Check that a value lies inside the profile.

    Args:
        value: any JSON-like value

    Raises:
        MalformedError: float, integer of 2^53 or more, key not ASCII, depth above 16, lone
        surrogate.

    Source: our choice: ADR 0002.
    """
    _walk(value, MAX_DEPTH)


def _quick(data: bytes) -> dict[str, Json] | None:
    """
    Return the object in canonical ASCII bytes, or None where the strict path must decide.

    Whatever writes back to the same bytes has no duplicate keys, white space or odd escapes.
    """
    if b"\\u0000" in data or not data.isascii() or data.count(b"{") + data.count(b"[") > MAX_DEPTH:
        return None
    try:
        value = _decode(data)
    except ValueError:
        return None
    if type(value) is not dict or _encode(value) != data:
        return None
    stack = list(value.values())
    for item in stack:
        kind = type(item)
        if kind is dict:
            stack.extend(item.values())
        elif kind is list:
            stack.extend(item)
        elif kind is float or (kind is int and not -MAX_INTEGER <= item <= MAX_INTEGER):
            return None
    return value


def _load(data: bytes, what: str) -> Any:  # noqa: ANN401 — any JSON value until checked
    try:
        return json.loads(
            data.decode("utf-8"),
            object_pairs_hook=_without_duplicates,
            parse_float=_no_float,
            parse_constant=_no_float,
        )
    except UnicodeDecodeError as error:
        raise MalformedError(f"The {what} is not UTF-8.", hint="Save it as UTF-8.") from error
    except RecursionError as error:
        raise MalformedError(f"The {what} is nested too deeply.", hint=_DEPTH_HINT) from error
    except json.JSONDecodeError as error:
        raise MalformedError(
            f"The {what} is not JSON: {error}.", hint="Check the file with any JSON tool."
        ) from error
    except ValueError as error:  # Python reads no integer of more than 4,300 digits
        raise MalformedError(
            f"The {what} holds an integer that exceeds 2^53 by far.", hint="Write it as text."
        ) from error


_DEPTH_HINT = f"Use at most {MAX_DEPTH} levels."


def _without_duplicates(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        twice = Counter(names).most_common(1)[0][0]
        raise MalformedError(f"The key {twice!r} stands twice.", hint="Keep one of the two.")
    return found


def _no_float(text: str) -> NoReturn:
    raise MalformedError(
        f"The number {text} is not an integer.",
        hint="Write measured values as decimal strings with a unit.",
    )


def _walk(value: Json, depth: int) -> None:
    kind = type(value)
    if kind is str:
        if "\0" in value:  # type: ignore[operator]
            raise MalformedError("A text holds a NUL character.", hint="Take it out.")
        if not value.isascii() and _SURROGATE.search(value):  # type: ignore[union-attr, arg-type]
            raise MalformedError("A text holds half a character.", hint="Save it as UTF-8.")
    elif kind is dict or kind is list:
        _walk_inside(value, depth)  # type: ignore[arg-type]
    elif kind is int:
        if not -MAX_INTEGER <= value <= MAX_INTEGER:  # type: ignore[operator]
            raise MalformedError(f"The integer {value} exceeds 2^53.", hint="Write it as text.")
    elif kind is not bool and value is not None:
        raise MalformedError(f"A {kind.__name__} has no place here.", hint="Use a decimal string.")


def _walk_inside(value: dict[str, Json] | list[Json], depth: int) -> None:
    if depth <= 0:
        raise MalformedError("The data are nested too deeply.", hint=_DEPTH_HINT)
    if isinstance(value, list):
        for item in value:
            _walk(item, depth - 1)
        return
    for key, item in value.items():
        if type(key) is not str or not key.isascii() or "\0" in key:
            raise MalformedError(f"The key {key!r} is not ASCII text.", hint="Rename the key.")
        _walk(item, depth - 1)
