"""Which migrations a database has seen, which this version knows, and how to reach either."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from django.core.management import call_command
from django.db import connections, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.graph import MigrationGraph
from django.db.migrations.loader import MigrationLoader

from voltrail.errors import RefusedError

Step = tuple[str, str]  # app, migration


def applied(using: str = "default") -> tuple[Step, ...]:
    """Return every migration that a database has seen, in order of name."""
    return tuple(sorted(MigrationLoader(connections[using]).applied_migrations))


def pending(using: str = "default") -> tuple[Step, ...]:
    """Return the migrations of this version that a database has not seen."""
    executor = MigrationExecutor(connections[using])
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return tuple((step.app_label, step.name) for step, _ in plan)


def unknown(steps: Iterable[Step]) -> tuple[Step, ...]:
    """Return the migrations among some that this version does not have."""
    loader = MigrationLoader(None)  # asks no database
    known = set(loader.disk_migrations)
    known |= {key for one in loader.disk_migrations.values() for key in one.replaces}
    return tuple(step for step in steps if tuple(step) not in known)


def need_known(steps: Iterable[Step], what: str) -> None:
    """Refuse what a newer version has written."""
    newer = unknown(steps)
    if newer:
        app, name = newer[0]
        raise RefusedError(
            f"{what} was written by a newer Voltrail: {app} {name}.",
            hint="Install that version or a later one; this one would not understand the rows.",
        )


def migrate(using: str = "default") -> None:
    """Bring a database to this version's tables."""
    with _as_default(using):
        call_command("migrate", database=using, verbosity=0, interactive=False)


def migrate_whole(using: str = "default") -> None:
    """
    Bring a PostgreSQL database to this version's tables, all or nothing.

    Django commits a migration and its mark apart: a crash between them leaves a database that no
    version knows. Constraints are checked at once, so that no table waits to be altered.
    """
    with transaction.atomic(using=using):
        with connections[using].cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        migrate(using)


def migrate_to(using: str, steps: Iterable[Step]) -> None:
    """Bring an empty database to the tables that exactly these migrations make."""
    wanted = set(steps)
    executor = MigrationExecutor(connections[using])
    graph = executor.loader.graph
    ends = [step for step in wanted if not _followed(graph, step, wanted)]
    with _as_default(using):
        executor.migrate(sorted(ends))


@contextmanager
def _as_default(using: str) -> Iterator[None]:
    """Let every query go to one database: other people's migrations ask the default one."""
    before = connections["default"]
    connections["default"] = connections[using]
    try:
        yield
    finally:
        connections["default"] = before


def _followed(graph: MigrationGraph, step: Step, wanted: set[Step]) -> bool:
    """Whether another of the wanted migrations of the same app stands on this one."""
    return any(
        child.key[0] == step[0] and child.key in wanted for child in graph.node_map[step].children
    )
