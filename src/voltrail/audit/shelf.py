"""
The entries and tables of a pack as stores that are read only and full of gaps.

What a pack does not hold cannot be read; nothing can be written. Knows nothing of proofs.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime
from functools import cached_property
from typing import NoReturn

from msgspec import Struct

from voltrail.errors import RegisterCorruptError
from voltrail.register.entry import Entry


class PackBlobs(Struct, frozen=True):
    """The committed tables of a pack, read only."""

    tables: Mapping[str, bytes]

    def put(self, data: bytes) -> NoReturn:  # noqa: ARG002 — the socket's shape
        """
        Refuse: a pack is read only.

        Raises:
            RegisterCorruptError: always.

        Source: ADR 0008.
        """
        raise RegisterCorruptError("A pack cannot be written to.")

    def get(self, digest: str) -> bytes | None:
        """Return the table with a digest, or None."""
        return self.tables.get(digest)


class PackEntries(Struct, frozen=True, dict=True):
    """The entries of a pack as a register that is read only and full of gaps."""

    kept: tuple[Entry, ...]

    @cached_property
    def _by_index(self) -> dict[int, Entry]:
        return {entry.index: entry for entry in self.kept}

    def transaction(self) -> AbstractContextManager[None]:
        """Return a context that does nothing."""
        return nullcontext()

    def size(self) -> int:
        """Return one more than the newest index."""
        return max(self._by_index, default=-1) + 1

    def frontier(self) -> NoReturn:
        """
        Refuse: a pack has no tree of its own.

        Raises:
            RegisterCorruptError: always.

        Source: ADR 0008.
        """
        raise RegisterCorruptError("A pack has no tree.")

    def last_time(self) -> datetime | None:
        """Return the log time of the newest entry."""
        return self.kept[-1].parsed.log_time if self.kept else None

    def find(self, digests: Collection[str]) -> Mapping[str, int]:
        """Return the index of each envelope that is in the pack."""
        found = {entry.parsed.envelope: entry.index for entry in self.kept}
        return {digest: found[digest] for digest in digests if digest in found}

    def claimants(self, claims: Collection[str]) -> Mapping[str, str]:  # noqa: ARG002
        """Return nothing: claims matter on appending only."""
        return {}

    def append(self, *_: object) -> NoReturn:
        """
        Refuse: a pack is read only.

        Raises:
            RegisterCorruptError: always.

        Source: ADR 0008.
        """
        raise RegisterCorruptError("A pack cannot be written to.")

    def entries(self, start: int, stop: int) -> Iterator[Entry]:
        """Yield the entries that the pack holds in a range."""
        return (entry for entry in self.kept if start <= entry.index < stop)

    def at(self, indices: Sequence[int]) -> Sequence[Entry]:
        """Return the entries at these indices, in the order asked."""
        return [self._by_index[index] for index in indices]

    def node(self, level: int, index: int) -> NoReturn:
        """
        Refuse: a pack has no tree of its own.

        Raises:
            RegisterCorruptError: always.

        Source: ADR 0008.
        """
        raise RegisterCorruptError(f"A pack has no node {level}/{index}.")

    def checkpoints(self) -> Sequence[tuple[int, bytes]]:
        """Return nothing: the pack's checkpoint is checked by itself."""
        return ()

    def put_checkpoint(self, size: int, note: bytes) -> NoReturn:
        """
        Refuse: a pack is read only.

        Raises:
            RegisterCorruptError: always.

        Source: ADR 0008.
        """
        raise RegisterCorruptError(f"A pack cannot keep a checkpoint of {len(note)} at {size}.")
