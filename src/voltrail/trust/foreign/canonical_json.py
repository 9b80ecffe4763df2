"""
RFC 8785 in full: the one spelling of any I-JSON value, fractions and foreign letters included.

Other people's credentials are signed over it. Statements of ours use the narrower profile of
`voltrail.canonical`. Does not know what a value means.
"""

import json
import math
from collections.abc import Mapping
from typing import Any, NoReturn

from voltrail.canonical import MAX_BYTES, MAX_INTEGER
from voltrail.errors import MalformedError

MAX_DEPTH = 32  # [levels] our choice: credentials nest deeper than statements
_HINT = "Ask its issuer for the document again, unchanged."
_LONG_FROM, _LONG_TO = -7, 21  # decimal exponents written out, ECMA-262 Number::toString


def parse(data: bytes, what: str = "document", limit: int = MAX_BYTES) -> dict[str, Any]:
    """
    Return the JSON object in some bytes, refusing what two readers could read differently.

    Args:
        data: UTF-8 JSON
        what: the word for it in error sentences
        limit: largest size accepted [bytes]

    Returns:
        The object.

    Raises:
        MalformedError: too long, not UTF-8, not JSON, a key twice, no object, or not I-JSON.

    Source: RFC 7493.
    """
    if len(data) > limit:
        raise MalformedError(f"The {what} has {len(data):,} bytes: too many.", hint=_HINT)
    try:
        found = json.loads(
            data.decode("utf-8"), object_pairs_hook=_without_twins, parse_constant=_no_number
        )
    except (ValueError, RecursionError) as error:
        raise MalformedError(f"The {what} is not JSON.", hint=_HINT) from error
    if not isinstance(found, dict):
        raise MalformedError(f"The {what} is not a JSON object.", hint=_HINT)
    canonical(found)
    return found


def canonical(value: Any) -> bytes:  # noqa: ANN401 — any JSON value
    """
    Return the one spelling of a value.

    Args:
        value: null, truth, integer, fraction, text, list or object

    Returns:
        UTF-8 bytes.

    Raises:
        MalformedError: half a character, an integer beyond 2^53, a number that is none, too deep.

    Source: RFC 8785 section 3.2.
    """
    try:
        return _written(value, MAX_DEPTH).encode()
    except UnicodeEncodeError as error:
        raise MalformedError("A text holds half a character.", hint=_HINT) from error


def _written(value: Any, depth: int) -> str:  # noqa: ANN401 — any JSON value
    if depth == 0:
        raise MalformedError("The document is nested too deeply.", hint=_HINT)
    if value is None or isinstance(value, bool | str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, int):
        if not -MAX_INTEGER <= value <= MAX_INTEGER:
            raise MalformedError(f"The integer {str(value)[:20]} exceeds 2^53.", hint=_HINT)
        return str(value)
    if isinstance(value, float):
        return _number(value)
    if isinstance(value, list):
        return "[" + ",".join(_written(item, depth - 1) for item in value) + "]"
    if isinstance(value, Mapping) and all(isinstance(key, str) for key in value):
        rows = sorted(value.items(), key=lambda row: row[0].encode("utf-16-be"))
        return (
            "{" + ",".join(f"{_text(key)}:{_written(item, depth - 1)}" for key, item in rows) + "}"
        )
    raise MalformedError(f"A {type(value).__name__} has no place in JSON.", hint=_HINT)


def _text(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _number(value: float) -> str:
    """Write a fraction as ECMAScript does: the shortest digits that read back as the same value."""
    if not math.isfinite(value):
        _no_number(str(value))
    if value == 0:
        return "0"
    sign = "-" if value < 0 else ""
    mantissa, _, tail = f"{abs(value)!r}".partition("e")
    whole, _, fraction = mantissa.partition(".")
    fraction = "" if fraction == "0" else fraction
    digits = (whole + fraction).lstrip("0")
    point = len(whole) + int(tail or 0)  # digits before the point
    point -= len(whole + fraction) - len(digits)
    digits = digits.rstrip("0")
    count = len(digits)
    if count <= point <= _LONG_TO:
        return sign + digits + "0" * (point - count)
    if 0 < point <= _LONG_TO:
        return f"{sign}{digits[:point]}.{digits[point:]}"
    if _LONG_FROM < point - 1 < 0:
        return f"{sign}0.{'0' * -point}{digits}"
    rest = f".{digits[1:]}" if count > 1 else ""
    return f"{sign}{digits[0]}{rest}e{point - 1:+d}"


def _without_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise MalformedError("A key of the document stands twice.", hint=_HINT)
    return found


def _no_number(text: str) -> NoReturn:
    raise MalformedError(f"{text} is no number of JSON.", hint=_HINT)
