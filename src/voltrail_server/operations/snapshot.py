"""
All tables as one SQLite file, and such a file as all tables, whatever the database is.

The file is what a backup keeps and what a move carries: one format, readable in thirty years, in
place of a dump for each database. A SQLite database is copied page by page while others write; of
PostgreSQL every table is read in one repeatable-read transaction. Sessions are left out and leases
given back: whoever holds the file cannot go on where somebody was logged in.
"""

import os
import shutil
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

from django.apps import apps
from django.core.management.color import no_style
from django.db import connections, transaction

from voltrail.errors import RegisterCorruptError
from voltrail_server.database import sqlite
from voltrail_server.operations import leaves, schema

_CHUNK = 2_000  # [rows] read and written at once
_LEFT_OUT = ("django_session", "people_session")
_ONE_FILE = "PRAGMA journal_mode=DELETE"


@contextmanager
def opened(path: Path, alias: str = "snapshot") -> Iterator[str]:
    """Make a SQLite file known under an alias while the block runs; it is one file afterwards."""
    with known(alias, sqlite(path)):
        yield alias
        with connections[alias].cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            cursor.execute(_ONE_FILE)


@contextmanager
def reading(path: Path) -> Iterator[str]:
    """Open a SQLite file only to read; where nobody writes beside us, not a byte of it changes."""
    settings = {"ENGINE": "django.db.backends.sqlite3", "NAME": leaves.address_of(path)}
    with known("reading", settings) as alias:
        yield alias


@contextmanager
def known(alias: str, settings: dict[str, Any]) -> Iterator[str]:
    """Make a database known under an alias while the block runs."""
    found = {"default": connections.settings["default"], alias: settings}
    connections.settings[alias] = connections.configure_settings(found)[alias]
    try:
        yield alias
    finally:
        connections[alias].close()
        if connections[alias].vendor == "postgresql":
            connections[alias].close_pool()  # type: ignore[attr-defined]
        del connections[alias]
        del connections.settings[alias]


def take(target: Path, using: str = "default") -> None:
    """Write all tables of a database, as they stood at one moment, into a new SQLite file."""
    if connections[using].vendor == "postgresql":
        _read_out(target, using)
    else:
        copy_pages(target, using)
    with closing(sqlite3.connect(target, isolation_level=None)) as file:
        _strip(file)


def load(source: str, target: str) -> None:
    """Copy every row of one database into the empty tables of another, all or none."""
    with transaction.atomic(using=target):
        tables = _tables(target)
        with connections[target].cursor() as cursor:
            for table in reversed(tables):
                cursor.execute(f'DELETE FROM "{table}"')  # noqa: S608 — our own tables
        for table in tables:
            _copy_rows(table, source, target)
        _reset_sequences(target)


def copy_pages(target: Path, using: str) -> None:
    """Write every page of a SQLite database, as it stands now, into a new file."""
    name = connections[using].settings_dict["NAME"]
    with closing(sqlite3.connect(name)) as live, closing(sqlite3.connect(target)) as copy:
        copy.execute("PRAGMA synchronous=OFF")  # whoever asked for the file syncs it whole
        live.backup(copy)


def _read_out(target: Path, using: str) -> None:
    with opened(target, "read_out") as alias:
        schema.migrate_to(alias, schema.applied(using))
        with _moment(using), transaction.atomic(using=alias):
            _clear(alias)
            for table in _tables(alias):
                _copy_rows(table, using, alias)


@contextmanager
def _moment(using: str) -> Iterator[None]:
    """Read PostgreSQL as it stands now, whatever others write meanwhile."""
    with transaction.atomic(using=using), connections[using].cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        yield


def _clear(using: str) -> None:
    with connections[using].cursor() as cursor:
        cursor.execute("PRAGMA defer_foreign_keys=ON")
        for table in _tables(using):
            cursor.execute(f'DELETE FROM "{table}"')  # noqa: S608 — our own tables


def _tables(using: str) -> list[str]:
    found = connections[using].introspection.table_names()
    return sorted(name for name in found if name not in _LEFT_OUT)


def _copy_rows(table: str, source: str, target: str) -> None:
    columns = _columns(table, target)
    listed = ", ".join(f'"{name}"' for name in columns)
    with connections[source].chunked_cursor() as reading:
        reading.execute(f'SELECT {listed} FROM "{table}"')  # noqa: S608 — our own names
        while rows := reading.fetchmany(_CHUNK):
            _write(table, columns, rows, target)


def _columns(table: str, using: str) -> list[str]:
    with connections[using].cursor() as cursor:
        described = connections[using].introspection.get_table_description(cursor, table)
    return [column.name for column in described]


def _write(table: str, columns: Sequence[str], rows: Sequence[Any], using: str) -> None:
    listed = ", ".join(f'"{name}"' for name in columns)
    connection = connections[using]
    if connection.vendor == "postgresql":
        with (
            connection.wrap_database_errors,
            connection.cursor() as cursor,
            cursor.copy(f'COPY "{table}" ({listed}) FROM STDIN') as copy,
        ):
            for row in rows:
                copy.write_row(row)  # as text: PostgreSQL reads what SQLite keeps
        return
    marks = ", ".join(["%s"] * len(columns))
    with connection.cursor() as cursor:
        cursor.executemany(
            f'INSERT INTO "{table}" ({listed}) VALUES ({marks})',  # noqa: S608 — our own names
            [[_kept(value) for value in row] for row in rows],
        )


def _kept(value: Any) -> Any:  # noqa: ANN401 — any column's value
    """Return a value of PostgreSQL as Django keeps it in SQLite."""
    if isinstance(value, datetime):
        return str(value.astimezone(UTC).replace(tzinfo=None))
    if isinstance(value, memoryview):
        return bytes(value)
    if isinstance(value, UUID):
        return value.hex
    if isinstance(value, Decimal):
        return str(value)
    return value


def _reset_sequences(using: str) -> None:
    models = apps.get_models(include_auto_created=True)
    connection = connections[using]
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), models):
            cursor.execute(statement)


def _strip(file: sqlite3.Connection) -> None:
    """Overwrite sessions, give leases back, leave one file, and see that it holds together."""
    names = {name for (name,) in file.execute("SELECT name FROM sqlite_master WHERE type='table'")}
    file.execute("PRAGMA secure_delete=ON")
    for table in names & set(_LEFT_OUT):
        file.execute(f"DELETE FROM {table}")  # noqa: S608 — our own names
    if "sequencer_lease" in names:
        file.execute("UPDATE sequencer_lease SET holder = '', until = 0")
    file.execute(_ONE_FILE)
    broken = file.execute("PRAGMA foreign_key_check").fetchone()
    if broken:
        raise RegisterCorruptError(
            f"A row of {broken[0]} names a row of {broken[2]} that is not there.",
            hint="Look at that table; nothing was written.",
        )


def copy_file(source: Path, target: Path) -> None:
    """Copy a file and make its bytes durable; the folder is for the caller to sync."""
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)
    sync(target)


def sync(path: Path) -> None:
    """Make a file or a folder durable."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
