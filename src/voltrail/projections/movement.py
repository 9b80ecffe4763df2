"""
Units that a move names in a committed table, one line for each: maker and serial.

The table is a blob; a move whose table is not here, or is another one, names nobody in it. Does
not judge.
"""

import re
from collections.abc import Iterator

from voltrail import table
from voltrail.canonical import digest
from voltrail.errors import MalformedError
from voltrail.ids.subject import PART, UnitId
from voltrail.register.blobs import BlobStore
from voltrail.statements.movement import Movement
from voltrail.table import Commitment

COLUMNS = ("maker", "serial")


def units_of(fact: Movement, blobs: BlobStore) -> Iterator[UnitId]:
    """
    Return the units that a move names, in the statement and in its table.

    Args:
        fact: the move
        blobs: where its table is

    Returns:
        Units in order; of a table that is not here or not the one committed to, none.

    Source: design, section 7, committed table.
    """
    yield from fact.units
    yield from tabled(fact, blobs)


def tabled(fact: Movement, blobs: BlobStore) -> Iterator[UnitId]:
    """
    Return the units that a move names in its table alone.

    Args:
        fact: the move
        blobs: where its table is

    Returns:
        Units in the order of the table.

    Source: design, section 7, committed table.
    """
    if fact.unit_table is None:
        return
    data = blobs.get(fact.unit_table.sha256)
    if data is None or digest(data) != fact.unit_table.sha256:
        return
    for line in data.decode().split("\n")[1:-1]:
        yield UnitId.of(*line.split(",")[:2])


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
    strange = next((line for line in table.rows(data) if not _LINE.fullmatch(line)), None)
    if strange is not None:
        raise MalformedError(
            f"A line names no unit: {strange[:60].decode(errors='replace')!r}.",
            hint="Write maker and serial, parted by a comma.",
        )


_LINE = re.compile(rf"{PART},{PART}".encode())
