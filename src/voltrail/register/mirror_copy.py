"""
A copy of a partner's register as it is kept: whose it is, how far it reaches, what it can prove.

A tile counts only where it leads to the checkpoint that the partner signed. Where files are kept is
an argument. Does not know how a copy grows, nor what an entry says.
"""

from collections.abc import Iterator
from typing import Protocol

from msgspec import Struct

from voltrail import merkle
from voltrail.errors import (
    MalformedError,
    RefusedError,
    RegisterCorruptError,
    UnknownSubjectError,
    UnverifiableError,
)
from voltrail.merkle import EMPTY_ROOT, NodeReader
from voltrail.register import checkpoint as checkpoints
from voltrail.register import note as notes
from voltrail.register import tile as tiles
from voltrail.register import witness_policy
from voltrail.register.checkpoint import Checkpoint
from voltrail.register.note import Verifier
from voltrail.register.receipt import Receipt
from voltrail.register.tile import WIDTH
from voltrail.register.tiling import checked_nodes
from voltrail.register.witness_policy import WitnessPolicy

CHECKPOINT = "checkpoint"  # C2SP tlog-tiles: the copy can itself be served


class Shelf(Protocol):
    """
    Where a copy is kept, by C2SP path.

    It owes: `put` is durable before it returns, and whole or not at all. It is not trusted: what it
    gives back is compared with the signed root.
    """

    def get(self, path: str) -> bytes | None:
        """Return what stands at a path, or None."""

    def has(self, path: str) -> bool:
        """Return whether anything stands at a path."""

    def put(self, path: str, data: bytes) -> None:
        """Set what stands at a path."""

    def drop(self, path: str) -> None:
        """Take away what stands at a path, if anything does."""

    def names(self, folder: str) -> Iterator[str]:
        """Yield the paths of everything below a folder, in order."""


class Partner(Struct, frozen=True):
    """Whose register is copied: the pinned keys of its log, and which witnesses must cosign."""

    log: Verifier
    second: Verifier | None = None
    policy: WitnessPolicy | None = None

    def signed(self, note: bytes) -> Checkpoint:
        """
        Return the checkpoint in a note that every pinned key of the log signed.

        Args:
            note: as it came

        Returns:
            The checkpoint.

        Raises:
            MalformedError: no signed checkpoint, or of another register.
            SignatureInvalidError: a signature of a known key does not match.
            UnverifiableError: a pinned key did not sign it.

        Source: C2SP signed-note; tlog-checkpoint.
        """
        text, signers = notes.open_signed(note, self._known())
        point = checkpoints.parse(text)
        if point.origin != self.log.name:
            raise MalformedError(
                f"The checkpoint is of {point.origin}, not of {self.log.name}.",
                hint="Check the partner's address.",
            )
        for key in (self.log, self.second):
            if key is not None and key not in signers:
                raise UnverifiableError(
                    f"The pinned key {key.key_id.hex()} of {key.name} did not sign the checkpoint.",
                    hint="Ask the partner whether that key was changed.",
                )
        if point.size == 0 and point.root != EMPTY_ROOT:
            raise MalformedError("An empty register has another root.", hint="Ask the partner.")
        return point

    def accepted(self, note: bytes) -> Checkpoint:
        """
        Return the checkpoint in a note that is signed, and cosigned by the quorum where one is set.

        Args:
            note: as it came

        Returns:
            The checkpoint.

        Raises:
            MalformedError: no signed checkpoint, or of another register.
            RefusedError: a signature does not match, or the quorum is not reached.
            UnverifiableError: a pinned key did not sign it.

        Source: C2SP tlog-policy.
        """
        point = self.signed(note)
        if self.policy is not None:
            witness_policy.need(self.policy, note, [self.log])
        return point

    def voices(self, note: bytes) -> int:
        """Return how many known keys signed a note."""
        return len(notes.open_signed(note, self._known())[1])

    def _known(self) -> list[Verifier]:
        witnesses = self.policy.witnesses.values() if self.policy else ()
        return [self.log, *([self.second] if self.second else []), *witnesses]


class Held(Struct, frozen=True):
    """The checkpoint of a copy, and the note that it stands in."""

    note: bytes
    point: Checkpoint


def head(shelf: Shelf, partner: Partner) -> Held | None:
    """
    Return the checkpoint that a copy has reached.

    Args:
        shelf: where the copy is kept
        partner: whose it is

    Returns:
        The checkpoint; None where nothing was pulled yet.

    Raises:
        RegisterCorruptError: the copy's checkpoint is not one of the partner's.

    Source: C2SP tlog-tiles, checkpoints.
    """
    note = shelf.get(CHECKPOINT)
    if note is None:
        return None
    try:
        return Held(note, partner.signed(note))
    except (MalformedError, RefusedError, UnverifiableError) as error:
        raise _spoiled(str(error)) from error


def nodes(shelf: Shelf, point: Checkpoint) -> NodeReader:
    """
    Return a reader of the copy's tree; each tile it reads leads to the signed root.

    Args:
        shelf: where the copy is kept
        point: the copy's checkpoint, or an earlier one

    Returns:
        A function from level and index to a hash; it raises RegisterCorruptError for a tile that
        is missing or leads elsewhere.

    Raises:
        RegisterCorruptError: the tiles do not lead to the root.

    Source: C2SP tlog-tiles, Merkle tree.
    """

    def read(level: int, index: int, width: int) -> bytes:
        found = shelf.get(tiles.tile_path(level, index, width))
        if found is None:
            raise _spoiled(f"{tiles.tile_path(level, index, width)} is missing.")
        return found

    def node(level: int, index: int) -> bytes:
        try:
            return reader(level, index)
        except MalformedError as error:
            raise _spoiled(str(error)) from error

    try:
        reader = checked_nodes(read, point.size, point.root)
    except MalformedError as error:
        raise _spoiled(str(error)) from error
    return node


def prove(shelf: Shelf, partner: Partner, index: int) -> bytes:
    """
    Return the offline proof that an entry stands in the register, from the copy alone.

    Args:
        shelf: where the copy is kept
        partner: whose it is
        index: place of the entry

    Returns:
        A tlog-proof text: index, hashes, the signed checkpoint as it was received.

    Raises:
        UnknownSubjectError: the copy does not reach so far.
        RegisterCorruptError: the copy does not lead to its root.

    Source: C2SP tlog-proof.
    """
    held = head(shelf, partner)
    if held is None or not 0 <= index < held.point.size:
        size = held.point.size if held else 0
        raise UnknownSubjectError(
            f"The copy holds {size:,} entries, and none at {index}.", hint="Count from 0."
        )
    proof = merkle.inclusion_proof(index, held.point.size, nodes(shelf, held.point))
    return Receipt(index, tuple(proof), held.note).text()


def leaves(shelf: Shelf, size: int, start: int = 0) -> Iterator[tuple[int, bytes]]:
    """
    Yield the leaves of a copy with their places, a bundle at a time; nobody has hashed them.

    Args:
        shelf: where the copy is kept
        size: of the copy
        start: the first that is wanted

    Yields:
        Index and leaf.

    Raises:
        RegisterCorruptError: a bundle is missing or is none.

    Source: C2SP tlog-tiles, log entries.
    """
    for index in range(start // WIDTH, -(-size // WIDTH)):
        for place, leaf in enumerate(bundled(shelf, size, index), index * WIDTH):
            if place >= start:
                yield place, leaf


def bundled(shelf: Shelf, size: int, index: int) -> list[bytes]:
    """
    Return the leaves in a bundle of the copy.

    Args:
        shelf: where the copy is kept
        size: of the copy
        index: place of the bundle

    Returns:
        1 to 256 leaves.

    Raises:
        RegisterCorruptError: the bundle is missing, or has not that many.

    Source: C2SP tlog-tiles, log entries.
    """
    width = min(WIDTH, size - index * WIDTH)
    path = tiles.entries_path(index, width)
    data = shelf.get(path)
    try:
        found = tiles.unbundle(data or b"")
    except MalformedError as error:
        raise _spoiled(f"{path} is missing or no bundle.") from error
    if len(found) != width:
        raise _spoiled(f"{path} has {len(found)} entries, not {width}.")
    return found


def _spoiled(why: str) -> RegisterCorruptError:
    return RegisterCorruptError(
        f"The copy is damaged: {why.rstrip('.')}.", hint="Run voltrail mirror check."
    )
