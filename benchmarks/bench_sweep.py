"""Claim 14: after a theft each statement is looked at again for little more than one hash."""

import time
from collections.abc import Callable
from hashlib import sha256

import ground
import measure
from measure import FULL, Row, show, spread
from msgspec.structs import replace

from voltrail.actions import sweep
from voltrail.actions.desk import Desk
from voltrail.cli.sweeps import hands
from voltrail.ids.subject import PartyId
from voltrail.projections.signed_by import SignedBy
from voltrail.register.entry import Entry
from voltrail.register.store import EntryStore
from voltrail.trust import signer
from voltrail.trust.anchors import Anchor, Anchors, KeyState
from voltrail_world.cast import BEGINS, born

COUNT = 1_000_000 if FULL else 100_000
FRESH = 20_000  # [entries] whose signatures are checked by one process, then by two
WEIR = PartyId.of("weircells")


def main() -> None:
    with ground.folder() as home:
        ground.django_up(home)
        own = signer.generate()
        desk = replace(ground.desk_in(born()), pinned=Anchors((Anchor(own.public, WEIR, BEGINS),)))
        ground.short_statements(desk, COUNT, own, WEIR)
        again, known = _again(_stolen(desk))
        rows = [again, _in_memory(_stolen(desk), known), _apart(desk)]
        show("14  After a theft, every statement again", rows)


def _stolen(desk: Desk) -> Desk:
    """The desk, once the key is known to be stolen when half of the statements were there."""
    (middle,) = desk.entries.at([COUNT // 2])
    (own,) = desk.pinned.anchors
    since = middle.parsed.log_time
    lost = replace(own, state=KeyState.COMPROMISED, compromised_since=since)
    return replace(desk, pinned=Anchors((lost,)), _kept={})


def _again(desk: Desk) -> tuple[Row, SignedBy]:
    known = SignedBy()
    begun = time.perf_counter()
    sweep.sweep(desk, known)
    first = time.perf_counter() - begun
    kept = sweep.remember(desk, known)
    begun = time.perf_counter()
    known = sweep.recall(desk, kept)
    taken = time.perf_counter() - begun
    print(
        f"{COUNT:,} statements: {first:.1f} s the first time, every signature checked;"
        f" {len(kept) / COUNT:.0f} bytes remembered of each, read and verified in {taken:.2f} s"
    )

    def bare() -> None:
        for start in range(0, COUNT, sweep.CHUNK):
            for entry in desk.entries.entries(start, start + sweep.CHUNK):
                sha256(entry.raw).digest()

    return _row(f"{COUNT:,} statements, SQLite", bare, desk, known), known


def _in_memory(desk: Desk, known: SignedBy) -> Row:
    """The same without reading rows: what the look itself costs."""
    kept = _Kept(desk.entries)

    def bare() -> None:
        for entry in kept.listed:
            sha256(entry.raw).digest()

    return _row(f"{COUNT:,} statements, in memory", bare, replace(desk, entries=kept), known)


def _row(claim: str, bare: Callable[[], None], desk: Desk, known: SignedBy) -> Row:
    def whole() -> None:
        found = sweep.sweep(desk, known)
        if found.lost != COUNT - COUNT // 2 or found.fresh:
            raise SystemExit(f"{found.lost} lost, {found.fresh} checked")

    times = measure.pairs(bare, whole)
    return Row(
        claim,
        spread(fast for fast, _ in times).text(" s"),
        spread(slow for _, slow in times).text(" s"),
        spread(slow / fast for fast, slow in times).middle,
        2.0,
        at_most=True,
    )


def _apart(desk: Desk) -> Row:
    few = replace(desk, entries=_First(desk.entries, FRESH), _kept={})

    def timed(processes: int) -> float:
        with hands(processes, apart=True) as work:
            sweep.sweep(replace(few, entries=_First(desk.entries, 2_000)), SignedBy(), hands=work)
            begun = time.perf_counter()
            sweep.sweep(few, SignedBy(), hands=work)
            return time.perf_counter() - begun

    times = [(timed(1), timed(2)) for _ in range(measure.ROUNDS)]
    return Row(
        f"{FRESH:,} signatures, two processes against one (clock)",
        spread(FRESH / one for one, _ in times).text("/s"),
        spread(FRESH / two for _, two in times).text("/s"),
        spread(one / two for one, two in times).middle,
        1.8,
    )


class _First:
    """The first entries of a store."""

    def __init__(self, entries: object, count: int) -> None:
        self._entries, self._count = entries, count

    def size(self) -> int:
        return self._count

    def __getattr__(self, name: str) -> object:
        return getattr(self._entries, name)


class _Kept:
    """All entries of a store, in memory."""

    def __init__(self, entries: EntryStore) -> None:
        self._entries, self.listed = entries, list(entries.entries(0, entries.size()))

    def entries(self, start: int, stop: int) -> list[Entry]:
        return self.listed[start:stop]

    def __getattr__(self, name: str) -> object:
        return getattr(self._entries, name)


if __name__ == "__main__":
    main()
