"""
The socket for entries in order.

A store owes: `append` makes all of its entries durable or none; indices are dense from 0; nothing
that was appended changes. A store is NOT trusted: `fsck` recomputes everything from the bytes, and
signed checkpoints show what a dishonest one would hide. All writes of one action happen inside one
`transaction`, which also holds the sequencer's lease: two writers never get the same index.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Protocol

from voltrail.merkle import Frontier
from voltrail.register.entry import Entry


class EntryStore(Protocol):
    """Entries in order, the tree's frontier, and the checkpoints signed so far."""

    def transaction(self) -> AbstractContextManager[None]:
        """Hold the sequencer's lease and commit on leaving; nested calls join the outer one."""

    def size(self) -> int:
        """Return the number of entries."""

    def frontier(self) -> Frontier:
        """Return the perfect subtrees over all entries."""

    def last_time(self) -> datetime | None:
        """Return the log time of the newest entry."""

    def find(self, digests: Collection[str]) -> Mapping[str, int]:
        """Return the index of each of these envelopes that is registered."""

    def claimants(self, claims: Collection[str]) -> Mapping[str, str]:
        """Return, for each claimed identity that is taken, the envelope digest that holds it."""

    def append(
        self, entries: Sequence[Entry], claims: Mapping[int, str], frontier: Frontier
    ) -> None:
        """Store entries, the identities they claim by index, and the new frontier; all or none."""

    def entries(self, start: int, stop: int) -> Iterator[Entry]:
        """Yield entries from start, before stop, in order."""

    def at(self, indices: Sequence[int]) -> Sequence[Entry]:
        """Return the entries at these indices, in the order asked."""

    def node(self, level: int, index: int) -> bytes:
        """Return the hash of the perfect subtree at a level and index."""

    def checkpoints(self) -> Sequence[tuple[int, bytes]]:
        """Return the newest signed checkpoints, largest size first: size and note."""

    def put_checkpoint(self, size: int, note: bytes) -> None:
        """Store a signed checkpoint; an identical size is kept as first stored."""
