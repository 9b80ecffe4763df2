"""
A workbook as rows of text: XLSX, read without running anything in it.

The package is looked at before a parser sees it: how large it unpacks, how far it was squeezed,
whether a part declares entities. Formulas are never computed: the values last saved are read, and
that is remarked. Links to other files are not followed.
"""

import io
import re
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_  # noqa: N812 — gettext's own mark
from openpyxl import load_workbook

from voltrail.errors import MalformedError
from voltrail.readers.sheet import MAX_ROWS

MARK = b"PK\x03\x04"
MAX_UNPACKED = 512 * 1_048_576  # [bytes] all parts together
MAX_RATIO = 200  # a part that was squeezed further is a bomb; sheets reach about 30
MAX_PARTS = 2_000
MAX_SHEET = 1_048_576  # [rows] as many as a worksheet has: no gap in one is longer
_BLOCK = 1_048_576  # [bytes] read at a time
_FEW = 1_048_576  # [bytes] a part smaller than this may be squeezed however far
_DECLARES = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_OTHER_CODE = re.compile(rb"<\?xml[^>]*encoding\s*=\s*[\"'](?!utf-8[\"'])", re.IGNORECASE)
_FORMULA = re.compile(rb"<f[ >/]")
_SAVE = N_("Save the list as CSV in UTF-8 and upload that.")


def rows_of(data: bytes) -> tuple[Iterator[list[str]], list[str]]:
    """Return the rows of the first worksheet as text, and what was remarked."""
    has_formulas = _looked_at(data)
    remarks = []
    if has_formulas:
        remarks.append(_("The workbook holds formulas; the values last saved in it are read."))
    try:
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
        sheets = [one for one in book.worksheets if one.sheet_state == "visible"]
    except MalformedError:
        raise
    except Exception as error:
        raise _broken() from error
    if not sheets:
        raise MalformedError(_("The workbook has no worksheet."), hint=_SAVE)
    if len(sheets) > 1:
        told = {"n": len(sheets), "name": sheets[0].title}
        remarks.append(_("Of %(n)s worksheets the first, “%(name)s”, is read.") % told)
    return _rows(sheets[0]), remarks


def _looked_at(data: bytes) -> bool:
    """Look at each part of the package; return whether a worksheet holds formulas."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            parts = package.infolist()
            _need_bounded(parts)
            return any([_part(package, part) for part in parts])  # noqa: C419 — each part is looked at
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError) as error:
        raise _broken() from error


def _need_bounded(parts: list[zipfile.ZipInfo]) -> None:
    whole = sum(part.file_size for part in parts)
    if not any(part.filename.startswith("xl/workbook") for part in parts):
        raise MalformedError(_("The file is no workbook."), hint=_SAVE)
    squeezed = any(
        part.file_size > _FEW and part.file_size > MAX_RATIO * max(part.compress_size, 1)
        for part in parts
    )
    if len(parts) > MAX_PARTS or whole > MAX_UNPACKED or squeezed:
        raise MalformedError(_("The workbook unpacks to far more than a list needs."), hint=_SAVE)


def _part(package: zipfile.ZipFile, part: zipfile.ZipInfo) -> bool:
    """Refuse a part that declares entities or hides its text; return whether it has formulas."""
    if not part.filename.endswith((".xml", ".rels", ".vml")):
        return False
    formulas, before, read = False, b"", 0
    is_sheet = part.filename.startswith("xl/worksheets/")
    with package.open(part) as file:
        while block := file.read(_BLOCK):
            read += len(block)
            seen = before + block
            hidden = read == len(block) and (b"\0" in seen[:256] or _OTHER_CODE.search(seen[:256]))
            if hidden or _DECLARES.search(seen) or read > part.file_size:
                raise MalformedError(_("The workbook declares what no list needs."), hint=_SAVE)
            formulas = formulas or (is_sheet and bool(_FORMULA.search(seen)))
            before = block[-64:]
    return formulas


def _rows(sheet: Any) -> Iterator[list[str]]:  # noqa: ANN401 — openpyxl has no types
    sheet.reset_dimensions()  # what the file says of its own size is not believed
    count = empty = 0
    try:
        for row in sheet.iter_rows(values_only=True):
            cells = [_text(value) for value in row]
            while cells and not cells[-1]:
                cells.pop()
            if not cells:
                empty += 1  # given on only where something follows
                _need_few(count, empty)
                continue
            yield from ([] for _blank in range(empty))
            empty, count = 0, count + 1
            _need_few(count, empty)
            yield cells
    except MalformedError:
        raise
    except Exception as error:
        raise _broken() from error


def _need_few(count: int, empty: int) -> None:
    if empty > MAX_SHEET:
        raise _broken()
    if count > MAX_ROWS + 1:
        raise MalformedError(
            _("The list has more than %(n)s rows.") % {"n": f"{MAX_ROWS:,}"},
            hint=_("Part it into several files."),
        )


def _text(value: object) -> str:
    """Return a cell as text, numbers with a point and days in ISO 8601."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return _number(value)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ")
    if isinstance(value, date):
        return value.isoformat()
    return str(value)


def _number(value: float) -> str:
    if value.is_integer():
        return str(int(value))
    return f"{Decimal(repr(value)):f}"


def _broken() -> MalformedError:
    return MalformedError(_("The workbook cannot be read."), hint=_SAVE)
