"""
A list of serials, up to a million rows: each row is a serial or is named with its number.

The first line is a header; the column named serial counts, else the first one. Does not know whose
serials they are.
"""

import csv
import io
import re
from codecs import BOM_UTF8
from collections.abc import Sequence

from msgspec import Struct

from voltrail.errors import MalformedError
from voltrail.ids import column, letters
from voltrail.ids.subject import LETTERS, PART
from voltrail.readers.contract import Wrong
from voltrail.statements.lot import serial_column

MAX_ROWS = 1_000_000  # [rows] our choice: ADR 0055
MAX_BYTES = 128 * 1_048_576  # [bytes] the same
_PART = re.compile(PART)
_HINT = "Correct the row, or leave it out and say why."


class SerialList(Struct, frozen=True):
    """The serials of a list in order, and the rows that hold none."""

    serials: Sequence[str]
    wrong: tuple[Wrong, ...] = ()


def read(data: bytes) -> SerialList:
    """
    Return the serials of a list.

    Args:
        data: CSV in UTF-8 with a header line

    Returns:
        Serials in order, repeats kept; each row without a serial by its number, header as 1.

    Raises:
        MalformedError: no text, no header, or more rows than are read.

    Source: RFC 4180; ADR 0055.
    """
    if len(data) > MAX_BYTES:
        raise MalformedError(
            f"The list is larger than {MAX_BYTES // 1_048_576} MiB.", hint="Part it into several."
        )
    _need_text(data)
    try:
        found = _found(data.removeprefix(BOM_UTF8))
    except csv.Error as error:
        raise MalformedError("The list is no CSV.", hint="Save it as CSV in UTF-8.") from error
    if len(found.serials) + len(found.wrong) > MAX_ROWS:
        raise MalformedError(
            f"The list has more than {MAX_ROWS:,} rows.", hint="Part it into several."
        )
    return found


def _need_text(data: bytes) -> None:
    if data.isascii():
        return
    try:
        data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise MalformedError(
            f"The list is no UTF-8 at byte {error.start + 1:,}.", hint="Save it as CSV in UTF-8."
        ) from error


def _found(data: bytes) -> SerialList:
    ends = data.find(b"\n")
    first = (data if ends < 0 else data[:ends]).decode()
    separator = max(",;\t", key=first.count) if any(one in first for one in ",;\t") else ","
    if b'"' not in data and "\r" not in first.removesuffix("\r"):
        header = _header(first.split(separator))
        stands_first = any(header) and serial_column(header) == 0
        plain = column.serials(data, separator, len(header)) if stands_first else None
        if plain is not None:
            return SerialList(plain)
    return _row_by_row(data.decode(), separator)


def _row_by_row(text: str, separator: str) -> SerialList:
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    header = _header(next(rows, []))
    if not any(header):
        raise MalformedError("The list has no header line.", hint="Name the column serial.")
    at = serial_column(header)
    cells = [row[at].strip() if len(row) > at else "" for row in rows]
    good = [one for one in cells if _PART.fullmatch(one)]
    if len(good) == len(cells):
        return SerialList(tuple(good))
    wrong = [
        Wrong(number, _why(one), _HINT)
        for number, one in enumerate(cells, 2)
        if not _PART.fullmatch(one)
    ]
    return SerialList(tuple(good), tuple(wrong))


def _header(cells: list[str]) -> tuple[str, ...]:
    return tuple(one.strip().casefold() for one in cells)


def _why(cell: str) -> str:
    if not cell:
        return "The row has no serial."
    strange = next(letters.strange(cell), None)
    if strange is not None:
        return f"{cell[:40]!r}: {strange.sentence}"
    return f"{cell[:40]!r} is no serial: 1 to 64 of {LETTERS}."
