"""
Bring a copy of a partner's register up to date; each part leads to a root that the partner signed.

    1  read its newest checkpoint; open it with the pinned keys, and ask the quorum of witnesses
    2  compare with the checkpoint of the copy, and with one whose taking over died: a shorter or
       another history is an alarm; both notes are kept, the copy stays as it is
    3  read the bundles that are missing; each must lead to the signed root before it is kept
    4  the head moves last. Whatever dies before that leaves files that the next pull looks at again

Where a copy is kept and how a partner is read are arguments. Does not know what an entry says.
"""

from collections.abc import Callable

from msgspec import Struct

from voltrail import canonical, merkle
from voltrail.errors import (
    MalformedError,
    RefusedError,
    UnknownSubjectError,
    UnverifiableError,
)
from voltrail.merkle import EMPTY_ROOT, HASH_BYTES, NodeReader
from voltrail.register import note as notes
from voltrail.register import tile as tiles
from voltrail.register.checkpoint import Checkpoint
from voltrail.register.mirror_copy import CHECKPOINT, Held, Partner, Shelf, head, nodes
from voltrail.register.tile import MAX_ENTRY_BYTES, WIDTH
from voltrail.register.tiling import Tiling, checked_nodes

PENDING = "pending.checkpoint"  # what a pull was on its way to, and has not reached
ALARMS = "alarms"
MAX_BUNDLE = WIDTH * (2 + MAX_ENTRY_BYTES)  # [bytes] C2SP tlog-tiles
MAX_TILE = WIDTH * HASH_BYTES  # [bytes] C2SP tlog-tiles
ROLLED_BACK, SPLIT, SHORTER = "rolled-back", "split-view", "shorter"

Fetch = Callable[[str, int], bytes]
Told = Callable[[int, int], None]


class Pulled(Struct, frozen=True):
    """What a pull did: size before and after, and how many bundles came over the wire."""

    before: int
    size: int
    root: bytes
    fetched: int


def pull(shelf: Shelf, fetch: Fetch, partner: Partner, told: Told = lambda *_: None) -> Pulled:
    """
    Bring a copy up to the partner's newest checkpoint.

    Args:
        shelf: where the copy is kept
        fetch: returns what the partner shows at a path, reading so many bytes and no more
        partner: whose register it is
        told: hears how many of how many entries are here

    Returns:
        What was done.

    Raises:
        RefusedError: the partner shows a shorter or another history; both notes are kept.
        UnverifiableError: its keys or witnesses did not sign, it is silent, or what it shows does
            not lead to its own checkpoint; only that note is kept.
        MalformedError: it shows no checkpoint, tile or bundle.
        RegisterCorruptError: the copy does not lead to its own checkpoint.

    Source: C2SP tlog-tiles; our choice: ADR 0041.
    """
    held = head(shelf, partner) or Held(b"", Checkpoint(partner.log.name, 0, EMPTY_ROOT))
    note = fetch(CHECKPOINT, notes.MAX_BYTES)
    shown = Held(note, partner.accepted(note))
    before = [held, *_pending(shelf, partner)]
    for known in before:
        _need_not_shorter(shelf, known, shown)
    fetched = 0
    if shown.point.size > held.point.size or not held.note:
        theirs = _continued(shelf, fetch, before, shown)
        fetched = _take(shelf, _Source(fetch, theirs, told), held, shown)
        _sweep(shelf, held.point.size, shown.point.size)
    elif partner.voices(note) > partner.voices(held.note):
        shelf.put(CHECKPOINT, note)  # more witnesses have spoken since
    shelf.drop(PENDING)
    return Pulled(held.point.size, shown.point.size, shown.point.root, fetched)


def _continued(shelf: Shelf, fetch: Fetch, before: list[Held], shown: Held) -> NodeReader:
    """Return the partner's tree, where it continues whatever was promised before."""
    held, *pending = before
    if not pending:  # a promise from here on, whatever the tiles are worth
        shelf.put(PENDING, shown.note)
    theirs = _theirs(fetch, shown.point)
    if not _began_so(held, theirs):
        if not pending:
            shelf.drop(PENDING)  # both notes stand in the alarm
        raise _alarm(shelf, held, shown, SPLIT)
    for known in pending:
        if not _began_so(known, theirs):
            raise _alarm(shelf, known, shown, SPLIT)
    shelf.put(PENDING, shown.note)
    return theirs


class _Source(Struct, frozen=True):
    """A partner while it is read: its files, its tree under the checkpoint that it shows."""

    fetch: Fetch
    node: NodeReader
    told: Told

    def bundle(self, index: int, size: int) -> bytes:
        """Return a bundle; where the part that was signed is gone, that part of the full one."""
        width = min(WIDTH, size - index * WIDTH)
        try:
            return self.fetch(tiles.entries_path(index, width), MAX_BUNDLE)
        except UnknownSubjectError:
            if width == WIDTH:
                raise
        whole = tiles.unbundle(self.fetch(tiles.entries_path(index), MAX_BUNDLE))
        return tiles.bundle(whole[:width])


def _theirs(fetch: Fetch, point: Checkpoint) -> NodeReader:
    def read(level: int, index: int, width: int) -> bytes:
        try:
            return fetch(tiles.tile_path(level, index, width), MAX_TILE)
        except UnknownSubjectError:
            if width == WIDTH:
                raise
        return fetch(tiles.tile_path(level, index), MAX_TILE)[: width * HASH_BYTES]

    def node(level: int, index: int) -> bytes:
        try:
            return reader(level, index)
        except MalformedError as error:
            raise _astray(str(error)) from error

    try:
        reader = checked_nodes(read, point.size, point.root)
    except MalformedError as error:
        raise _astray(str(error)) from error
    return node


def _pending(shelf: Shelf, partner: Partner) -> list[Held]:
    """Return the checkpoint that a pull was on its way to when it died, if one did."""
    note = shelf.get(PENDING)
    if note is None:
        return []
    try:
        return [Held(note, partner.signed(note))]
    except (MalformedError, RefusedError, UnverifiableError):
        return []


def _need_not_shorter(shelf: Shelf, known: Held, shown: Held) -> None:
    """Raise the alarm where the partner shows no more than is known, and not the same."""
    old, new = known.point, shown.point
    if new.size > old.size or (new.size == old.size and new.root == old.root):
        return
    if new.size == old.size:
        raise _alarm(shelf, known, shown, SPLIT)
    if shelf.get(CHECKPOINT) != known.note:
        raise _alarm(shelf, known, shown, SHORTER)  # its entries were never read
    same = merkle.range_hash(0, new.size, nodes(shelf, old)) == new.root
    raise _alarm(shelf, known, shown, ROLLED_BACK if same else SPLIT)


def _began_so(known: Held, theirs: NodeReader) -> bool:
    """Whether the tree under the partner's own signature began as it promised."""
    size, root = known.point.size, known.point.root
    return size == 0 or merkle.range_hash(0, size, theirs) == root


_SAID = {
    ROLLED_BACK: "it signed {old:,} entries, and shows {new:,} of the same history: it went back",
    SHORTER: "it signed {old:,} entries, and shows {new:,}; of one history or not, nobody can tell",
    SPLIT: "it signed two histories, one of {old:,} and one of {new:,} entries",
}


def _alarm(shelf: Shelf, known: Held, shown: Held, word: str) -> RefusedError:
    old, new = known.point.size, shown.point.size
    name = canonical.digest(known.note + shown.note)[:16]
    folder = f"{ALARMS}/{word}-{old}-{new}-{name}"
    shelf.put(f"{folder}/held.checkpoint", known.note)
    shelf.put(f"{folder}/shown.checkpoint", shown.note)
    return RefusedError(
        f"ALARM about {known.point.origin}: {_SAID[word].format(old=old, new=new)}.",
        hint=f"Both notes are kept in {folder}. The copy was not touched. Tell its partners.",
    )


def _take(shelf: Shelf, source: _Source, held: Held, shown: Held) -> int:
    """Keep what is missing, then move the head; return how many bundles were fetched."""
    point, begun = shown.point, held.point.size // WIDTH
    known = nodes(shelf, held.point) if begun else source.node
    tiling, fetched = Tiling(begun * WIDTH, known), 0
    for index in range(begun, -(-point.size // WIDTH)):
        data, came = _bundle(shelf, source, index, point.size)
        fetched += came
        hashes = [merkle.leaf_hash(one) for one in tiles.unbundle(data)]
        full = tiling.push(hashes)
        if came:
            shelf.put(tiles.entries_path(index, len(hashes)), data)
        for path, tile in full:
            shelf.put(path, tile)
        source.told(tiling.size, point.size)
    if tiling.root() != point.root:
        raise _astray("the entries lead to another root")
    for path, tile in tiling.partial():
        shelf.put(path, tile)
    shelf.put(CHECKPOINT, shown.note)
    return fetched


def _bundle(shelf: Shelf, source: _Source, index: int, size: int) -> tuple[bytes, int]:
    """Return a bundle that leads to the root: one that a dead pull left, or a fresh one, and 1."""
    width = min(WIDTH, size - index * WIDTH)
    left = shelf.get(tiles.entries_path(index, width))
    wanted = merkle.range_hash(index * WIDTH, index * WIDTH + width, source.node)
    if left is not None and _hash_of(left) == (wanted, width):
        return left, 0
    data = source.bundle(index, size)
    if _hash_of(data) != (wanted, width):
        raise _astray(tiles.entries_path(index, width))
    return data, 1


def _hash_of(data: bytes) -> tuple[bytes, int]:
    try:
        found = tiles.unbundle(data)
    except MalformedError:
        return b"", 0
    return merkle.root([merkle.leaf_hash(one) for one in found]), len(found)


def _sweep(shelf: Shelf, old: int, new: int) -> None:
    """Take away the parts of tiles that only the older checkpoint needed."""
    for level in range(tiles.MAX_LEVEL + 1):
        was, now = old >> (tiles.HEIGHT * level), new >> (tiles.HEIGHT * level)
        if was % WIDTH and was != now:
            shelf.drop(tiles.tile_path(level, was // WIDTH, was % WIDTH))
            if level == 0:
                shelf.drop(tiles.entries_path(was // WIDTH, was % WIDTH))


def _astray(what: str) -> UnverifiableError:
    return UnverifiableError(
        f"What the partner shows does not lead to its checkpoint: {what.rstrip('.')}.",
        hint="No entry of it was kept. Check the address, and ask the partner.",
    )
