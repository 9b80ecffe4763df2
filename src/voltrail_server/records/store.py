"""
The entry socket plugged into Django's database: SQLite and PostgreSQL, by plain SQL.

One row, the lease, is locked first in every transaction; all its writes commit together.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.db import connections, transaction

from voltrail import merkle
from voltrail.merkle import HASH_BYTES, Frontier
from voltrail.register.entry import Entry
from voltrail.register.memory import Hook, check_next, ignore, no_node, unknown
from voltrail.register.tile import HEIGHT, WIDTH, hashes_of
from voltrail.statements import fields
from voltrail_server.records import sql

_CHUNK = 256  # [entries] read at once
_KEPT_TILES = 512  # [tiles] kept in memory, 4 MiB

_ENTRY = ("index", "digest", "predicate_type", "issuer", "log_time", "leaf", "leaf_hash", "raw")
_CLAIM = {"claim": "text", "index": "bigint", "digest": "text"}
_REPLACE_CLAIM = """ON CONFLICT (claim) DO UPDATE
SET "index" = excluded."index", digest = excluded.digest"""
_INSERT_TILE = "INSERT INTO records_tile (level, number, root, hashes) VALUES (%s, %s, %s, %s)"
_SET_LEASE = "UPDATE records_lease SET size = %s, peaks = %s, last_time = %s WHERE id = 1"
_LEASE = "SELECT size, peaks, last_time FROM records_lease WHERE id = 1"
_ENTRIES = """SELECT "index", leaf, raw FROM records_entry
WHERE "index" >= %s AND "index" < %s ORDER BY "index" LIMIT %s"""
_LEAVES = """SELECT leaf_hash FROM records_entry
WHERE "index" >= %s AND "index" < %s ORDER BY "index\""""
_ROOTS = """SELECT root FROM records_tile
WHERE level = %s AND number >= %s AND number < %s ORDER BY number"""
_TILE = "SELECT hashes FROM records_tile WHERE level = %s AND number = %s"
_NOTES = "SELECT size, note FROM records_checkpoint ORDER BY size DESC"


@dataclass(frozen=True, slots=True)
class _Lease:
    frontier: Frontier
    last_time: datetime | None


class DjangoEntries:
    """Entries as rows. Hooks hear the name of each write, before and after it."""

    def __init__(
        self, using: str = "default", *, before_write: Hook = ignore, after_write: Hook = ignore
    ) -> None:
        self.using = using
        self._before, self._after = before_write, after_write
        self._held = threading.local()
        self._tiles: OrderedDict[tuple[int, int], tuple[bytes, ...]] = OrderedDict()
        self._tiles_lock = threading.Lock()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Hold the lease; an exception that leaves the outermost call undoes everything."""
        if self._inside:
            yield
            return
        with transaction.atomic(using=self.using):
            self._held.lease = self._read_lease(lock=True)
            try:
                yield
                self._before("commit")
            finally:
                self._held.lease = None
        self._after("commit")

    def size(self) -> int:
        """Return the number of entries."""
        return self._lease().frontier.size

    def frontier(self) -> Frontier:
        """Return the perfect subtrees over all entries."""
        return self._lease().frontier

    def last_time(self) -> datetime | None:
        """Return the log time of the newest entry."""
        return self._lease().last_time

    def find(self, digests: Collection[str]) -> Mapping[str, int]:
        """Return the index of each of these envelopes that is registered."""
        wanted = 'SELECT digest, "index" FROM records_entry WHERE digest IN ({})'
        return dict(sql.among(self.using, wanted, digests))

    def claimants(self, claims: Collection[str]) -> Mapping[str, str]:
        """Return, for each claimed identity that is taken, the envelope digest that holds it."""
        names = {_claim_key(claim): claim for claim in claims}
        wanted = "SELECT claim, digest FROM records_claim WHERE claim IN ({})"
        return {names[key]: digest for key, digest in sql.among(self.using, wanted, names)}

    def append(
        self, entries: Sequence[Entry], claims: Mapping[int, str], frontier: Frontier
    ) -> None:
        """Store entries, the identities they claim by index, and the new frontier; all or none."""
        with self.transaction():
            before = self._lease().frontier.size
            check_next(entries, before, frontier)
            if not entries:
                return
            self._before("entries")
            sql.load(self.using, "records_entry", _ENTRY, [_row(entry) for entry in entries])
            self._after("entries")
            self._put_claims(entries, claims)
            self._write_tiles(before, frontier.size)
            last = entries[-1].parsed.log_time
            lease = frontier.size, b"".join(frontier.peaks), fields.stamp(last)
            self._write("lease", _SET_LEASE, [lease])
            self._held.lease = _Lease(frontier, last)

    def entries(self, start: int, stop: int) -> Iterator[Entry]:
        """Yield entries from start, before stop, in order."""
        while True:
            rows = self._rows(_ENTRIES, start, stop, _CHUNK)
            for index, leaf, raw in rows:
                yield Entry(index, bytes(leaf), bytes(raw))
            if len(rows) < _CHUNK:
                return
            start = rows[-1][0] + 1

    def at(self, indices: Sequence[int]) -> Sequence[Entry]:
        """Return the entries at these indices, in the order asked."""
        wanted = 'SELECT "index", leaf, raw FROM records_entry WHERE "index" IN ({})'
        found = {
            index: Entry(index, bytes(leaf), bytes(raw))
            for index, leaf, raw in sql.among(self.using, wanted, set(indices))
        }
        for index in indices:
            if index not in found:
                raise unknown(index)
        return [found[index] for index in indices]

    def node(self, level: int, index: int) -> bytes:
        """Return the hash of the perfect subtree at a level and index."""
        if level < 0 or index < 0:
            raise no_node(level, index)
        tile_level, rise = divmod(level, HEIGHT)
        found = self._hashes(tile_level, index << rise, 1 << rise)
        if len(found) != 1 << rise:
            raise no_node(level, index)
        return merkle.root(found)

    def checkpoints(self) -> Sequence[tuple[int, bytes]]:
        """Return the signed checkpoints, largest size first: size and note."""
        return Notes(self._rows)

    def put_checkpoint(self, size: int, note: bytes) -> None:
        """Store a signed checkpoint; an identical size is kept as first stored."""
        with self.transaction():
            if self._rows("SELECT size FROM records_checkpoint WHERE size = %s", size):
                return
            insert = "INSERT INTO records_checkpoint (size, note) VALUES (%s, %s)"
            self._write("checkpoint", insert, [(size, note)])

    @property
    def _inside(self) -> bool:
        return getattr(self._held, "lease", None) is not None

    def _lease(self) -> _Lease:
        return self._held.lease if self._inside else self._read_lease(lock=False)

    def _read_lease(self, *, lock: bool) -> _Lease:
        locking = lock and connections[self.using].vendor == "postgresql"
        ((size, peaks, last),) = self._rows(_LEASE + " FOR UPDATE" if locking else _LEASE)
        packed = bytes(peaks)
        hashes = tuple(packed[at : at + HASH_BYTES] for at in range(0, len(packed), HASH_BYTES))
        return _Lease(Frontier(size, hashes), fields.instant(last, "log time") if last else None)

    def _put_claims(self, entries: Sequence[Entry], claims: Mapping[int, str]) -> None:
        newest = {
            claims[entry.index]: (
                _claim_key(claims[entry.index]),
                entry.index,
                entry.parsed.envelope,
            )
            for entry in entries
            if entry.index in claims
        }
        if newest:
            self._before("claims")
            rows = list(newest.values())
            sql.merge(self.using, "records_claim", _CLAIM, rows, _REPLACE_CLAIM)
            self._after("claims")

    def _write_tiles(self, before: int, after: int) -> None:
        """Write each tile that became full between two sizes, level by level."""
        level = 0
        while after // WIDTH:
            before, after = before // WIDTH, after // WIDTH
            rows = []
            for number in range(before, after):
                hashes = self._below(level, number * WIDTH, WIDTH)
                rows.append((level, number, merkle.root(hashes), b"".join(hashes)))
            if rows:
                self._write("tiles", _INSERT_TILE, rows)
            level += 1

    def _hashes(self, level: int, first: int, count: int) -> Sequence[bytes]:
        number, at = divmod(first, WIDTH)
        full = self._tile(level, number)
        return full[at : at + count] if full else self._below(level, first, count)

    def _tile(self, level: int, number: int) -> tuple[bytes, ...]:
        with self._tiles_lock:
            kept = self._tiles.get((level, number))
        if kept:
            return kept
        rows = self._rows(_TILE, level, number)
        if not rows:
            return ()
        found = hashes_of(bytes(rows[0][0]))
        if not connections[self.using].in_atomic_block:  # what may vanish is not remembered
            with self._tiles_lock:
                self._tiles[level, number] = found
                while len(self._tiles) > _KEPT_TILES:
                    self._tiles.popitem(last=False)
        return found

    def _below(self, level: int, first: int, count: int) -> list[bytes]:
        if level == 0:
            rows = self._rows(_LEAVES, first, first + count)
        else:
            rows = self._rows(_ROOTS, level - 1, first, first + count)
        return [bytes(found) for (found,) in rows]

    def _rows(self, query: str, *values: object) -> list[Any]:
        return sql.read(self.using, query, *values)

    def _write(self, name: str, query: str, rows: Iterable[Sequence[object]]) -> None:
        self._before(name)
        sql.write(self.using, query, rows)
        self._after(name)


class Notes(Sequence[tuple[int, bytes]]):
    """Checkpoints, largest first: the newest is read at once, the others when somebody asks."""

    def __init__(self, rows: Callable[..., list[Any]]) -> None:
        self._rows = rows
        self._newest = _notes(rows(_NOTES + " LIMIT 1"))

    def __bool__(self) -> bool:
        return bool(self._newest)

    def __len__(self) -> int:
        return int(self._rows("SELECT count(*) FROM records_checkpoint")[0][0])

    def __iter__(self) -> Iterator[tuple[int, bytes]]:
        return iter(_notes(self._rows(_NOTES)))

    def __getitem__(self, at: Any) -> Any:  # noqa: ANN401 — a place or a slice
        return self._newest[0] if at == 0 and self._newest else list(self)[at]


def _notes(rows: Iterable[tuple[int, bytes]]) -> list[tuple[int, bytes]]:
    return [(size, bytes(note)) for size, note in rows]


def _row(entry: Entry) -> tuple[object, ...]:
    leaf = entry.parsed
    named = leaf.envelope, leaf.predicate_type, str(leaf.issuer), fields.stamp(leaf.log_time)
    return (entry.index, *named, entry.leaf, entry.leaf_hash, entry.raw)


def _claim_key(claim: str) -> str:
    return sha256(claim.encode()).hexdigest()
