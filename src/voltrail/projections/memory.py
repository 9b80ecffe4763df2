"""
The view socket plugged into memory: tests, the command line, and the replay of packs.

Joins the transactions of memory or folder entries (`register.memory.Joined`). Does not know what a
key or a row means.
"""

import hashlib
from bisect import bisect_left, bisect_right, insort
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import partial
from typing import Any

from msgspec.structs import astuple

from voltrail.canonical import canonical_bytes
from voltrail.projections.memory_found import MemoryFound
from voltrail.projections.memory_reach import MemoryReach
from voltrail.projections.store import ArrivalRow, ReachRow, StayRow


class MemoryViews(MemoryReach, MemoryFound):
    """Links, sightings, rows, findings, reach, stays in dictionaries; `outbox` has the events."""

    def __init__(self) -> None:
        self.outbox: list[tuple[int, str, str]] = []
        super().__init__()
        self._projected = 0
        self._empty()

    def link(self, links: Iterable[tuple[str, int]]) -> None:
        """Remember that the entry at an index speaks of a key; a repeated link changes nothing."""
        for key, index in links:
            held = self._links.get(key)
            if held is None:
                held = self._links[key] = []
                insort(self._keys, key)
            at = bisect_left(held, index)
            if held[at : at + 1] != [index]:
                held.insert(at, index)
                self._later(partial(self._unlink, key, index))

    def indices(self, key: str, below: int | None = None) -> Sequence[int]:
        """Return, ascending, the entries that speak of a key, with an index below a bound."""
        held = self._links.get(key, [])
        return held[:] if below is None else held[: bisect_left(held, below)]

    def indices_many(
        self, keys: Collection[str], below: int | None = None
    ) -> Mapping[str, Sequence[int]]:
        """Return what `indices` returns for each of many keys; keys nobody speaks of left out."""
        return {key: self.indices(key, below) for key in keys if key in self._links}

    def keys(self, prefix: str, after: str = "", limit: int = 1_000) -> Sequence[str]:
        """Return, in order, keys that begin with a prefix and follow another key."""
        start = max(bisect_left(self._keys, prefix), bisect_right(self._keys, after))
        found = self._keys[start : start + limit]
        return [key for key in found if key.startswith(prefix)]

    def sight(self, sightings: Iterable[tuple[str, str, int]]) -> None:
        """Remember unit, arrival, entry index."""
        for unit, arrival, index in sightings:
            held = self._sightings.setdefault(unit, set())
            if (arrival, index) not in held:
                held.add((arrival, index))
                self._later(partial(held.discard, (arrival, index)))

    def sightings(
        self, units: Collection[str], below: int | None = None
    ) -> Mapping[str, frozenset[str]]:
        """Return the arrivals that each of these units was seen in; others are left out."""
        found = {}
        for unit in units:
            held = self._sightings.get(unit, ())
            seen = frozenset(where for where, index in held if below is None or index < below)
            if seen:
                found[unit] = seen
        return found

    def put_rows(self, rows: Iterable[ArrivalRow]) -> None:
        """Store rows by arrival, replacing older ones."""
        for row in rows:
            before = self._rows.get(row.arrival)
            self._rows[row.arrival] = row
            self._later(partial(self._put_back, row.arrival, before))

    def row(self, arrival: str) -> ArrivalRow | None:
        """Return an arrival's row."""
        return self._rows.get(arrival)

    def rows_of(self, arrivals: Collection[str]) -> Mapping[str, ArrivalRow]:
        """Return the rows of these arrivals that have one."""
        found = ((arrival, self.row(arrival)) for arrival in arrivals)
        return {arrival: row for arrival, row in found if row is not None}

    def rows(self, after: str = "", limit: int = 1_000) -> Sequence[ArrivalRow]:
        """Return rows in order of arrival id, following another id."""
        names = sorted(name for name in self._rows if name > after)
        return [self._rows[name] for name in names[:limit]]

    def events(self, events: Iterable[tuple[int, str, str]]) -> None:
        """Put index, topic and subject into the outbox, in the same transaction."""
        before = len(self.outbox)
        self.outbox.extend(events)
        self._later(lambda: self.outbox.__delitem__(slice(before, None)))

    def projected(self) -> int:
        """Return how many entries the views hold."""
        return self._projected

    def set_projected(self, size: int) -> None:
        """Remember how many entries the views hold."""
        before, self._projected = self._projected, size
        self._later(lambda: setattr(self, "_projected", before))

    def clear(self) -> None:
        """Forget everything but the outbox."""
        before = self._keys, self._links, self._sightings, self._rows
        self._empty()
        self._later(lambda: self._restore(before))
        self.clear_reach()
        self.clear_found()
        self.set_projected(0)

    def digest(self) -> str:
        """Return the SHA-256 over everything but outbox and findings, in order."""
        links = ((key, index) for key in self._keys for index in self._links[key])
        seen = (
            (unit, *place)
            for unit, held in sorted(self._sightings.items())
            for place in sorted(held)
        )
        rows = (self._rows[name] for name in sorted(self._rows))
        return digest_of(links, seen, rows, self.every_reach(), self.every_stay())

    def _empty(self) -> None:
        self._keys: list[str] = []
        self._links: dict[str, list[int]] = {}
        self._sightings: dict[str, set[tuple[str, int]]] = {}
        self._rows: dict[str, ArrivalRow] = {}

    def _restore(
        self,
        before: tuple[
            list[str], dict[str, list[int]], dict[str, set[tuple[str, int]]], dict[str, ArrivalRow]
        ],
    ) -> None:
        self._keys, self._links, self._sightings, self._rows = before

    def _unlink(self, key: str, index: int) -> None:
        held = self._links[key]
        held.remove(index)
        if not held:
            del self._links[key]
            self._keys.remove(key)

    def _put_back(self, arrival: str, before: ArrivalRow | None) -> None:
        if before is None:
            del self._rows[arrival]
        else:
            self._rows[arrival] = before


def digest_of(
    links: Iterable[tuple[str, int]],
    sightings: Iterable[tuple[str, str, int]],
    rows: Iterable[ArrivalRow],
    reach: Iterable[ReachRow] = (),
    stays: Iterable[StayRow] = (),
) -> str:
    """
    Return the digest of views, the same from every store.

    Args:
        links: key and index, in order
        sightings: unit, arrival and index, in order
        rows: in order of arrival id
        reach: in order of lot and asset
        stays: in order of asset, time and place

    Returns:
        SHA-256, hexadecimal.

    Source: our choice: design, section 7, projections.
    """
    found = hashlib.sha256()
    listed: tuple[tuple[str, Iterable[tuple[Any, ...]]], ...] = (
        ("link", links),
        ("sighting", sightings),
        ("row", map(astuple, rows)),
        ("reach", map(astuple, reach)),
        ("stay", map(astuple, stays)),
    )
    for kind, tuples in listed:
        for one in tuples:
            plain = [str(item) if isinstance(item, str) else item for item in one]
            found.update(canonical_bytes({kind: plain}) + b"\n")
    return found.hexdigest()
