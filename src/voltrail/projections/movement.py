"""
Units that a move names in a committed table, one line for each: maker and serial.

The table is a blob; a move whose table is not here, or is another one, names nobody in it. Does
not judge.
"""

import re
from collections.abc import Iterator

from voltrail.ids.subject import PART, UnitId
from voltrail.projections import unit_table
from voltrail.register.blobs import BlobStore
from voltrail.statements.movement import Movement
from voltrail.wording import worded

COLUMNS = ("maker", "serial")
FORM = unit_table.Form(
    COLUMNS,
    re.compile(rf"(?:{PART},{PART}\n)*".encode()),
    worded("Write maker and serial, parted by a comma."),
)


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
    data = unit_table.kept(fact.unit_table, blobs) or b""
    for line in data.decode().split("\n")[1:-1]:
        yield UnitId.of(*line.split(",")[:2])
