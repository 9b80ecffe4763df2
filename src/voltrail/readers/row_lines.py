"""
Rows of CSV where each row keeps to its line, so that a stray quote cannot swallow others.

A quoted cell may hold separators and doubled quotes, and ends on the line where it begins. Knows
no header and no column's meaning.
"""

import csv
from collections.abc import Sequence

from voltrail.errors import MalformedError

_HINT = "Correct the quotes of that row, and keep each row on one line."


def rows(lines: Sequence[str], separator: str) -> list[list[str]]:
    """
    Return the cells of each line.

    Args:
        lines: header and rows, with or without their line ends
        separator: between cells

    Returns:
        One row for each line; an empty line is an empty row.

    Raises:
        MalformedError: a quoted cell that does not end properly on its line, or a cell longer than
        CSV is read here; names the row, header as 1.

    Source: RFC 4180, narrowed: ADR 0055.
    """
    found: list[list[str]] = []
    reader = csv.reader(lines, delimiter=separator, strict=True)
    try:
        found.extend(reader)
    except csv.Error as error:
        raise _refusal(lines, separator, str(error)) from error
    if len(found) != reader.line_num:
        raise _refusal(lines, separator, "")
    return found


def _refusal(lines: Sequence[str], separator: str, said: str) -> MalformedError:
    """Return what is said of the first line that is no row, or that a row goes on behind."""
    reader = csv.reader(lines, delimiter=separator, strict=True)
    number = 0
    try:
        for number, _ in enumerate(reader, 1):
            if reader.line_num != number:
                return _open(number)
    except csv.Error:
        number += 1
    if reader.line_num != number or "end of data" in said:
        return _open(number)
    if "field larger" in said:
        limit = csv.field_size_limit()
        return MalformedError(
            f"Row {number:,} cannot be read: a cell has more than {limit:,} letters.",
            hint="Shorten the cell.",
        )
    return MalformedError(
        f"Row {number:,} cannot be read: its quotes do not end where the cell ends.", hint=_HINT
    )


def _open(number: int) -> MalformedError:
    return MalformedError(
        f"Row {number:,} cannot be read: a quoted cell does not end on its line, and would swallow "
        "the rows below it.",
        hint=_HINT,
    )
