"""How the stores run their SQL: reads in batches that both databases accept, writes all or none."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any

from django.db import connections, transaction

_BATCH = 500  # [values] SQLite takes at most 999 in one statement, in old builds


def among(using: str, query: str, values: Collection[object]) -> Iterator[Any]:
    """Yield the rows of a query whose `{}` takes a list of values, in batches."""
    listed = list(values)
    for start in range(0, len(listed), _BATCH):
        batch = listed[start : start + _BATCH]
        with connections[using].cursor() as cursor:
            cursor.execute(query.format(", ".join(["%s"] * len(batch))), batch)
            rows = cursor.fetchall()
        yield from rows


def read(using: str, query: str, *values: object) -> list[Any]:
    """Return all rows of a query."""
    with connections[using].cursor() as cursor:
        cursor.execute(query, values)
        return cursor.fetchall()


def write(using: str, query: str, rows: Iterable[Sequence[object]]) -> None:
    """Run one statement for each row, all or none, inside the open transaction if there is one."""
    with (
        transaction.atomic(using=using, savepoint=False),
        connections[using].cursor() as cursor,
    ):
        cursor.executemany(query, list(rows))
