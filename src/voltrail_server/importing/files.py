"""
What an uploaded file is, told by its first bytes and never by its name; and its rows.

A workbook is turned into rows of text once; from there on every list goes the same way.
"""

import csv
import io

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_  # noqa: N812 — gettext's own mark

from voltrail.errors import MalformedError
from voltrail.readers import sheet
from voltrail.readers.contract import Sheet
from voltrail_server.importing import workbook

MAX_UPLOAD = 32 * 1_048_576  # [bytes]
_OTHERS = {
    b"\xd0\xcf\x11\xe0": N_("a workbook of before 2007"),
    b"%PDF": N_("a PDF"),
    b"\x1f\x8b": N_("a compressed file"),
    b"\x89PNG": N_("a picture"),
    b"\xff\xd8\xff": N_("a picture"),
}
_SAVE = N_("Save the list as CSV or XLSX and upload that.")


def opened(data: bytes) -> tuple[Sheet, bytes]:
    """Return the list in a file, and the text form in which its rows are kept."""
    if not data.strip():
        raise MalformedError(_("The file is empty."), hint=_(_SAVE))
    need_small(data)
    for mark, what in _OTHERS.items():
        if data.startswith(mark):
            raise MalformedError(_("The file is %(what)s.") % {"what": _(what)}, hint=_(_SAVE))
    if data.startswith(workbook.MARK):
        rows, remarks = workbook.rows_of(data)
        kept = _as_text(rows)
        return _whole(sheet.read(kept), remarks), kept
    return _whole(sheet.read(data), []), data


def need_small(data: bytes) -> None:
    """Refuse a file that is larger than an upload may be."""
    if len(data) > MAX_UPLOAD:
        raise MalformedError(
            _("The file is larger than %(n)s MiB.") % {"n": MAX_UPLOAD // 1_048_576},
            hint=_("Part it into several."),
        )


def is_workbook(data: bytes) -> bool:
    """Return whether a file is a workbook, whose numbers have a decimal point."""
    return data.startswith(workbook.MARK)


def _whole(found: Sheet, remarks: list[str]) -> Sheet:
    if not found.rows and not found.wrong:
        raise MalformedError(
            _("The list has a header and no rows."), hint=_("Add a row below the header.")
        )
    return Sheet(found.columns, found.rows, found.numbers, found.wrong, (*remarks, *found.remarks))


def _as_text(rows: object) -> bytes:
    """Return rows as CSV; empty rows stay, so that numbers are those of the workbook."""
    made = io.StringIO(newline="")
    made.write("sep=,\n")  # a list of one column has no separator of its own
    writer = csv.writer(made)
    for row in rows:  # type: ignore[attr-defined]
        writer.writerow(row)
    return made.getvalue().encode()
