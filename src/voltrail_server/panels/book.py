"""
Lists as a workbook to take away: XLSX, each cell a text, its header printed on every page.

No cell begins a formula, and characters that XML cannot hold are replaced. Knows no store.
"""

import tempfile
from collections.abc import Callable, Iterable, Sequence
from typing import IO

from django.http import FileResponse
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from voltrail.errors import MalformedError
from voltrail_server.panels import sheet

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_ROWS = 1_048_575  # [rows] of a worksheet, its header left out
_LONGEST = 32_767  # [letters] of a cell
_TITLE = 31  # [letters] of a worksheet's name

Told = Callable[[int], None]


def write(
    file: IO[bytes],
    title: str,
    head: Sequence[str],
    rows: Iterable[Sequence[object]],
    told: Told = lambda _: None,
) -> int:
    """Write a list as a workbook, telling how many rows are written; return how many there are."""
    book = Workbook(write_only=True)
    page = book.create_sheet(title[:_TITLE])
    page.freeze_panes = "A2"
    page.print_title_rows = "1:1"
    page.append([_text(name) for name in head])
    count = 0
    for row in rows:
        count += 1
        if count > MOST_ROWS:
            raise MalformedError(
                _("A workbook holds at most %(most_rows)s rows; the list has more.")
                % {"most_rows": f"{MOST_ROWS:,}"},
                hint="Take it away as CSV, or narrow it.",
            )
        page.append([_text(cell) for cell in row])
        told(count)
    book.save(file)
    return count


def handed_out(name: str, head: Sequence[str], rows: Iterable[Sequence[object]]) -> FileResponse:
    """Return a list as a workbook to keep."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 — the response closes it
    write(file, name, head, rows)
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=f"{name}.xlsx", content_type=MEDIA_TYPE)


def _text(cell: object) -> str:
    return ILLEGAL_CHARACTERS_RE.sub("\ufffd", sheet.harmless(cell))[:_LONGEST]
