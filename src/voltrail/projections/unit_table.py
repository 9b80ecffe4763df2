"""
Tables of units that statements commit to: their bytes, and that each line names a unit.

Does not know which statement commits to one, nor what else its lines say.
"""

import re

from msgspec import Struct

from voltrail import table
from voltrail.canonical import digest
from voltrail.errors import MalformedError
from voltrail.register.blobs import BlobStore
from voltrail.table import Commitment
from voltrail.wording import Worded


class Form(Struct, frozen=True):
    """How a table of units is written: its columns, any number of whole lines, what to write."""

    columns: tuple[str, ...]
    lines: re.Pattern[bytes]
    hint: Worded


def kept(commitment: Commitment, blobs: BlobStore) -> bytes | None:
    """
    Return the bytes that a statement commits to.

    Args:
        commitment: what the statement says of its table
        blobs: where the table is

    Returns:
        The whole table; None where it is not here or not the one committed to.

    Source: design, section 7, committed table.
    """
    data = blobs.get(commitment.sha256)
    return data if data is not None and digest(data) == commitment.sha256 else None


def need(form: Form, commitment: Commitment, data: bytes) -> None:
    """
    Check that a table is the one committed to, and that each of its lines names a unit.

    Args:
        form: how it is written
        commitment: what the statement says of it
        data: the whole table

    Raises:
        MalformedError: no table, other columns, or a line that names no unit.
        RefusedError: another table than the one committed to.

    Source: design, section 7, committed table.
    """
    if commitment.columns != form.columns:
        raise MalformedError(
            "The table of units has other columns.", hint=f"Write: {', '.join(form.columns)}."
        )
    table.check(data, commitment)
    if form.lines.fullmatch(data, data.index(b"\n") + 1) is None:
        strange = next(line for line in table.rows(data) if not form.lines.fullmatch(line + b"\n"))
        raise MalformedError(
            f"A line names no unit: {strange[:60].decode(errors='replace')!r}.", hint=form.hint
        )
