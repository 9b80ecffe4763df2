"""
Units in service before Voltrail: which ones a statement names, and what it says of each.

The table is a blob; a statement whose table is not here, or is another one, names nobody. Does not
judge.
"""

import re
from collections.abc import Iterator

from msgspec import Struct

from voltrail import table
from voltrail.canonical import digest
from voltrail.errors import MalformedError
from voltrail.ids.subject import PART, PREFIX, UnitId
from voltrail.register.blobs import BlobStore
from voltrail.statements.stock import COLUMNS, Stock
from voltrail.table import Commitment

_UNIT = f"{PREFIX}{UnitId.kind}:"


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


def listed(commitment: Commitment, data: bytes) -> None:
    """
    Check that a table is the one committed to, and that each of its lines names a unit.

    Args:
        commitment: what the statement says of it
        data: the whole table

    Raises:
        MalformedError: no table, other columns, or a line that names no unit.
        RefusedError: another table than the one committed to.

    Source: design, section 7, committed table.
    """
    if commitment.columns != COLUMNS:
        raise MalformedError(
            "The table of units has other columns.", hint=f"Write: {', '.join(COLUMNS)}."
        )
    table.check(data, commitment)
    if _LINES.fullmatch(data, data.index(b"\n") + 1) is None:
        strange = next(line for line in table.rows(data) if not _LINES.fullmatch(line + b"\n"))
        raise MalformedError(
            f"A line names no unit: {strange[:60].decode(errors='replace')!r}.",
            hint="Write maker and serial first, and one cell for each column.",
        )


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
    data = blobs.get(fact.units.sha256)
    return data if data is not None and digest(data) == fact.units.sha256 else b""


_LINES = re.compile(rf"(?:{PART},{PART}(?:,[^,\n]*){{{len(COLUMNS) - 2}}}\n)*".encode())
