"""
Look at every statement again after a key came to its end: is it the same, and what is it worth.

Signatures that were checked once are remembered under the log's own signature, in a file that may
be thrown away. Judges statements by their keys and log time; decisions judge themselves.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from hashlib import sha256
from typing import Protocol

from msgspec import Struct

from voltrail import merkle
from voltrail.actions.desk import Desk
from voltrail.errors import ProductError
from voltrail.projections.signed_by import Looked, SignedBy, look
from voltrail.register import note
from voltrail.register.entry import Entry
from voltrail.trust.standing import Standing

CHUNK = 1_000  # [entries] read at a time
MOST = 1_000  # [entries] that nothing may rest on, named
_TITLE = "voltrail signed-by v1"
_LENGTH = 4  # [bytes] of the length of the note before the rest


class Swept(Struct, frozen=True):
    """
    What a look at all statements found.

    `counts` are statements by issuer and standing; `bad` the first 1,000 that nothing may rest on;
    `faults` what is not as it was registered; `fresh` how many signatures were checked just now.
    """

    size: int
    fresh: int
    counts: Counter[tuple[str, Standing]]
    bad: tuple[int, ...]
    faults: tuple[str, ...]

    @property
    def lost(self) -> int:
        """Number of statements that nothing may rest on."""
        return sum(count for (_, found), count in self.counts.items() if not found.is_good)


class Hands(Protocol):
    """Whatever does the same to each of many things, in order: `map`, or a pool of processes."""

    def __call__(
        self, work: Callable[[Sequence[Entry]], Looked], given: Iterable[Sequence[Entry]], /
    ) -> Iterable[Looked]:
        """Yield what comes of each."""


def sweep(
    desk: Desk,
    known: SignedBy,
    seen: Callable[[int], None] = lambda _: None,
    hands: Hands = map,
) -> Swept:
    """
    Return what every registered statement is worth now, and what is not as it was registered.

    Args:
        desk: where they are kept
        known: what is remembered; it learns the rest
        seen: told how many entries have been looked at
        hands: verify what is not remembered; with a pool of processes on several cores

    Returns:
        Counts, and the first that nothing may rest on.

    Source: reference on provenance, section 4.2; ADR 0045.
    """
    size, remembered = desk.entries.size(), known.size
    faults: list[str] = []
    for start, stop in _chunks(0, min(remembered, size)):
        raws = [entry.raw for entry in desk.entries.entries(start, stop)]
        faults += [f"Entry {at} was changed." for at in known.changed(raws, start)]
        seen(stop)
    anchors = desk.anchors()
    ahead = (_in_the_tree(desk, ends, faults) for ends in _chunks(known.size, size))
    for looked in hands(partial(look, anchors=anchors), ahead):
        known.add(looked)
        faults += looked.faults
        seen(known.size)
    counts: Counter[tuple[str, Standing]] = Counter()
    bad: list[int] = []
    for part in known.parts(anchors):
        counts += known.counts(part)
        bad += known.bad(part, MOST - len(bad))
    return Swept(size, size - min(remembered, size), counts, tuple(bad), tuple(faults))


def remember(desk: Desk, known: SignedBy) -> bytes:
    """
    Return what is remembered as a file that only this register's log key makes.

    Args:
        desk: holds the log's key
        known: as `sweep` left it

    Returns:
        The file's bytes.

    Source: our choice: ADR 0045.
    """
    body, key = known.pack(), desk.log
    signed = note.sign(_text(desk, known.size, body), key.origin, key.signer.sign, key.raw)
    return len(signed).to_bytes(_LENGTH, "big") + signed + body


def recall(desk: Desk, data: bytes) -> SignedBy:
    """
    Return what a file remembers of this register's history, or nothing.

    Args:
        data: from `remember`
        desk: whose register it is

    Returns:
        What is remembered; empty where the file is damaged, is another's, or of another history.

    Source: our choice: ADR 0045.
    """
    cut = _LENGTH + int.from_bytes(data[:_LENGTH], "big")
    try:
        text, _ = note.open_note(data[_LENGTH:cut], [note.parse_vkey(desk.log.verifier_key)])
        known = SignedBy.unpack(data[cut:])
    except ProductError:
        return SignedBy()
    if known.size > desk.entries.size() or text != _text(desk, known.size, data[cut:]):
        return SignedBy()
    return known


def _in_the_tree(desk: Desk, ends: tuple[int, int], faults: list[str]) -> list[Entry]:
    """Return some entries; a leaf that is not the tree's would give its entry another log time."""
    found = list(desk.entries.entries(*ends))
    faults += [
        f"Entry {one.index}: its leaf was changed."
        for one in found
        if one.leaf_hash != desk.entries.node(0, one.index)
    ]
    return found


def _text(desk: Desk, size: int, body: bytes) -> str:
    root = merkle.range_hash(0, size, desk.entries.node).hex() if size else ""
    return f"{_TITLE}\n{desk.log.origin}\n{size}\n{root}\n{sha256(body).hexdigest()}\n"


def _chunks(start: int, stop: int) -> Iterator[tuple[int, int]]:
    for at in range(start, stop, CHUNK):
        yield at, min(at + CHUNK, stop)
