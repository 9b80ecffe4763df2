"""
JSON as other people write it: floats, any keys, any size up to a limit, and nothing ambiguous.

Numbers keep their digits. Refuses two keys of one name, NaN, huge numbers, NUL, half characters
and deep nesting. Does not know what the data mean.
"""

import json
import re
from collections import Counter
from decimal import Decimal
from typing import Any, NoReturn

from voltrail import canonical
from voltrail.errors import MalformedError
from voltrail.readers.foreign import Opened, Remark

MAX_BYTES = 64 * 1_048_576  # [bytes] our choice: ADR 0047
MAX_DEPTH = 64  # [levels] our choice: ADR 0047
MAX_VALUES = 4_000_000  # [values] our choice: ADR 0047
MAX_DIGITS = 320  # [characters] of a number: an IEEE 754 double written out
_MOST_TENS = 308  # [powers of ten] of a number: IEEE 754 double
_BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_SURROGATE = re.compile("[\ud800-\udfff]")
_PART = "Part the file into several and read each."


def read(data: bytes) -> Opened:
    """
    Return the JSON value in a file.

    Args:
        data: the whole file

    Returns:
        The value: numbers with a point or exponent as Decimal.

    Raises:
        MalformedError: too large, no text, no JSON, or something ambiguous in it.

    Source: RFC 8259; RFC 7493; our choice: ADR 0047.
    """
    need_size(data)
    text, remarks = _text(data)
    if sum(map(text.count, ",[{")) > MAX_VALUES:
        raise MalformedError(f"The file holds more than {MAX_VALUES:,} values.", hint=_PART)
    try:
        value = json.loads(
            text,
            object_pairs_hook=_without_duplicates,
            parse_float=_decimal,
            parse_int=_integer,
            parse_constant=_no_constant,
        )
    except RecursionError as error:
        raise _too_deep() from error
    except json.JSONDecodeError as error:
        raise MalformedError(
            f"The file is not JSON: {error.msg} in line {error.lineno}, column {error.colno}.",
            hint="Check the file with any JSON tool.",
        ) from error
    _need_plain(value)
    return Opened("json", value, canonical.digest(data), remarks)


def read_text(data: bytes) -> Opened:
    """
    Return a file of plain text.

    Args:
        data: the whole file

    Returns:
        Its text.

    Raises:
        MalformedError: too large, no text, or a NUL in it.

    Source: our choice: ADR 0047.
    """
    need_size(data)
    text, remarks = _text(data)
    _need_text(text)
    return Opened("text", text, canonical.digest(data), remarks)


def need_size(data: bytes) -> None:
    """
    Check that a file is not larger than is read.

    Args:
        data: the whole file

    Raises:
        MalformedError: it is.

    Source: our choice: ADR 0047.
    """
    if len(data) > MAX_BYTES:
        raise MalformedError(f"The file is larger than {MAX_BYTES // 1_048_576} MiB.", hint=_PART)


def _text(data: bytes) -> tuple[str, tuple[Remark, ...]]:
    mark, name = next((row for row in _BOMS if data.startswith(row[0])), (b"", "utf-8"))
    try:
        text = data[len(mark) :].decode(name)
    except UnicodeDecodeError as error:
        raise MalformedError("The file is not UTF-8.", hint="Save it as UTF-8.") from error
    if name == "utf-8":
        return text, ()
    return text, (Remark("", "The file is UTF-16; JSON that is exchanged should be UTF-8."),)


def _without_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        twice = Counter(name for name, _ in pairs).most_common(1)[0][0]
        raise MalformedError(f"The key {twice[:80]!r} stands twice.", hint="Keep one of the two.")
    return found


def _integer(text: str) -> int:
    _need_short(text)
    return int(text)


def _decimal(text: str) -> Decimal:
    _need_short(text)
    found = Decimal(text)
    if found and abs(found.adjusted()) > _MOST_TENS:
        raise _huge(text)
    return found


def _need_short(text: str) -> None:
    if len(text) > MAX_DIGITS:
        raise _huge(text)


def _huge(text: str) -> MalformedError:
    return MalformedError(f"The number {text[:20]}… is out of any range.", hint="Check its unit.")


def _no_constant(text: str) -> NoReturn:
    raise MalformedError(
        f"{text} is no number.", hint="Leave the field out where nothing is known."
    )


def _too_deep() -> MalformedError:
    hint = f"Use at most {MAX_DEPTH} levels."
    return MalformedError("The file is nested too deeply.", hint=hint)


def _need_plain(value: Any) -> None:  # noqa: ANN401 — any JSON value
    """Refuse deep nesting, NUL and half characters, level by level."""
    level = [value]
    for _ in range(MAX_DEPTH):
        inner: list[Any] = []
        for one in level:
            if isinstance(one, dict):
                _need_text("".join(one))
                inner.extend(one.values())
            elif isinstance(one, list):
                inner.extend(one)
            elif isinstance(one, str):
                _need_text(one)
        if not inner:
            return
        level = inner
    raise _too_deep()


def _need_text(text: str) -> None:
    if "\0" in text:
        raise MalformedError("A text holds a NUL character.", hint="Take it out.")
    if not text.isascii() and _SURROGATE.search(text):
        raise MalformedError("A text holds half a character.", hint="Save it as UTF-8.")
