"""
The register's sockets plugged into this process's memory: tests, and the replay of packs.

Atomic, not durable. Whoever joins the store's transactions is told how each one ended. Does not
know what joins it, nor what an entry says.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from threading import RLock
from typing import Protocol

from voltrail import canonical
from voltrail.errors import MalformedError, RegisterCorruptError, UnknownSubjectError
from voltrail.merkle import Frontier, node_hash
from voltrail.register.entry import Entry

Hook = Callable[[str], None]


class Joined(Protocol):
    """Whatever must begin, stay or vanish together with a transaction of the entries."""

    def begin(self) -> None:
        """Remember the state to go back to."""

    def settle(self, *, kept: bool) -> None:
        """Keep what was written since `begin`, or undo it."""


def ignore(_write: str) -> None:
    """
    Do nothing: the hook of a store that nobody watches.

    Source: our choice: design, section 8.5, faults.
    """


class MemoryEntries:
    """Entries in a list. Hooks hear the name of each write, before and after it."""

    def __init__(
        self,
        joined: Sequence[Joined] = (),
        *,
        before_write: Hook = ignore,
        after_write: Hook = ignore,
    ) -> None:
        self._joined = tuple(joined)
        self._before, self._after = before_write, after_write
        self._lock = RLock()
        self._open = False
        self._entries: list[Entry] = []
        self._rows: list[list[bytes]] = [[]]
        self._frontier = Frontier.EMPTY
        self._by_digest: dict[str, int] = {}
        self._holders: dict[str, str] = {}
        self._notes: dict[int, bytes] = {}
        self._mark()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Hold the lease; an exception that leaves the outermost call undoes everything."""
        with self._lock:
            if self._open:
                yield
                return
            self._begin()
            try:
                yield
                self._before("commit")
                self._persist()
            except BaseException:
                self._settle(kept=False)
                raise
            self._settle(kept=True)
            self._after("commit")

    def size(self) -> int:
        """Return the number of entries."""
        return len(self._entries)

    def frontier(self) -> Frontier:
        """Return the perfect subtrees over all entries."""
        return self._frontier

    def last_time(self) -> datetime | None:
        """Return the log time of the newest entry."""
        return self._entries[-1].parsed.log_time if self._entries else None

    def find(self, digests: Collection[str]) -> Mapping[str, int]:
        """Return the index of each of these envelopes that is registered."""
        return {one: self._by_digest[one] for one in digests if one in self._by_digest}

    def claimants(self, claims: Collection[str]) -> Mapping[str, str]:
        """Return, for each claimed identity that is taken, the envelope digest that holds it."""
        return {one: self._holders[one] for one in claims if one in self._holders}

    def append(
        self, entries: Sequence[Entry], claims: Mapping[int, str], frontier: Frontier
    ) -> None:
        """Store entries, the identities they claim by index, and the new frontier; all or none."""
        check_next(entries, self.size(), frontier)
        with self.transaction():
            self._before("entries")
            for entry in entries:
                self._take(entry, claims.get(entry.index))
            self._frontier = frontier
            self._after("entries")

    def entries(self, start: int, stop: int) -> Iterator[Entry]:
        """Yield entries from start, before stop, in order."""
        yield from self._entries[max(start, 0) : max(stop, 0)]

    def at(self, indices: Sequence[int]) -> Sequence[Entry]:
        """Return the entries at these indices, in the order asked."""
        for index in indices:
            if not 0 <= index < len(self._entries):
                raise unknown(index)
        return [self._entries[index] for index in indices]

    def node(self, level: int, index: int) -> bytes:
        """Return the hash of the perfect subtree at a level and index."""
        if not 0 <= level < len(self._rows) or not 0 <= index < len(self._rows[level]):
            raise no_node(level, index)
        return self._rows[level][index]

    def checkpoints(self) -> Sequence[tuple[int, bytes]]:
        """Return the signed checkpoints, largest size first: size and note."""
        return sorted(self._notes.items(), reverse=True)

    def put_checkpoint(self, size: int, note: bytes) -> None:
        """Store a signed checkpoint; an identical size is kept as first stored."""
        with self.transaction():
            if size in self._notes:
                return
            self._before("checkpoint")
            self._notes[size] = note
            self._new_notes.append(size)
            self._after("checkpoint")

    def _mark(self) -> None:
        self._start = len(self._entries), self._frontier
        self._new_claims: dict[int, tuple[str, str | None]] = {}
        self._new_notes: list[int] = []

    def _begin(self) -> None:
        self._open = True
        self._mark()
        for one in self._joined:
            one.begin()

    def _persist(self) -> None:
        """Make the transaction durable; memory has nothing to do."""

    def _settle(self, *, kept: bool) -> None:
        self._open = False
        if not kept:
            self._undo()
        self._mark()
        for one in self._joined:
            one.settle(kept=kept)

    def _undo(self) -> None:
        size, self._frontier = self._start
        for claim, before in reversed(self._new_claims.values()):
            if before is None:
                del self._holders[claim]
            else:
                self._holders[claim] = before
        for note in self._new_notes:
            del self._notes[note]
        for entry in self._entries[size:]:
            del self._by_digest[entry.parsed.envelope]
        del self._entries[size:]
        for level, row in enumerate(self._rows):
            del row[size >> level :]

    def _take(self, entry: Entry, claim: str | None) -> None:
        digest = entry.parsed.envelope
        if digest in self._by_digest:
            raise RegisterCorruptError(
                f"Envelope {digest} is registered already.", hint="Ask for its first place."
            )
        self._entries.append(entry)
        self._by_digest[digest] = entry.index
        if claim:
            self._new_claims[entry.index] = claim, self._holders.get(claim)
            self._holders[claim] = digest
        self._grow(entry.leaf_hash)

    def _grow(self, leaf: bytes) -> None:
        self._rows[0].append(leaf)
        level = 0
        while len(self._rows[level]) % 2 == 0:
            if level + 1 == len(self._rows):
                self._rows.append([])
            left, right = self._rows[level][-2:]
            level += 1
            self._rows[level].append(node_hash(left, right))


class MemoryBlobs:
    """Bytes by digest in a dictionary. Not durable."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def put(self, data: bytes) -> str:
        """Store bytes and return their digest."""
        digest = canonical.digest(data)
        self._kept.setdefault(digest, bytes(data))
        return digest

    def get(self, digest: str) -> bytes | None:
        """Return the bytes with a digest, or None."""
        return self._kept.get(digest)


def check_next(entries: Sequence[Entry], size: int, frontier: Frontier) -> None:
    """
    Check that entries and frontier continue a register of some size.

    Args:
        entries: to be appended, in order
        size: entries before them
        frontier: after them

    Raises:
        RegisterCorruptError: an index is not the next one, or the frontier has another size.

    Source: our choice: ADR 0005.
    """
    found = [entry.index for entry in entries]
    if found != list(range(size, size + len(entries))) or frontier.size != size + len(entries):
        raise RegisterCorruptError(
            f"These entries do not follow the {size} that are kept.",
            hint="Start the action again; another writer was faster.",
        )


def unknown(index: int) -> UnknownSubjectError:
    """
    Return the error that says that no entry stands at an index.

    Args:
        index: what was asked for

    Returns:
        The error, to be raised.

    Source: our choice: ADR 0005.
    """
    return UnknownSubjectError(
        f"The register has no entry {index}.", hint="Ask for an index below its size."
    )


def no_node(level: int, index: int) -> MalformedError:
    """
    Return the error that says that the tree has no such perfect subtree.

    Args:
        level: what was asked for, 0 at the leaves
        index: what was asked for

    Returns:
        The error, to be raised.

    Source: RFC 6962 section 2.1.
    """
    return MalformedError(
        f"The tree has no node {index} at level {level}.", hint="Ask for nodes within its size."
    )
