"""A workbook of a few kilobytes must not make millions of rows of itself."""

import io
import re
import tracemalloc
import zipfile
from contextlib import suppress

import pytest

pytest.importorskip("django")

from openpyxl import Workbook

from server.signing_site import site  # sets Django up

# isort: split
from voltrail.errors import MalformedError
from voltrail_server.importing import files

__all__ = ["site"]

FAR = 3_000_000  # a real attack writes 2_000_000_000 and the web process is killed


def far_row() -> bytes:
    """A workbook with a header, and one row whose number is far below it."""
    plain, made = io.BytesIO(), io.BytesIO()
    book = Workbook()
    book.active.append(["number", "name", "country", "roles"])
    book.active.append(["acme", "Acme", "DE", "broker"])
    book.save(plain)
    with zipfile.ZipFile(plain) as source, zipfile.ZipFile(made, "w", 8) as target:
        for part in source.infolist():
            data = source.read(part)
            if part.filename == "xl/worksheets/sheet1.xml":
                data = re.sub(rb'<row r="2"', b'<row r="%d"' % FAR, data)
                data = re.sub(rb'r="([A-D])2"', rb'r="\g<1>%d"' % FAR, data)
            target.writestr(part.filename, data)
    return made.getvalue()


def test_a_row_far_below_does_not_fill_the_memory() -> None:
    data = far_row()
    assert len(data) < 10_000
    tracemalloc.start()
    with suppress(MalformedError):
        files.opened(data)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 2_000_000, f"{len(data)} bytes took {peak / 1e6:.0f} MB at {FAR:,} rows"
