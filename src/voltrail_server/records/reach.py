"""
Reach and stays as tables: in which outermost things a lot is, and where those are.

Names stand once, rows hold their numbers: a recall reads one run of rows, and the index stays
small beside a row for each unit.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.db import connections

from voltrail.projections.parts import MOST
from voltrail.projections.store import Reached, ReachRow, StayRow
from voltrail_server.records import sql
from voltrail_server.records.tables import Tables

_NAME = {"name": "text"}
_KEEP = "ON CONFLICT DO NOTHING"
_IDS = "SELECT name, id FROM records_reachname WHERE name IN ({})"
_REACH = {"lot": "bigint", "asset": "bigint", "definite": "bigint", "possible": "bigint"}
_ADD = "ON CONFLICT (lot, asset) DO UPDATE SET " + ", ".join(
    f"{one} = {{least}}(records_reach.{one} + excluded.{one}, {MOST})"
    for one in ("definite", "possible")
)
_DROP = "DELETE FROM records_reach WHERE lot = %s AND asset = %s AND definite = 0 AND possible = 0"
_STAY = {"asset": "bigint", "place": "text", "since": "text", "entry": "bigint"}
_LEAVE = "DELETE FROM records_stay WHERE asset = %s"
_FORGET = """DELETE FROM records_reachname WHERE id = %s
AND NOT EXISTS (SELECT 1 FROM records_reach WHERE lot = records_reachname.id)
AND NOT EXISTS (SELECT 1 FROM records_reach WHERE asset = records_reachname.id)
AND NOT EXISTS (SELECT 1 FROM records_stay WHERE asset = records_reachname.id)"""
_JOINED = """SELECT one.name, two.name, reach.definite, reach.possible FROM records_reach reach
JOIN records_reachname one ON one.id = reach.lot
JOIN records_reachname two ON two.id = reach.asset"""
_OF_LOTS = _JOINED + "\nWHERE one.name IN ({})"
_IN_ASSETS = _JOINED + "\nWHERE two.name IN ({})"
_STAYS = """SELECT one.name, stay.since, stay.place, stay.entry FROM records_stay stay
JOIN records_reachname one ON one.id = stay.asset"""
_REACHED = """SELECT two.name, reach.definite, reach.possible, stay.since, stay.place, stay.entry
FROM records_reach reach JOIN records_reachname two ON two.id = reach.asset
LEFT JOIN records_stay stay ON stay.asset = reach.asset
WHERE reach.lot = (SELECT id FROM records_reachname WHERE name = %s)"""
_OF_ASSETS = _STAYS + "\nWHERE one.name IN ({})"
_TABLES = ("records_reach", "records_stay", "records_reachname")


class DjangoReach(Tables):
    """Reach and stays."""

    def add_reach(self, changes: Iterable[ReachRow]) -> None:
        """Add counts to the rows of lot and asset; a row of nothing is none. Up to 2^53 - 1."""
        listed = list(changes)
        if not listed:
            return
        ids = self._numbers({name for one in listed for name in (one.lot, one.asset)})
        rows = [(ids[one.lot], ids[one.asset], one.definite, one.possible) for one in listed]
        least = "LEAST" if connections[self.using].vendor == "postgresql" else "MIN"
        self._merge("reach", "records_reach", _REACH, rows, _ADD.format(least=least))
        less = [row[:2] for row in rows if min(row[2:]) < 0]
        if less:
            sql.write(self.using, _DROP, less)
            self._forget({number for row in less for number in row})

    def reach_of(self, lots: Collection[str]) -> Mapping[str, Sequence[ReachRow]]:
        """Return, by asset, the rows of each of these lots; lots in nothing left out."""
        rows = sorted(sql.among(self.using, _OF_LOTS, set(lots)))
        found: dict[str, list[ReachRow]] = {}
        for row in rows:
            found.setdefault(row[0], []).append(ReachRow(*row))
        return found

    def reached(self, lot: str) -> Sequence[Reached]:
        """Return what a lot is in and where that is: a row for each stay, one where none is."""
        return [Reached(*row) for row in sql.read(self.using, _REACHED, lot)]

    def reached_by(self, assets: Collection[str]) -> Mapping[str, Sequence[ReachRow]]:
        """Return, by lot, the rows of each of these assets; assets of nothing left out."""
        rows = sorted(sql.among(self.using, _IN_ASSETS, set(assets)))
        found: dict[str, list[ReachRow]] = {}
        for row in rows:
            found.setdefault(row[1], []).append(ReachRow(*row))
        return found

    def put_stays(self, stays: Mapping[str, Sequence[StayRow]]) -> None:
        """Store the stays of these assets, in place of those they had."""
        before = self.stays(list(stays))
        differ = {
            asset: rows
            for asset, rows in stays.items()
            if sorted(rows) != list(before.get(asset, ()))
        }
        kept = [one for rows in differ.values() for one in rows]
        gone = [one for asset in differ for one in before.get(asset, ())]
        if not differ:
            return
        ids = self._numbers({one.asset for one in (*kept, *gone)})
        rows = [(ids[one.asset], one.place, one.since, one.entry) for one in kept]
        if gone:
            sql.write(self.using, _LEAVE, sorted({(ids[one.asset],) for one in gone}))
        self._merge("stays", "records_stay", _STAY, rows, _KEEP)
        self._forget({ids[one.asset] for one in gone})

    def stays(self, assets: Collection[str]) -> Mapping[str, Sequence[StayRow]]:
        """Return, oldest first, the stays of each of these assets; assets without left out."""
        found: dict[str, list[StayRow]] = {}
        for row in sorted(sql.among(self.using, _OF_ASSETS, set(assets))):
            found.setdefault(row[0], []).append(StayRow(*row))
        return found

    def every_reach(self) -> Iterator[ReachRow]:
        """Yield every row of reach, in order of lot and asset."""
        return (ReachRow(*row) for row in self._paged(_JOINED, ("one.name", "two.name")))

    def every_stay(self) -> Iterator[StayRow]:
        """Yield every stay, in order of asset, time and place."""
        order = ("one.name", "stay.since", "stay.place", "stay.entry")
        return (StayRow(*row) for row in self._paged(_STAYS, order))

    def _clear_reach(self, cursor: Any) -> None:  # noqa: ANN401 — Django's cursor
        for table in _TABLES:
            cursor.execute(f"DELETE FROM {table}")  # noqa: S608 — ours

    def _numbers(self, names: set[str]) -> Mapping[str, int]:
        """Return the number of each name, new ones written first."""
        found = dict(sql.among(self.using, _IDS, names))
        fresh = sorted(names - found.keys())
        if fresh:
            self._merge("names", "records_reachname", _NAME, [(one,) for one in fresh], _KEEP)
            found |= dict(sql.among(self.using, _IDS, fresh))
        return found

    def _forget(self, numbers: set[int]) -> None:
        """Drop the names that no row holds any more."""
        if numbers:
            sql.write(self.using, _FORGET, [(one,) for one in sorted(numbers)])
