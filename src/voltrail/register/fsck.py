"""
Re-check the register from the bytes, trusting nothing computed earlier.

Recomputes each leaf from its envelope, the tree from the leaves, and compares with the stored
frontier and every signed checkpoint. Does not check who signed the statements; `audit.check` does.
"""

from collections.abc import Iterator, Sequence

from msgspec import Struct

from voltrail.errors import ProductError
from voltrail.merkle import Frontier
from voltrail.register import checkpoint as checkpoints
from voltrail.register.entry import Entry
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


def fsck(store: EntryStore, verifiers: Sequence[Verifier]) -> Report:
    """
    Return everything that disagrees in a register.

    Args:
        store: the register, read only
        verifiers: keys of the log

    Returns:
        A report; sound where `faults` is empty.

    Source: C2SP tlog-tiles; RFC 6962 section 2.1.
    """
    faults: list[str] = []
    notes = sorted(store.checkpoints())
    wanted = {size for size, _ in notes}
    frontier, roots = Frontier.EMPTY, {0: Frontier.EMPTY.root()}
    hashes: list[bytes] = []
    for place, entry in enumerate(store.entries(0, store.size())):
        faults += _entry_faults(entry, place)
        hashes.append(entry.leaf_hash)
        if place + 1 in wanted or len(hashes) == _CHUNK:
            frontier, hashes = frontier.extend(hashes), []
            roots[frontier.size] = frontier.root()
    frontier = frontier.extend(hashes)
    if frontier != store.frontier():
        faults.append("The stored tree does not match the entries.")
    faults += _checkpoint_faults(notes, roots, verifiers)
    return Report(frontier.size, len(notes), tuple(faults), frontier.root())


def _entry_faults(entry: Entry, place: int) -> Iterator[str]:
    if entry.index != place:
        yield f"Entry {place} is missing; the next one found is {entry.index}."
    try:
        found = envelopes.parse(entry.raw)
        said = entry.parsed
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
