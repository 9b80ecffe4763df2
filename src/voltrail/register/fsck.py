"""
Re-check the register from the bytes, trusting nothing computed earlier.

Recomputes each leaf from its envelope, the tree from the leaves, and compares with the stored
frontier, every signed checkpoint and whatever was promised elsewhere. Runs of entries are looked at
apart, by whoever has a processor for it. Does not check who signed the statements; `audit.check`
does.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct

from voltrail import merkle
from voltrail.errors import ProductError
from voltrail.merkle import Frontier
from voltrail.register import checkpoint as checkpoints
from voltrail.register.entry import Entry, parse_leaf
from voltrail.register.note import Verifier, open_note
from voltrail.register.store import EntryStore
from voltrail.statements import envelope as envelopes

_CHUNK = 1_000  # [entries] whose hashes go into the tree together


class Report(Struct, frozen=True):
    """What fsck read and every disagreement it found, one sentence each."""

    entries: int
    checkpoints: int
    faults: tuple[str, ...]
    root: bytes


class Run(Struct, frozen=True):
    """Some entries that follow each other: their leaf hashes, and what is wrong with each."""

    start: int
    hashes: tuple[bytes, ...]
    faults: tuple[str, ...]


def fsck(
    store: EntryStore,
    verifiers: Sequence[Verifier],
    *,
    promises: Iterable[tuple[int, bytes]] = (),
    runs: Iterable[Run] | None = None,
) -> Report:
    """
    Return everything that disagrees in a register.

    Args:
        store: the register, read only
        verifiers: keys of the log
        promises: sizes and roots that are known from elsewhere
        runs: its entries as `look` found them, in order and without a gap; None reads them here

    Returns:
        A report; sound where `faults` is empty.

    Source: C2SP tlog-tiles; RFC 6962 section 2.1.
    """
    notes, promised = sorted(store.checkpoints()), sorted(promises)
    wanted = sorted({size for size, _ in notes} | {size for size, _ in promised})
    faults: list[str] = []
    frontier, roots = Frontier.EMPTY, {0: Frontier.EMPTY.root()}
    for run in _runs(store) if runs is None else runs:
        if run.start != frontier.size:
            faults.append(f"Entries {frontier.size} to {run.start} are missing.")
        faults += run.faults
        for part in _parted(run.hashes, frontier.size, wanted):
            frontier = frontier.extend(part)
            roots[frontier.size] = frontier.root()
    if frontier != store.frontier():
        faults.append("The stored tree does not match the entries.")
    faults += _checkpoint_faults(notes, roots, verifiers)
    for size, root in promised:
        if roots.get(size) != root:
            faults.append(f"At size {size} the entries lead to another root than was promised.")
    return Report(frontier.size, len(notes), tuple(faults), frontier.root())


def look(entries: Iterable[Entry], start: int) -> Run:
    """
    Return what is wrong with each of some entries, and the leaf hashes that their bytes give.

    Args:
        entries: in order, as they were stored
        start: the index that the first one should have

    Returns:
        The run; it may be looked at in another process.

    Source: C2SP tlog-tiles; RFC 6962 section 2.1.
    """
    hashes: list[bytes] = []
    faults: list[str] = []
    for place, entry in enumerate(entries, start):
        faults += _entry_faults(entry, place)
        hashes.append(merkle.leaf_hash(entry.leaf))
    return Run(start, tuple(hashes), tuple(faults))


def _runs(store: EntryStore) -> Iterator[Run]:
    size = store.size()
    for start in range(0, size, _CHUNK):
        yield look(store.entries(start, min(start + _CHUNK, size)), start)


def _parted(
    hashes: Sequence[bytes], begun: int, wanted: Sequence[int]
) -> Iterator[Sequence[bytes]]:
    """Yield leaf hashes in parts that end at each wanted size among them, and at the last one."""
    ends = wanted[bisect_right(wanted, begun) : bisect_left(wanted, begun + len(hashes))]
    at = 0
    for end in (*ends, begun + len(hashes)):
        yield hashes[at : end - begun]
        at = end - begun


def _entry_faults(entry: Entry, place: int) -> Iterator[str]:
    if entry.index != place:
        yield f"Entry {place} is missing; the next one found is {entry.index}."
    try:
        found = envelopes.parse(entry.raw)
        said = parse_leaf(entry.leaf)
    except ProductError as error:
        yield f"Entry {entry.index} cannot be read: {error}"
        return
    if found.digest != said.envelope or len(entry.raw) != said.size:
        yield f"Entry {entry.index}: the envelope is not the one the leaf names."


def _checkpoint_faults(
    notes: list[tuple[int, bytes]], roots: dict[int, bytes], verifiers: Sequence[Verifier]
) -> Iterator[str]:
    for size, note in notes:
        try:
            text, _ = open_note(note, verifiers)
            promised = checkpoints.parse(text)
        except ProductError as error:
            yield f"The checkpoint at size {size} cannot be verified: {error}"
            continue
        if promised.size != size or roots.get(size) != promised.root:
            yield f"The checkpoint at size {size} promises another history than the entries hold."
