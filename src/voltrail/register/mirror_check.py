"""
The envelopes of a copy, and the whole copy done again from its bytes.

A copy holds leaves; an envelope is kept beside them under the digest that its leaf names. Registers
of other makers have leaves of another form, and no envelopes. Does not check who signed the
statements; `audit.check` does.
"""

from collections.abc import Iterator

from msgspec import Struct

from voltrail import merkle
from voltrail.errors import ProductError, RefusedError, RegisterCorruptError
from voltrail.merkle import EMPTY_ROOT
from voltrail.register import witness_policy
from voltrail.register.checkpoint import Checkpoint
from voltrail.register.entry import Entry, Leaf, parse_leaf
from voltrail.register.mirror_copy import Partner, Shelf, bundled, head, leaves, nodes
from voltrail.register.tile import WIDTH
from voltrail.register.tiling import Tiling
from voltrail.statements import envelope as envelopes

BLOBS = "blobs"
_LEAST = 64  # [characters] of a digest


class MirrorReport(Struct, frozen=True):
    """What was read of a copy, and every disagreement that was found, one sentence each."""

    entries: int
    envelopes: int
    faults: tuple[str, ...]
    root: bytes


def is_ours(shelf: Shelf, size: int) -> bool:
    """
    Return whether a copy is of a register like ours; its first leaf says so, and never changes.

    Args:
        shelf: where the copy is kept
        size: of the copy

    Returns:
        False for an empty copy and for a log of another maker.

    Raises:
        RegisterCorruptError: the first bundle is missing or is none.

    Source: our choice: ADR 0041.
    """
    return size > 0 and _leaf(bundled(shelf, size, 0)[0]) is not None


def envelope_path(leaf: Leaf) -> str:
    """
    Return where the envelope of a leaf is kept.

    Args:
        leaf: of a register like ours

    Returns:
        For example blobs/ab/ab12….

    Raises:
        RegisterCorruptError: the leaf names no digest.

    Source: our choice: ADR 0041.
    """
    name = leaf.envelope
    if len(name) != _LEAST or not set(name) <= set("0123456789abcdef"):
        raise RegisterCorruptError(
            f"A leaf names no digest: {name!r:.80}.", hint="Tell the partner."
        )
    return f"{BLOBS}/{name[:2]}/{name}"


def missing(shelf: Shelf, size: int) -> Iterator[tuple[int, Leaf]]:
    """
    Yield the leaves whose envelope is not in the copy.

    Args:
        shelf: where the copy is kept
        size: of the copy, of a register like ours

    Yields:
        Index and leaf.

    Raises:
        RegisterCorruptError: a bundle is damaged, or an entry is no leaf.

    Source: our choice: ADR 0041.
    """
    for index, data in leaves(shelf, size):
        leaf = _leaf(data)
        if leaf is None:
            raise RegisterCorruptError(
                f"Entry {index} is no leaf of a register like ours.", hint="Tell the partner."
            )
        if not shelf.has(envelope_path(leaf)):
            yield index, leaf


def keep_envelope(shelf: Shelf, index: int, leaf: Leaf, raw: bytes) -> None:
    """
    Keep an envelope beside its leaf.

    Args:
        shelf: where the copy is kept
        index: place of the entry
        leaf: of that entry
        raw: the envelope's bytes as they came

    Raises:
        RefusedError: it is not the one that the leaf names.

    Source: our choice: ADR 0041.
    """
    if not _fits(leaf, raw):
        raise RefusedError(
            f"What the partner gives as entry {index} is not the envelope that its leaf names.",
            hint="Nothing of it was kept. Ask the partner.",
        )
    shelf.put(envelope_path(leaf), raw)


def entries(shelf: Shelf, point: Checkpoint, start: int = 0) -> Iterator[Entry]:
    """
    Yield the entries of a copy whose envelopes are held; each leads to the signed root.

    Args:
        shelf: where the copy is kept
        point: its checkpoint
        start: the first that is wanted

    Yields:
        Entries in order, those without envelope left out.

    Raises:
        RegisterCorruptError: a leaf is not the one under the root, or a bundle is damaged.

    Source: our choice: ADR 0041.
    """
    node = nodes(shelf, point)
    for index, data in leaves(shelf, point.size, start):
        if merkle.leaf_hash(data) != node(0, index):
            raise RegisterCorruptError(
                f"The copy is damaged: entry {index} is not the one under the root.",
                hint="Run voltrail mirror check.",
            )
        leaf = _leaf(data)
        raw = shelf.get(envelope_path(leaf)) if leaf else None
        if leaf and raw is not None and _fits(leaf, raw):
            yield Entry(index, data, raw)


def check(shelf: Shelf, partner: Partner) -> MirrorReport:
    """
    Return everything that disagrees in a copy, done again from its bytes.

    Args:
        shelf: where the copy is kept
        partner: whose it is

    Returns:
        A report; sound where `faults` is empty.

    Source: C2SP tlog-tiles; RFC 6962 section 2.1.
    """
    try:
        held = head(shelf, partner)
        if held is None:
            return MirrorReport(0, 0, ("Nothing was pulled yet.",), EMPTY_ROOT)
        if partner.policy is not None:
            witness_policy.need(partner.policy, held.note, [partner.log])
        walk = _Walk(shelf, held.point)
        faults = tuple(walk.faults())
    except ProductError as error:
        return MirrorReport(0, 0, (str(error),), EMPTY_ROOT)
    return MirrorReport(walk.tiling.size, walk.envelopes, faults, walk.tiling.root())


class _Walk:
    """One pass over a copy's bundles."""

    def __init__(self, shelf: Shelf, point: Checkpoint) -> None:
        self.shelf, self.point = shelf, point
        self.tiling, self.envelopes = Tiling(0, lambda *_: b""), 0
        self.ours = is_ours(shelf, point.size)

    def faults(self) -> Iterator[str]:
        for index in range(-(-self.point.size // WIDTH)):
            found = bundled(self.shelf, self.point.size, index)
            yield from self._tile_faults(self.tiling.push([merkle.leaf_hash(one) for one in found]))
            if self.ours:
                for place, data in enumerate(found, index * WIDTH):
                    yield from self._leaf_faults(place, data)
        yield from self._tile_faults(list(self.tiling.partial()))
        if self.tiling.root() != self.point.root:
            yield "The entries lead to another root than the partner signed."

    def _tile_faults(self, found: list[tuple[str, bytes]]) -> Iterator[str]:
        for path, data in found:
            if self.shelf.get(path) != data:
                yield f"{path} is missing, or not what the entries give."

    def _leaf_faults(self, index: int, data: bytes) -> Iterator[str]:
        leaf = _leaf(data)
        if leaf is None:
            yield f"Entry {index} is no leaf in its canonical form."
            return
        raw = self.shelf.get(envelope_path(leaf))
        if raw is None:
            return
        self.envelopes += 1
        if not _fits(leaf, raw):
            yield f"Entry {index}: the envelope is not the one the leaf names."


def _leaf(data: bytes) -> Leaf | None:
    """Return the leaf in some bytes that are just what it is written as."""
    try:
        found = parse_leaf(data)
    except ProductError:
        return None
    return found if found.to_bytes() == data else None


def _fits(leaf: Leaf, raw: bytes) -> bool:
    if len(raw) != leaf.size:
        return False
    try:
        return envelopes.parse(raw).digest == leaf.envelope
    except ProductError:
        return False


__all__ = [
    "MirrorReport",
    "check",
    "entries",
    "envelope_path",
    "is_ours",
    "keep_envelope",
    "missing",
]
