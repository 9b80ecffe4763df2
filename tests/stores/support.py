"""Signed statements, entries and fresh stores of every kind, for the tests of stores and faults."""

import os
import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest

from voltrail import canonical
from voltrail.ids.subject import LotId, PartyId
from voltrail.projections.memory import MemoryViews
from voltrail.projections.store import ArrivalRow, ViewStore
from voltrail.register.entry import Entry, Leaf
from voltrail.register.folder import FolderEntries
from voltrail.register.memory import Hook, MemoryEntries, ignore
from voltrail.register.store import EntryStore
from voltrail.statements import statement as statements
from voltrail.statements.envelope import Envelope
from voltrail.statements.signal import Signal, SignalKind
from voltrail.statements.statement import Header
from voltrail.trust import signer as signers
from voltrail.trust.anchors import Anchor, Anchors
from voltrail.trust.verify import VerifiedStatement, verify

KINDS = ("memory", "folder", "sqlite", "postgres")
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
URL = os.environ.get("VOLTRAIL_TEST_DATABASE_URL", "postgresql://postgres@127.0.0.1:5432/test")


class PlantedError(Exception):
    """The fault a test planted."""


class Speaker:
    """A party with a key, who signs signals."""

    def __init__(self) -> None:
        self.party = PartyId.of("acme")
        self.signer = signers.generate()
        begins = NOON - timedelta(days=1)
        self.anchors = Anchors((Anchor(self.signer.public, self.party, begins),))

    def envelope(self, number: int) -> Envelope:
        fact = Signal(SignalKind.PACKAGING, f"Pallet {number} was wrapped twice.")
        payload = statements.compose(fact, Header(self.party, NOON), LotId.of("acme", f"L{number}"))
        return signers.sealed(payload, self.signer)

    def verified(self, number: int) -> VerifiedStatement:
        return verify(self.envelope(number), self.anchors, NOON)

    def entry(self, index: int) -> Entry:
        """A real entry; from 300 on a cheap one, whose envelope nobody reads."""
        at = NOON + timedelta(seconds=index)
        if index < 300:
            said = self.envelope(index)
            digest, raw = said.digest, said.raw
        else:
            raw = b"envelope %d" % index
            digest = canonical.digest(raw)
        leaf = Leaf(digest, "urn:voltrail:predicate:signal:v1", self.party, at, len(raw))
        return Entry(index, leaf.to_bytes(), raw)

    def extend(
        self, store: EntryStore, count: int, claims: dict[int, str] | None = None
    ) -> list[Entry]:
        """Append a number of entries and return them."""
        start = store.size()
        fresh = [self.entry(index) for index in range(start, start + count)]
        after = store.frontier().extend(entry.leaf_hash for entry in fresh)
        store.append(fresh, claims or {}, after)
        return fresh


@dataclass
class Place:
    """One register with its views, which can be opened again and again."""

    kind: str
    path: Path
    alias: str = ""
    url: str = ""

    def open(self, before: Hook = ignore, after: Hook = ignore) -> tuple[EntryStore, ViewStore]:
        """Open entries and views, as a fresh process would."""
        if self.alias:
            from voltrail_server.records.store import DjangoEntries  # noqa: PLC0415 — after set-up
            from voltrail_server.records.views import DjangoViews  # noqa: PLC0415 — after set-up

            hooks = {"before_write": before, "after_write": after}
            return DjangoEntries(self.alias, **hooks), DjangoViews(self.alias, **hooks)
        views = MemoryViews()
        if self.kind == "memory":
            return MemoryEntries([views], before_write=before, after_write=after), views
        entries = FolderEntries(self.path, [views], before_write=before, after_write=after)
        return entries, views


def row(number: int, disposition: str = "quarantine") -> ArrivalRow:
    """A row that lists show."""
    return ArrivalRow(
        arrival=f"arrival:{number:03}",
        order="order:1",
        lot=f"lot:{number}",
        place="place:north",
        product="product:x",
        seller="party:s",
        maker="party:m",
        tier=1,
        quantity=number,
        received_at="2026-11-22",
        disposition=disposition,
        sentence="Nobody has looked at it yet – ü.",
        layers="",
        assurance="claimed",
        decided=number,
    )


def set_up_django(folder: Path) -> None:
    """Start Django once per process; the tests use databases of their own, never the default."""
    os.environ.setdefault("VOLTRAIL_DATA", str(folder))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "voltrail_server.settings")
    import django  # noqa: PLC0415 — only where a database is wanted
    from django.apps import apps  # noqa: PLC0415 — same

    if not apps.ready:
        django.setup()


def add_database(alias: str, url: str) -> None:
    """Make a database known to Django under an alias."""
    from django.db import connections  # noqa: PLC0415 — after set-up

    from voltrail_server.database import from_url  # noqa: PLC0415 — same

    found = {"default": connections.settings["default"], alias: from_url(url)}
    connections.settings[alias] = connections.configure_settings(found)[alias]


def drop_alias(alias: str) -> None:
    """Close an alias's connections and forget it."""
    from django.db import connections  # noqa: PLC0415 — after set-up

    connection = connections[alias]
    connection.close()
    if connection.vendor == "postgresql":
        connection.close_pool()
    del connections[alias]
    del connections.settings[alias]


def migrate(url: str) -> None:
    """Create the product's tables in a database."""
    from django.core.management import call_command  # noqa: PLC0415 — after set-up

    add_database("template", url)
    call_command("migrate", "records", database="template", verbosity=0)
    drop_alias("template")


class Databases:
    """Migrated templates, and fresh copies of them."""

    def __init__(self, folder: Path) -> None:
        set_up_django(folder)
        self._template = folder / "template.sqlite3"
        self._made: list[str] = []
        self._base = f"voltrail_test_{os.getpid()}_{secrets.token_hex(3)}"
        migrate(f"sqlite://{self._template}")
        self.reason = self._reach()

    def fresh(self, kind: str, path: Path) -> str:
        """Return the URL of an empty database."""
        if kind == "sqlite":
            return f"sqlite://{shutil.copy(self._template, path / 'register.sqlite3')}"
        name = f"{self._base}_{len(self._made)}"
        self._run(f'CREATE DATABASE "{name}" TEMPLATE "{self._base}"')
        self._made.append(name)
        return self.url(name)

    def drop(self, url: str) -> None:
        """Drop a fresh PostgreSQL database."""
        if url.startswith("postgres"):
            self._run(f'DROP DATABASE IF EXISTS "{urlsplit(url).path[1:]}" WITH (FORCE)')

    def close(self) -> None:
        """Drop the template."""
        if not self.reason:
            self.drop(self.url(self._base))

    @staticmethod
    def url(name: str) -> str:
        """Return the URL of a database beside the test one."""
        return urlunsplit(urlsplit(URL)._replace(path=f"/{name}"))

    def _reach(self) -> str:
        import psycopg  # noqa: PLC0415 — only where a database is wanted

        try:
            self._run(f'CREATE DATABASE "{self._base}"')
        except psycopg.OperationalError as error:
            return f"PostgreSQL is not reachable: {error}"
        migrate(self.url(self._base))
        return ""

    @staticmethod
    def _run(command: str) -> None:
        import psycopg  # noqa: PLC0415 — only where a database is wanted

        with psycopg.connect(URL, autocommit=True, connect_timeout=5) as connection:
            connection.execute(command)


@contextmanager
def fresh_place(kind: str, path: Path, databases: Callable[[], Databases]) -> Iterator[Place]:
    """A new, empty register of a kind, gone afterwards."""
    if kind in {"memory", "folder"}:
        yield Place(kind, path / "register")
        return
    found = databases()
    if kind == "postgres" and found.reason:
        if os.environ.get("CI") == "true":
            pytest.fail(found.reason)
        pytest.skip(found.reason)
    url = found.fresh(kind, path)
    alias = f"fresh_{kind}"
    add_database(alias, url)
    try:
        yield Place(kind, path, alias, url)
    finally:
        drop_alias(alias)
        found.drop(url)
