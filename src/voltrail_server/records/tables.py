"""How the views write their tables, and how a table is read whole. Knows no table."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from voltrail.register.memory import Hook, ignore
from voltrail_server.records import sql

_PAGE = 10_000  # [rows] read at once for the digest


class Tables:
    """Tables of one database. Hooks hear the name of each write."""

    def __init__(
        self, using: str = "default", *, before_write: Hook = ignore, after_write: Hook = ignore
    ) -> None:
        self.using = using
        self._before, self._after = before_write, after_write

    def _paged(self, query: str, order: tuple[str, ...]) -> Iterator[Any]:
        """Yield all rows, page by page; the ordering columns are the first ones read."""
        names = ", ".join(order)
        marks = ", ".join(["%s"] * len(order))
        where, last = "", ()
        while True:
            page = sql.read(self.using, f"{query}{where} ORDER BY {names} LIMIT {_PAGE}", *last)
            yield from page
            if len(page) < _PAGE:
                return
            where, last = f" WHERE ({names}) > ({marks})", page[-1][: len(order)]

    def _merge(
        self,
        name: str,
        table: str,
        columns: Mapping[str, str],
        rows: Iterable[Sequence[object]],
        tail: str,
    ) -> None:
        listed = list(rows)
        if listed:
            self._before(name)
            sql.merge(self.using, table, columns, listed, tail)
            self._after(name)
