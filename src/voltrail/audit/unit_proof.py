"""
One unit's proof: its line in the maker's list, the place it has there, and the hashes to the root.

A small file that needs nothing but the signed lot record beside it. It says that the maker listed
this unit in this lot, not that the thing in somebody's hand is that unit.
"""

from collections.abc import Iterator, Sequence

import cbor2
from msgspec import Struct

from voltrail import table
from voltrail.canonical import MAX_INTEGER, digest
from voltrail.errors import MalformedError, RefusedError
from voltrail.merkle import HASH_BYTES
from voltrail.statements.lot import serial_column
from voltrail.table import Commitment

FORM = "voltrail-unit-1"
LONGEST = 65_536  # [bytes] of a proof file: a long line and 64 hashes stay far below
_DEEPEST = 64  # [hashes] a tree of 2^53 rows has fewer
_HINT = "Ask the maker for the proof again."


class UnitProof(Struct, frozen=True):
    """A line of a committed table, its place from 0, and its path upwards, lowest hash first."""

    sha256: str
    index: int
    line: bytes
    path: tuple[bytes, ...]

    def to_bytes(self) -> bytes:
        """Return the proof as a file: one CBOR array (RFC 8949, core deterministic encoding)."""
        said = (FORM, bytes.fromhex(self.sha256), self.index, self.line, b"".join(self.path))
        return cbor2.dumps(list(said), canonical=True)


def parse(data: bytes) -> UnitProof:
    """
    Return the proof in a file.

    Args:
        data: as `UnitProof.to_bytes` writes it, byte for byte

    Returns:
        The proof, unverified.

    Raises:
        MalformedError: not such a file, or one that says the same in other bytes.

    Source: our choice: docs/spec/unit_proof.md.
    """
    if len(data) > LONGEST:
        raise MalformedError("The unit proof is too long to be one.", hint=_HINT)
    try:
        found = cbor2.loads(data)
    except (cbor2.CBORDecodeError, ValueError, TypeError, RecursionError) as error:
        raise MalformedError("The unit proof is not CBOR.", hint=_HINT) from error
    match found:
        case [str() as form, bytes() as digest, int() as index, bytes() as line, bytes() as hashes]:
            pass
        case _:
            raise MalformedError("The unit proof has other fields.", hint=_HINT)
    if form != FORM:
        raise MalformedError(f"The form {form[:40]!r} is not known here.", hint=_HINT)
    sizes = len(digest) == HASH_BYTES and len(hashes) % HASH_BYTES == 0 and type(index) is int
    if not sizes or len(hashes) > _DEEPEST * HASH_BYTES or not 0 <= index <= MAX_INTEGER:
        raise MalformedError("The unit proof has a hash or a place of no table.", hint=_HINT)
    path = tuple(hashes[at : at + HASH_BYTES] for at in range(0, len(hashes), HASH_BYTES))
    proof = UnitProof(digest.hex(), index, line, path)
    if proof.to_bytes() != data:
        raise MalformedError("The unit proof is not written in the one way.", hint=_HINT)
    return proof


def prove(data: bytes, serials: Sequence[str]) -> Iterator[UnitProof]:
    """
    Yield the proof of each unit; the tree is computed once for all.

    Args:
        data: the whole committed table
        serials: which units, as the column of serials names them

    Yields:
        One proof for each serial, in the order asked for.

    Raises:
        MalformedError: the bytes are no table.
        RefusedError: the table lists no such serial, or lists it twice.

    Source: RFC 6962 section 2.1.1.
    """
    sha256, column = digest(data), serial_column(table.columns(data))
    lines = tuple(table.rows(data))
    places = [_place(data, lines, column, one) for one in serials]
    path_of = table.prover(data)
    for place in places:
        yield UnitProof(sha256, place, lines[place], tuple(path_of(place)))


def verify(proof: UnitProof, commitment: Commitment) -> str:
    """
    Verify that a maker's list has this line in this place.

    Args:
        proof: as parsed
        commitment: what the maker's signed lot record says of its list

    Returns:
        The unit's serial, from the verified line.

    Raises:
        MalformedError: the place lies outside the list.
        RefusedError: the proof is of another list, or the line does not stand there.

    Source: RFC 9162 section 2.1.3.2.
    """
    if proof.sha256 != commitment.sha256:
        raise RefusedError(
            "The proof is of another list than this lot record commits to.",
            hint="Ask for the lot record that belongs to the proof, or for a new proof.",
        )
    table.verify_row(proof.line, proof.index, proof.path, commitment)
    return serial_of(proof.line, commitment)


def serial_of(line: bytes, commitment: Commitment) -> str:
    """
    Return the serial in a line of a committed table.

    Args:
        line: the bytes of the row
        commitment: names its columns

    Returns:
        The cell of the column named serial, or of the first one where none is.

    Raises:
        MalformedError: the line has fewer cells, or the cell is not UTF-8.

    Source: design, section 7, committed table.
    """
    cells = line.split(b",")
    try:
        return cells[serial_column(commitment.columns)].decode()
    except (IndexError, UnicodeDecodeError) as error:
        raise MalformedError("The line names no unit.", hint=_HINT) from error


def _place(data: bytes, lines: Sequence[bytes], column: int, serial: str) -> int:
    """Return the one row of a serial; candidates are found in the bytes, not line by line."""
    wanted = serial.encode()
    if wanted not in data:
        places: list[int] = []
    else:
        places = [
            place
            for place, line in enumerate(lines)
            if wanted in line and line.split(b",")[column : column + 1] == [wanted]
        ]
    if not places:
        raise RefusedError(f"The list has no unit {serial}.", hint="Check the serial.")
    if len(places) > 1:
        raise RefusedError(
            f"The list has {serial} {len(places)} times.",
            hint="One serial is one unit: ask the maker which line is true.",
        )
    return places[0]
