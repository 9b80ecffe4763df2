"""
Units in service before Voltrail: which ones a statement names, and what it says of each.

The table is a blob; a statement whose table is not here, or is another one, names nobody. Does not
judge.
"""

import re
from collections.abc import Iterator

from msgspec import Struct

from voltrail.ids.subject import PART, PREFIX, UnitId
from voltrail.projections import unit_table
from voltrail.register.blobs import BlobStore
from voltrail.statements.stock import COLUMNS, Stock
from voltrail.wording import worded

_UNIT = f"{PREFIX}{UnitId.kind}:"
FORM = unit_table.Form(
    COLUMNS,
    re.compile(rf"(?:{PART},{PART}(?:,[^,\n]*){{{len(COLUMNS) - 2}}}\n)*".encode()),
    worded("Write maker and serial first, and one cell for each column."),
)


class StockRow(Struct, frozen=True):
    """What one line of a table says; the words are empty where the list said nothing."""

    maker: str
    serial: str
    level: str
    lot: str
    place: str
    product: str
    since: str


def units_of(fact: Stock, blobs: BlobStore) -> Iterator[str]:
    """
    Return the identities of the units that a statement names.

    Args:
        fact: the statement
        blobs: where its table is

    Returns:
        Identities as text; none where the table is not here or not the one committed to.

    Source: design, section 7, committed table.
    """
    for line in lines_of(fact, blobs):
        maker, serial, _ = line.split(",", 2)
        yield f"{_UNIT}{maker}:{serial}"


def lines_of(fact: Stock, blobs: BlobStore) -> tuple[str, ...]:
    """
    Return the lines of a statement's table.

    Args:
        fact: the statement, whose table was looked at when it was recorded
        blobs: where its table is

    Returns:
        Lines without line end; none where the table is not here or not the one committed to.

    Source: design, section 7, committed table.
    """
    data = _table(fact, blobs)
    return tuple(data.decode().split("\n")[1:-1])


def row_of(fact: Stock, blobs: BlobStore, unit: UnitId) -> StockRow | None:
    """
    Return what a statement says of one unit.

    Args:
        fact: the statement
        blobs: where its table is
        unit: which unit

    Returns:
        Its line, or None where it is not named.

    Source: design, section 7, committed table.
    """
    data = _table(fact, blobs)
    at = data.find("\n{},{},".format(*unit.parts).encode())
    if at < 0:
        return None
    return StockRow(*data[at + 1 : data.index(b"\n", at + 1)].decode().split(","))


def _table(fact: Stock, blobs: BlobStore) -> bytes:
    """Return the bytes that a statement commits to, or none where they are not here."""
    return unit_table.kept(fact.units, blobs) or b""
