"""
The part of the view socket in memory that keeps reach and stays.

Two dictionaries of the same sums, one for each way to ask. Does not know what a lot is.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import partial

from voltrail.projections.memory_undo import Undoing
from voltrail.projections.parts import MOST
from voltrail.projections.store import Reached, ReachRow, StayRow

_Sums = dict[str, dict[str, tuple[int, int]]]


class MemoryReach(Undoing):
    """Reach and stays in dictionaries."""

    def __init__(self) -> None:
        super().__init__()
        self._by_lot: _Sums = {}
        self._by_asset: _Sums = {}
        self._stays: dict[str, tuple[StayRow, ...]] = {}

    def add_reach(self, changes: Iterable[ReachRow]) -> None:
        """Add counts to the rows of lot and asset; a row of nothing is none. Up to 2^53 - 1."""
        for one in changes:
            before = self._by_lot.get(one.lot, {}).get(one.asset, (0, 0))
            after = before[0] + one.definite, before[1] + one.possible
            self._set(one.lot, one.asset, (min(after[0], MOST), min(after[1], MOST)))
            self._later(partial(self._set, one.lot, one.asset, before))

    def reach_of(self, lots: Collection[str]) -> Mapping[str, Sequence[ReachRow]]:
        """Return, by asset, the rows of each of these lots; lots in nothing left out."""
        return {
            lot: [ReachRow(lot, asset, *many) for asset, many in sorted(self._by_lot[lot].items())]
            for lot in lots
            if lot in self._by_lot
        }

    def reached(self, lot: str) -> Sequence[Reached]:
        """Return what a lot is in and where that is: a row for each stay, one where none is."""
        found = []
        for asset, many in self._by_lot.get(lot, {}).items():
            stays = self._stays.get(asset, ())
            found += [Reached(asset, *many, one.since, one.place, one.entry) for one in stays]
            found += [] if stays else [Reached(asset, *many)]
        return found

    def reached_by(self, assets: Collection[str]) -> Mapping[str, Sequence[ReachRow]]:
        """Return, by lot, the rows of each of these assets; assets of nothing left out."""
        return {
            asset: [ReachRow(lot, asset, *many) for lot, many in sorted(found.items())]
            for asset in assets
            if (found := self._by_asset.get(asset))
        }

    def put_stays(self, stays: Mapping[str, Sequence[StayRow]]) -> None:
        """Store the stays of these assets, in place of those they had."""
        for asset, rows in stays.items():
            before = self._stays.get(asset, ())
            self._stay(asset, tuple(sorted(rows)))
            self._later(partial(self._stay, asset, before))

    def stays(self, assets: Collection[str]) -> Mapping[str, Sequence[StayRow]]:
        """Return, oldest first, the stays of each of these assets; assets without left out."""
        return {asset: self._stays[asset] for asset in assets if asset in self._stays}

    def clear_reach(self) -> None:
        """Forget reach and stays."""
        before = self._by_lot, self._by_asset, self._stays
        self._by_lot, self._by_asset, self._stays = {}, {}, {}
        self._later(lambda: self._reach_back(before))

    def every_reach(self) -> Iterator[ReachRow]:
        """Yield every row of reach, in order of lot and asset."""
        for lot in sorted(self._by_lot):
            yield from self.reach_of((lot,))[lot]

    def every_stay(self) -> Iterator[StayRow]:
        """Yield every stay, in order of asset, time and place."""
        for asset in sorted(self._stays):
            yield from self._stays[asset]

    def _reach_back(self, before: tuple[_Sums, _Sums, dict[str, tuple[StayRow, ...]]]) -> None:
        self._by_lot, self._by_asset, self._stays = before

    def _set(self, lot: str, asset: str, many: tuple[int, int]) -> None:
        for table, one, other in ((self._by_lot, lot, asset), (self._by_asset, asset, lot)):
            if many != (0, 0):
                table.setdefault(one, {})[other] = many
            elif one in table:
                table[one].pop(other, None)
                if not table[one]:
                    del table[one]

    def _stay(self, asset: str, rows: tuple[StayRow, ...]) -> None:
        if rows:
            self._stays[asset] = rows
        else:
            self._stays.pop(asset, None)
