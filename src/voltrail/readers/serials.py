"""
A list of serials, up to a million rows: each row is a serial or is named with its number.

The first line is a header; the column named serial counts, else the first one. Each row keeps to
its line. Does not know whose serials they are.
"""

import io
import re
from codecs import BOM_UTF8
from collections.abc import Sequence

from msgspec import Struct

from voltrail.errors import MalformedError
from voltrail.ids import column, letters
from voltrail.ids.subject import LETTERS, PART
from voltrail.readers import row_lines
from voltrail.readers.contract import Wrong
from voltrail.statements.lot import serial_column

MAX_ROWS = 1_000_000  # [rows] our choice: ADR 0055
MAX_BYTES = 128 * 1_048_576  # [bytes] the same
_PART = re.compile(PART)
_DIGIT = re.compile("[0-9]")
_OTHER = (b"{", b"[", b"<")  # begins JSON or markup, and no header
_HEAD = 256  # [bytes] in which the first letter stands; our choice
_ALL = bytes(range(256))
_HINT = "Correct the row, or leave it out and say why."
_QUOTE = "Put quotes around a cell that holds the separator."


class SerialList(Struct, frozen=True):
    """The serials of a list in order, the rows that hold none, and the name of their column."""

    serials: Sequence[str]
    wrong: tuple[Wrong, ...] = ()
    column: str = "serial"


def read(data: bytes) -> SerialList:
    """
    Return the serials of a list.

    Args:
        data: CSV in UTF-8 with a header line

    Returns:
        Serials in order, repeats kept; each row without a serial, or with more cells than the
        header, by its number; row 1 where a serial stands in place of the header.

    Raises:
        MalformedError: no text, no list, no header, a quote that does not end on its line, or more
        rows than are read.

    Source: RFC 4180; ADR 0055.
    """
    if len(data) > MAX_BYTES:
        raise MalformedError(
            f"The list is larger than {MAX_BYTES // 1_048_576} MiB.", hint="Part it into several."
        )
    _need_text(data)
    text = data.removeprefix(BOM_UTF8)
    if text[:_HEAD].lstrip().startswith(_OTHER):
        raise MalformedError("The file is no list of serials.", hint="Save it as CSV in UTF-8.")
    found = _found(text)
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
        cells = first.split(separator)
        header = _header(cells)
        stands_first = any(header) and serial_column(header) == 0
        if stands_first and not _has_wide_row(data, separator, len(header)):
            plain = column.serials(data, separator, len(header))
            if plain is not None:
                return SerialList(plain, tuple(_headless(cells, 0)), cells[0].strip())
    return _row_by_row(data.decode(), separator)


def _has_wide_row(data: bytes, separator: str, columns: int) -> bool:
    """Return whether a line has more cells than the header, looking at separators alone."""
    apart = separator.encode()
    if columns == 1:
        return apart in data
    return apart * columns in data.translate(None, _ALL.translate(None, apart + b"\n"))


def _row_by_row(text: str, separator: str) -> SerialList:
    every = row_lines.rows(list(io.StringIO(text, newline="")), separator)
    names, rows = every[0] if every else [], every[1:]
    header = _header(names)
    if not any(header):
        raise MalformedError("The list has no header line.", hint="Name the column serial.")
    at, width = serial_column(header), len(header)
    good: list[str] = []
    wrong = _headless(names, at)
    for number, row in enumerate(rows, 2):
        cell = row[at].strip() if len(row) > at else ""
        if len(row) > width and any(row[width:]):
            said = f"The row has {len(row):,} cells, the header names {width:,}."
            wrong.append(Wrong(number, said, _QUOTE))
        elif _PART.fullmatch(cell):
            good.append(cell)
        else:
            wrong.append(Wrong(number, _why(cell), _HINT))
    return SerialList(tuple(good), tuple(wrong), names[at].strip())


def _headless(names: list[str], at: int) -> list[Wrong]:
    """Return row 1 as wrong where what should name the column looks like a serial itself."""
    name = names[at].strip()
    if not (_PART.fullmatch(name) and _DIGIT.search(name)):
        return []
    said = f"{name!r} looks like a serial, and stands where the header names the column."
    return [Wrong(1, said, "Put a line above it, or rename the column, to serial.")]


def _header(cells: list[str]) -> tuple[str, ...]:
    return tuple(one.strip().casefold() for one in cells)


def _why(cell: str) -> str:
    if not cell:
        return "The row has no serial."
    strange = next(letters.strange(cell), None)
    if strange is not None:
        return f"{cell[:40]!r}: {strange.sentence}"
    return f"{cell[:40]!r} is no serial: 1 to 64 of {LETTERS}."
