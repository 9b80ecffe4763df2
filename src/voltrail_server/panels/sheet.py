"""
Lists as CSV to take away: RFC 4180, UTF-8, a header row, sent row by row.

A cell that a spreadsheet would take for a formula gets an apostrophe in front. Knows no store.
"""

import csv
import re
from collections.abc import Iterable, Iterator, Sequence

from django.http import StreamingHttpResponse

MEDIA_TYPE = "text/csv"
_CHUNK = 200  # [rows] sent at a time
# A sign that begins a formula, ASCII or full-width, whatever unseen characters stand before it.
_FORMULA = re.compile(r"[\s\x00-\x1f\u200b-\u200f\u2060\ufeff]*[=+\-@＝＋－＠]|[\t\r\n]")


class _Line:
    """A file that gives back what is written to it."""

    def write(self, text: str) -> str:
        """Return the text."""
        return text


def harmless(cell: object) -> str:
    """Return a cell's text as no spreadsheet runs it."""
    text = "" if cell is None else str(cell)
    return f"'{text}" if _FORMULA.match(text) else text


def wanted(accept: str, asked: str) -> bool:
    """Return whether a program asked for CSV: in the address, or before anything else it takes."""
    first = accept.partition(",")[0].partition(";")[0].strip().lower()
    return asked == "csv" or first == MEDIA_TYPE


def lines(head: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """Yield the header and the rows as CSV, several lines at a time."""
    writer = csv.writer(_Line())
    held = [writer.writerow(head)]
    for row in rows:
        held.append(writer.writerow([harmless(cell) for cell in row]))
        if len(held) >= _CHUNK:
            yield "".join(held)
            held = []
    yield "".join(held)


def handed_out(
    name: str, head: Sequence[str], rows: Iterable[Sequence[object]]
) -> StreamingHttpResponse:
    """Return a list as a file to keep."""
    response = StreamingHttpResponse(
        lines(head, rows), content_type=f"{MEDIA_TYPE}; charset=utf-8; header=present"
    )
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response
