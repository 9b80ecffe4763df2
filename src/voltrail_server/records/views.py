"""The view socket plugged into Django's database, by plain SQL, in the register's transaction."""

from collections.abc import Collection, Iterable, Mapping, Sequence

from django.db import connections, transaction
from msgspec.structs import astuple

from voltrail.projections.memory import digest_of
from voltrail.projections.store import ArrivalRow
from voltrail_server.records import sql
from voltrail_server.records.found import DjangoFound
from voltrail_server.records.reach import DjangoReach

_END = "\U0010ffff"  # sorts after every other character

_COLUMNS = [f'"{column}"' for column in ArrivalRow.__struct_fields__]
_LISTED = ", ".join(_COLUMNS)
_KINDS = {"int": "bigint", "str": "text"}
_ROW = {name: _KINDS[kind.__name__] for name, kind in ArrivalRow.__annotations__.items()}
_REPLACE_ROW = "ON CONFLICT (arrival) DO UPDATE SET " + ", ".join(
    f"{column} = excluded.{column}" for column in _COLUMNS[1:]
)
_ROWS = f"SELECT {_LISTED} FROM records_arrivalrow"  # noqa: S608 — our own names
_LINK = {"key": "text", "index": "bigint"}
_SIGHTING = {"unit": "text", "arrival": "text", "index": "bigint"}
_EVENT = {"index": "bigint", "topic": "text", "subject": "text"}
_KEEP = "ON CONFLICT DO NOTHING"
_INDICES = 'SELECT "index" FROM records_link WHERE key = %s{} ORDER BY "index"'
_LINKED = 'SELECT key, "index" FROM records_link WHERE key IN ({})'
# Jumps from key to key through the index, however many entries speak of each.
_KEYS = """WITH RECURSIVE walk (key) AS (
SELECT min(key) FROM records_link WHERE key >= %s AND key > %s AND key < %s
UNION ALL
SELECT (SELECT min(key) FROM records_link WHERE key > walk.key AND key < %s)
FROM walk WHERE walk.key IS NOT NULL)
SELECT key FROM walk WHERE key IS NOT NULL LIMIT %s"""
_SEEN = "SELECT DISTINCT unit, arrival FROM records_sighting WHERE unit IN ({})"
_SET_REVISION = "UPDATE records_viewstate SET revision = %s WHERE id = 1"
_SET_PROJECTED = "UPDATE records_viewstate SET projected = %s WHERE id = 1"


class DjangoViews(DjangoReach, DjangoFound):
    """Links, sightings, rows, findings, reach and stays. Hooks hear the name of each write."""

    def link(self, links: Iterable[tuple[str, int]]) -> None:
        """Remember that the entry at an index speaks of a key; a repeated link changes nothing."""
        self._merge("links", "records_link", _LINK, links, _KEEP)

    def indices(self, key: str, below: int | None = None) -> Sequence[int]:
        """Return, ascending, the entries that speak of a key, with an index below a bound."""
        if below is None:
            rows = sql.read(self.using, _INDICES.format(""), key)
        else:
            rows = sql.read(self.using, _INDICES.format(' AND "index" < %s'), key, below)
        return [index for (index,) in rows]

    def indices_many(
        self, keys: Collection[str], below: int | None = None
    ) -> Mapping[str, Sequence[int]]:
        """Return what `indices` returns for each of many keys; keys nobody speaks of left out."""
        bound = "" if below is None else f' AND "index" < {int(below)}'
        found: dict[str, list[int]] = {}
        for key, index in sql.among(self.using, _LINKED + bound, keys):
            found.setdefault(key, []).append(index)
        for listed in found.values():
            listed.sort()
        return found

    def keys(self, prefix: str, after: str = "", limit: int = 1_000) -> Sequence[str]:
        """Return, in order, keys that begin with a prefix and follow another key."""
        end = prefix + _END
        return [key for (key,) in sql.read(self.using, _KEYS, prefix, after, end, end, limit)]

    def sight(self, sightings: Iterable[tuple[str, str, int]]) -> None:
        """Remember unit, arrival, entry index."""
        self._merge("sightings", "records_sighting", _SIGHTING, sightings, _KEEP)

    def sightings(
        self, units: Collection[str], below: int | None = None
    ) -> Mapping[str, frozenset[str]]:
        """Return the arrivals that each of these units was seen in; others are left out."""
        bound = "" if below is None else f' AND "index" < {int(below)}'
        query = _SEEN + bound
        found: dict[str, set[str]] = {}
        for unit, arrival in sql.among(self.using, query, set(units)):
            found.setdefault(unit, set()).add(arrival)
        return {unit: frozenset(seen) for unit, seen in found.items()}

    def put_rows(self, rows: Iterable[ArrivalRow]) -> None:
        """Store rows by arrival, replacing older ones."""
        newest = {row.arrival: astuple(row) for row in rows}
        self._merge("rows", "records_arrivalrow", _ROW, newest.values(), _REPLACE_ROW)

    def row(self, arrival: str) -> ArrivalRow | None:
        """Return an arrival's row."""
        rows = sql.read(self.using, _ROWS + " WHERE arrival = %s", arrival)
        return ArrivalRow(*rows[0]) if rows else None

    def rows_of(self, arrivals: Collection[str]) -> Mapping[str, ArrivalRow]:
        """Return the rows of these arrivals that have one."""
        wanted = _ROWS + " WHERE arrival IN ({})"
        return {row[0]: ArrivalRow(*row) for row in sql.among(self.using, wanted, arrivals)}

    def rows(self, after: str = "", limit: int = 1_000) -> Sequence[ArrivalRow]:
        """Return rows in order of arrival id, following another id."""
        query = _ROWS + " WHERE arrival > %s ORDER BY arrival LIMIT %s"
        return [ArrivalRow(*row) for row in sql.read(self.using, query, after, limit)]

    def events(self, events: Iterable[tuple[int, str, str]]) -> None:
        """Put index, topic and subject into the outbox, in the same transaction."""
        self._merge("events", "records_outbox", _EVENT, events, "")

    def projected(self) -> int:
        """Return how many entries the views hold."""
        ((size,),) = sql.read(self.using, "SELECT projected FROM records_viewstate WHERE id = 1")
        return size

    def set_projected(self, size: int) -> None:
        """Remember how many entries the views hold."""
        self._before("projected")
        sql.write(self.using, _SET_PROJECTED, [(size,)])
        self._after("projected")

    def revision(self) -> int:
        """Return which revision of the folds made these views; 0 is before anybody counted."""
        with connections[self.using].cursor() as cursor:
            cursor.execute("SELECT * FROM records_viewstate WHERE id = 1")
            names = [column[0] for column in cursor.description]
            row = cursor.fetchone()
        return int(row[names.index("revision")]) if row and "revision" in names else 0

    def set_revision(self, revision: int) -> None:
        """Remember which revision of the folds made these views."""
        sql.write(self.using, _SET_REVISION, [(revision,)])

    def clear(self) -> None:
        """Forget everything but the outbox."""
        self._before("clear")
        with (
            transaction.atomic(using=self.using, savepoint=False),
            connections[self.using].cursor() as cursor,
        ):
            cursor.execute("DELETE FROM records_link")
            cursor.execute("DELETE FROM records_sighting")
            cursor.execute("DELETE FROM records_arrivalrow")
            cursor.execute("DELETE FROM records_found")
            self._clear_reach(cursor)
            cursor.execute(_SET_PROJECTED, [0])
        self._after("clear")

    def digest(self) -> str:
        """Return the SHA-256 over everything but outbox and findings, in order."""
        links = self._paged('SELECT key, "index" FROM records_link', ("key", '"index"'))
        seen = self._paged(
            'SELECT unit, arrival, "index" FROM records_sighting', ("unit", "arrival", '"index"')
        )
        rows = self._paged(_ROWS, ("arrival",))
        told = (ArrivalRow(*row) for row in rows)
        return digest_of(links, seen, told, self.every_reach(), self.every_stay())
