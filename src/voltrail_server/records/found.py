"""What the rules found as a table: the findings about each arrival's goods."""

from collections.abc import Mapping, Sequence

from msgspec.structs import astuple

from voltrail.projections.store import FoundRow
from voltrail_server.records import sql
from voltrail_server.records.tables import Tables

_KINDS = {"int": "bigint", "str": "text"}
_FOUND = {name: _KINDS[kind.__name__] for name, kind in FoundRow.__annotations__.items()}
_LISTED = ", ".join(_FOUND)
_ROWS = f"SELECT {_LISTED} FROM records_found"  # noqa: S608 — our own names
_OF = _ROWS + " WHERE arrival IN ({}) ORDER BY arrival, number"
_ABOUT = _ROWS + " WHERE subject = %s ORDER BY arrival, number"
_DROP = "DELETE FROM records_found WHERE arrival = %s"


class DjangoFound(Tables):
    """Findings by arrival."""

    def put_found(self, found: Mapping[str, Sequence[FoundRow]]) -> None:
        """Store the findings about these arrivals, in place of those they had."""
        before: dict[str, list[FoundRow]] = {}
        for row in sql.among(self.using, _OF, list(found)):
            before.setdefault(row[0], []).append(FoundRow(*row))
        differ = {one: rows for one, rows in found.items() if list(rows) != before.get(one, [])}
        gone = sorted((one,) for one in differ if one in before)
        if gone:
            self._before("drop found")
            sql.write(self.using, _DROP, gone)
            self._after("drop found")
        fresh = [astuple(row) for rows in differ.values() for row in rows]
        self._merge("found", "records_found", _FOUND, fresh, "")

    def found_about(self, subject: str) -> Sequence[FoundRow]:
        """Return, by arrival and number, the findings about a subject."""
        return [FoundRow(*row) for row in sql.read(self.using, _ABOUT, subject)]
