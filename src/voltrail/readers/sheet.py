"""
A list as text: bytes become rows with the numbers a spreadsheet shows.

Finds out the encoding (UTF-8, UTF-16, else Windows-1252) and the separator (comma, semicolon, tab,
bar); reads quoted cells and any line ends. Nothing is dropped silently: a row that cannot be used
is listed with its number. Knows no column's meaning.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

from voltrail.errors import MalformedError
from voltrail.readers.contract import Sheet, Wrong

MAX_BYTES = 64 * 1_048_576  # [bytes] our choice: ADR 0021
MAX_ROWS = 200_000  # [rows] our choice: ADR 0021
MAX_COLUMNS = 200  # our choice: ADR 0021
MAX_CELL = 4_000  # [characters] a text of a statement: ADR 0002
_SEPARATORS = ",;\t|"
_SAMPLE = 65_536  # [characters] from which the separator is told
_LINES = 20  # [lines] same
_BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_OFTEN = 4  # every fourth byte or more is zero: UTF-16 without a mark
_SAVE = "Save the list as CSV in UTF-8, with a header line, and upload it again."


def read(data: bytes) -> Sheet:
    """
    Return the rows of a list in text form.

    Args:
        data: the whole file

    Returns:
        Header, rows, and what was remarked while reading.

    Raises:
        MalformedError: too large, no text, no header, or quotes that do not end.

    Source: RFC 4180; our choice: ADR 0021.
    """
    if len(data) > MAX_BYTES:
        raise MalformedError(
            f"The file is larger than {MAX_BYTES // 1_048_576} MiB.", hint="Part it into several."
        )
    text, remarks = _decoded(data)
    separator, text = _separator(text)
    rows = _parsed(text, separator)
    return of_rows(rows, remarks, plain=_is_plain(text))


def of_rows(
    rows: Iterable[Sequence[str]], remarks: Sequence[str] = (), *, plain: bool = False
) -> Sheet:
    """
    Return the sheet that rows of cells make; the first row with text in it is the header.

    Args:
        rows: cells as text, row after row
        remarks: what was remarked so far
        plain: no cell can be too long or hold a NUL, so that none is looked at

    Returns:
        Header and rows of its width; empty rows left out, odd ones listed.

    Raises:
        MalformedError: no header, or more rows or columns than are read.

    Source: our choice: ADR 0021.
    """
    counted = iter(enumerate(rows, 1))
    begin, columns = _header(counted)
    width, rest = len(columns), [row for _, row in counted]
    wrong: list[Wrong] = []
    numbers: Sequence[int] = range(begin + 1, begin + 1 + len(rest))
    if set(map(len, rest)) - {width} or not all(map(any, rest)):
        rest, numbers = _of_width(rest, numbers, width, wrong)
    if len(rest) + len(wrong) > MAX_ROWS:
        raise MalformedError(
            f"The list has more than {MAX_ROWS:,} rows.", hint="Part it into several files."
        )
    if not plain:
        rest, numbers = _held(rest, numbers, wrong)
    wrong.sort(key=lambda one: one.number)
    return Sheet(columns, rest, numbers, tuple(wrong), tuple(remarks))


def _of_width(
    rows: list[Sequence[str]], numbers: Sequence[int], width: int, wrong: list[Wrong]
) -> tuple[list[Sequence[str]], Sequence[int]]:
    """Return rows of the header's width, without empty ones; odd ones are listed."""
    kept: list[Sequence[str]] = []
    places: list[int] = []
    for number, row in zip(numbers, rows, strict=True):
        fitted = row if len(row) == width else _fitted(number, row, width)
        if isinstance(fitted, Wrong):
            wrong.append(fitted)
        elif any(fitted):
            kept.append(fitted)
            places.append(number)
    return kept, places


def _decoded(data: bytes) -> tuple[str, list[str]]:
    for mark, name in _BOMS:
        if data.startswith(mark):
            return _strictly(data[len(mark) :], name), []
    sample = data[:4_096]
    if sample.count(0) * _OFTEN >= len(sample) > 0:
        big = sample[::2].count(0) > sample[1::2].count(0)
        return _strictly(data, "utf-16-be" if big else "utf-16-le"), ["Read as UTF-16."]
    try:
        return data.decode(), []
    except UnicodeDecodeError:
        said = "Read as Windows-1252: look whether letters such as ä, é and ø are right."
        return _strictly(data, "cp1252"), [said]


def _strictly(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise MalformedError("The file is no text that can be read.", hint=_SAVE) from error


def _separator(text: str) -> tuple[str, str]:
    """Return what parts the cells: as the file says, else what parts most lines alike."""
    first, _, rest = text.partition("\n")
    said = first.strip().lower()
    if said.startswith("sep=") and len(said) == len("sep=,") and said[-1] in _SEPARATORS:
        return said[-1], rest
    sample = [line for line in text[:_SAMPLE].splitlines() if line.strip()][:_LINES]
    return max(_SEPARATORS, key=lambda mark: _fit(sample, mark)), text


def _fit(sample: list[str], mark: str) -> tuple[int, int]:
    counts = [_unquoted(line, mark) for line in sample]
    if not counts or not counts[0]:
        return 0, 0
    return sum(one == counts[0] for one in counts), counts[0]


def _unquoted(line: str, mark: str) -> int:
    return sum(part.count(mark) for part in line.split('"')[::2])


def _parsed(text: str, separator: str) -> list[list[str]]:
    rows: list[list[str]] = []
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        rows.extend(lines)  # what came before an error is kept, and numbers it
    except csv.Error as error:
        raise MalformedError(
            f"Row {len(rows) + 1} cannot be read: {_why(str(error))}.", hint=_SAVE
        ) from error
    return rows


def _is_plain(text: str) -> bool:
    """Return whether no cell can be too long or hold a NUL: without quotes none spans two lines."""
    if '"' in text or "\0" in text:
        return False
    return max(map(len, text.splitlines()), default=0) <= MAX_CELL


def _why(said: str) -> str:
    if "field larger" in said:
        return "a cell is far too long, perhaps a quote does not end"
    return "its quotes do not end where the cell ends"


def _header(counted: Iterator[tuple[int, Sequence[str]]]) -> tuple[int, tuple[str, ...]]:
    for number, row in counted:
        names = [name.strip() for name in row]
        while names and not names[-1]:
            names.pop()
        if not names:
            continue
        if len(names) > MAX_COLUMNS:
            raise MalformedError(
                f"The list has {len(names):,} columns; at most {MAX_COLUMNS} are read.",
                hint="Keep the columns that are needed.",
            )
        if any("\0" in name or len(name) > MAX_CELL for name in names):
            raise MalformedError("The header is no text that can be read.", hint=_SAVE)
        return number, _told_apart(names)
    raise MalformedError("The file holds no list.", hint=_SAVE)


def _told_apart(names: list[str]) -> tuple[str, ...]:
    """Return names of columns; empty ones get a number, repeated ones too."""
    found: list[str] = []
    for at, name in enumerate(names, 1):
        wanted = name or f"column {at}"
        found.append(wanted if wanted not in found else f"{wanted} ({at})")
    return tuple(found)


def _fitted(number: int, row: Sequence[str], width: int) -> Sequence[str] | Wrong:
    """Return a row of the right width; one with text beyond the header is wrong."""
    if len(row) < width:
        return [*row, *[""] * (width - len(row))]
    if any(row[width:]):
        sentence = f"The row has {len(row):,} cells, the header names {width}."
        hint = "Put quotes around a cell that holds the separator."
        return Wrong(number, sentence, hint, tuple(cell[:MAX_CELL] for cell in row[:width]))
    return row[:width]


def _held(
    rows: list[Sequence[str]], numbers: Sequence[int], wrong: list[Wrong]
) -> tuple[list[Sequence[str]], Sequence[int]]:
    """Leave out, as wrong, rows with cells that no statement can hold."""
    bad = {at for at, row in enumerate(rows) if _is_odd(row)}
    for at in sorted(bad):
        cells = tuple(cell.replace("\0", "")[:MAX_CELL] for cell in rows[at])
        sentence = f"A cell holds a NUL character, or more than {MAX_CELL:,} letters."
        wrong.append(Wrong(numbers[at], sentence, "Shorten the cell, or type it again.", cells))
    if not bad:
        return rows, numbers
    kept = [at for at in range(len(rows)) if at not in bad]
    return [rows[at] for at in kept], [numbers[at] for at in kept]


def _is_odd(row: Sequence[str]) -> bool:
    whole = "".join(row)
    return "\0" in whole or (len(whole) > MAX_CELL and max(map(len, row)) > MAX_CELL)
