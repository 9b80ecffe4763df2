"""
Committed tables: long lists under one digest and one root, each row provable alone.

A table is UTF-8 text: a header line with column names, then one line per row, each ended by LF.
The leaf of a row is its bytes without the line end; the header is no leaf. Does not know what the
columns mean, nor how a cell is quoted.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Self

from msgspec import Struct

from voltrail import merkle, tree
from voltrail.canonical import MAX_INTEGER, Json, digest
from voltrail.errors import MalformedError, RefusedError

_COLUMN = re.compile(r"[!#-+\--~](?:[ !#-+\--~]*[!#-+\--~])?")  # printable ASCII but " and ,
_HEX = re.compile(r"[0-9a-f]{64}")
_LATELY: dict[str, "Commitment"] = {}  # by digest: who commits checks the same bytes soon
_KEPT = 8  # [tables]
_HINT = "Save it as UTF-8 with a header line, LF line ends and no empty lines."


class Commitment(Struct, frozen=True, forbid_unknown_fields=True):
    """What a statement says of a table: columns, number of rows, digest and root."""

    columns: tuple[str, ...]
    rows: int
    sha256: str
    root: str

    def __post_init__(self) -> None:
        """Refuse what no table has, whichever reader made it."""
        if not 0 <= self.rows <= MAX_INTEGER:
            raise MalformedError("A commitment counts its rows.", hint="Write rows from 0.")
        if not (_HEX.fullmatch(self.sha256) and _HEX.fullmatch(self.root)):
            raise MalformedError("A digest is not 64 hexadecimal digits.", hint="Use lower case.")
        _columns(list(self.columns))

    @classmethod
    def parse(cls, obj: Json) -> Self:
        """
        Return the commitment in a JSON object.

        Args:
            obj: columns, rows, sha256 and root

        Returns:
            The commitment.

        Raises:
            MalformedError: a field is missing, unknown or of another form.

        Source: our choice: ADR 0002.
        """
        if not isinstance(obj, dict) or obj.keys() != {"columns", "rows", "sha256", "root"}:
            raise MalformedError("A commitment has columns, rows, sha256 and root.", hint=_HINT)
        rows, sha256, root = obj["rows"], obj["sha256"], obj["root"]
        if type(rows) is not int:
            raise MalformedError("A commitment counts its rows.", hint="Write rows from 0.")
        if not (isinstance(sha256, str) and isinstance(root, str)):
            raise MalformedError("A digest is not 64 hexadecimal digits.", hint="Use lower case.")
        return cls(_columns(obj["columns"]), rows, sha256, root)

    def to_json(self) -> dict[str, Json]:
        """
        Return the commitment as a JSON object.

        Returns:
            Columns, rows, sha256 and root.

        Source: our choice: ADR 0002.
        """
        return {
            "columns": list(self.columns),
            "rows": self.rows,
            "sha256": self.sha256,
            "root": self.root,
        }


def commit(data: bytes) -> Commitment:
    """
    Return the commitment to a table.

    Args:
        data: the whole table

    Returns:
        Columns, rows, digest and root.

    Raises:
        MalformedError: not UTF-8, carriage returns, empty lines, no final line end, bad header.

    Source: our choice: ADR 0002; RFC 6962 section 2.1.
    """
    sha256 = digest(data)
    found = _LATELY.get(sha256)
    if found is None:
        _need_table(data)
        lines = _body(data)
        found = Commitment(_header(data), lines.count(b"\n"), sha256, tree.root(lines).hex())
        _LATELY[sha256] = found
        while len(_LATELY) > _KEPT:
            _LATELY.pop(next(iter(tuple(_LATELY))), None)
    return found


def check(data: bytes, commitment: Commitment) -> None:
    """
    Check that a table is the one committed to.

    Args:
        data: the whole table
        commitment: what a statement says of it

    Raises:
        MalformedError: the bytes are no table.
        RefusedError: another table.

    Source: our choice: ADR 0002.
    """
    if commit(data) != commitment:
        raise RefusedError(
            "The table is not the one that was committed to.",
            hint="Ask the issuer for the file with the stated digest.",
        )


def rows(data: bytes) -> Iterator[bytes]:
    """
    Return the rows of a table, without header and line ends.

    Args:
        data: the whole table

    Returns:
        The bytes of each row, in order.

    Raises:
        MalformedError: the bytes are no table.

    Source: our choice: ADR 0002.
    """
    return iter(_lines(data)[1:])


def columns(data: bytes) -> tuple[str, ...]:
    """
    Return the names of a table's columns.

    Args:
        data: the whole table

    Returns:
        One name for each column, in order.

    Raises:
        MalformedError: the bytes are no table, or its header names a column twice or unclearly.

    Source: our choice: ADR 0002.
    """
    _need_table(data)
    return _header(data)


def prove(data: bytes, row: int) -> tuple[int, list[bytes]]:
    """
    Return the proof that a row belongs to a table.

    Args:
        data: the whole table
        row: place of the row, from 0

    Returns:
        The place and the sibling hashes.

    Raises:
        MalformedError: the bytes are no table, or have no such row.

    Source: RFC 6962 section 2.1.1.
    """
    return row, prover(data)(row)


def prover(data: bytes) -> Callable[[int], list[bytes]]:
    """
    Return what proves any row of a table; the tree is computed once for all of them.

    Args:
        data: the whole table

    Returns:
        From the place of a row, from 0, to its sibling hashes; refuses a place outside.

    Raises:
        MalformedError: the bytes are no table.

    Source: RFC 6962 section 2.1.1.
    """
    _need_table(data)
    leaves = tree.leaf_hashes(_body(data))
    node = merkle.reader_over(leaves)
    return lambda row: merkle.inclusion_proof(row, len(leaves), node)


def verify_row(line: bytes, index: int, proof: Sequence[bytes], commitment: Commitment) -> None:
    """
    Verify that a row stands at its place in a committed table.

    Args:
        line: bytes of the row without line end
        index: place of the row, from 0
        proof: sibling hashes from the row upwards
        commitment: what a statement says of the table

    Raises:
        MalformedError: the place lies outside, or a hash is not 32 bytes long.
        RefusedError: the row does not belong there.

    Source: RFC 9162 section 2.1.3.2.
    """
    leaf, root = merkle.leaf_hash(line), bytes.fromhex(commitment.root)
    merkle.verify_inclusion(index, commitment.rows, leaf, proof, root)


def _need_table(data: bytes) -> None:
    try:
        data.decode()
    except UnicodeDecodeError as error:
        raise MalformedError("The table is not UTF-8.", hint=_HINT) from error
    if b"\r" in data:
        raise MalformedError("The table has carriage returns.", hint=_HINT)
    if not data.endswith(b"\n"):
        raise MalformedError("The last line of the table has no line end.", hint=_HINT)
    empty = 0 if data.startswith(b"\n") else data.find(b"\n\n") + 1
    if empty or data.startswith(b"\n"):
        number = data.count(b"\n", 0, empty) + 1
        raise MalformedError(f"Line {number} of the table is empty.", hint=_HINT)


def _lines(data: bytes) -> list[bytes]:
    _need_table(data)
    return data[:-1].split(b"\n")


def _header(data: bytes) -> tuple[str, ...]:
    return _columns([*data[: data.index(b"\n")].decode().split(",")])


def _body(data: bytes) -> bytes:
    return data[data.index(b"\n") + 1 :]


def _columns(names: Json) -> tuple[str, ...]:
    found = names if isinstance(names, list) else []
    columns = tuple(name for name in found if isinstance(name, str) and _COLUMN.fullmatch(name))
    if not columns or len(columns) != len(found) or len(set(columns)) != len(columns):
        raise MalformedError(
            "The columns of the table have no clear names.",
            hint="Name each column once, in printable ASCII without quotes.",
        )
    return columns
