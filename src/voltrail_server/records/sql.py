"""How the stores run their SQL: reads in batches that both databases accept, writes all or none."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.db import connections, transaction

_COPY_FROM = 32  # [rows] from here on COPY is faster than statements
_BATCH = 500  # [values] SQLite takes at most 999 in one statement, in old builds


def among(using: str, query: str, values: Collection[Any]) -> Iterator[Any]:
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
        cursor.execute(query, list[Any](values))
        return cursor.fetchall()


def write(using: str, query: str, rows: Iterable[Sequence[Any]]) -> None:
    """Run one statement for each row, all or none, inside the open transaction if there is one."""
    with (
        transaction.atomic(using=using, savepoint=False),
        connections[using].cursor() as cursor,
    ):
        cursor.executemany(query, list(rows))


def merge(
    using: str, table: str, columns: Mapping[str, str], rows: Sequence[Sequence[Any]], tail: str
) -> None:
    """
    Insert rows, all or none, with what to do about those that are there.

    PostgreSQL takes all rows as one array for each column, in one round trip.
    """
    names = ", ".join(f'"{name}"' for name in columns)
    if connections[using].vendor != "postgresql":
        marks = ", ".join(["%s"] * len(columns))
        write(using, f"INSERT INTO {table} ({names}) VALUES ({marks}) {tail}", rows)  # noqa: S608 — ours
        return
    arrays = ", ".join(f"%s::{kind}[]" for kind in columns.values())
    query = f"INSERT INTO {table} ({names}) SELECT * FROM unnest({arrays}) {tail}"  # noqa: S608 — ours
    with (
        transaction.atomic(using=using, savepoint=False),
        connections[using].cursor() as cursor,
    ):
        cursor.execute(query, [list(column) for column in zip(*rows, strict=True)])


def load(using: str, table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Insert rows, all or none; many of them by COPY where the database has it."""
    listed = ", ".join(f'"{column}"' for column in columns)
    connection = connections[using]
    if connection.vendor != "postgresql" or len(rows) < _COPY_FROM:
        marks = ", ".join(["%s"] * len(columns))
        write(using, f"INSERT INTO {table} ({listed}) VALUES ({marks})", rows)  # noqa: S608 — ours
        return
    with (
        transaction.atomic(using=using, savepoint=False),
        connection.wrap_database_errors,
        connection.cursor() as cursor,
        cursor.copy(f"COPY {table} ({listed}) FROM STDIN") as copy,
    ):
        for row in rows:
            copy.write_row(row)
