"""Installations in folders of their own, worked at through the command line as a person would."""

import json
import os
import secrets
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest

from stores.support import URL

ROOT = Path(__file__).resolve().parents[2]
ACTS = 60  # [statements] of the world's story, decisions come on top
PHRASE = "correct horse battery"
LOOK = """
import json, os
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "voltrail_server.settings")
import django; django.setup()
from django.contrib.sessions.models import Session
from voltrail_server import wiring
from voltrail_server.people.models import Account
from voltrail_server.signing.models import Draft, Proposal
from voltrail_server.records.views import DjangoViews
desk = wiring.desk()
newest = desk.entries.checkpoints()
print(json.dumps({
    "size": desk.entries.size(), "root": desk.entries.frontier().root().hex(),
    "covered": newest[0][0] if newest else 0, "views": desk.views.digest(),
    "revision": DjangoViews().revision(), "projected": desk.views.projected(),
    "accounts": sorted(Account.objects.values_list("username", flat=True)),
    "password": all(a.check_password("a-long-password-1") for a in Account.objects.all()),
    "drafts": [bytes(d.payload).hex() + d.purpose for d in Draft.objects.all()],
    "proposals": [[p.title, p.content, p.created_at.isoformat()] for p in Proposal.objects.all()],
    "sessions": Session.objects.count(),
    "origin": desk.log.origin, "key": desk.log.verifier_key,
    "new_account": Account.objects.create_user("new" + os.urandom(3).hex()).pk,
}))
Account.objects.filter(username__startswith="new").delete()
"""


@dataclass
class Installation:
    """A data folder and its database."""

    home: Path
    url: str = ""
    more: dict[str, str] = field(default_factory=dict)

    def run(self, *words: str | Path, code: int = 0) -> str:
        """What a `voltrail` command said; its exit code is the wanted one."""
        done = self.child(sys.executable, "-m", "voltrail.cli.main", *map(str, words))
        assert done.returncode == code, f"{words}: {done.returncode}\n{done.stdout}{done.stderr}"
        return done.stdout + done.stderr

    def backup(self, folder: Path, *words: str) -> Path:
        """The path of a backup made now, its keys plain."""
        said = self.run("backup", folder, "--plain-keys", "--json", *words)
        return Path(json.loads(said)["path"])

    def restore(self, *words: str | Path, code: int = 0) -> str:
        """What a restore said, of a backup that this test made itself."""
        return self.run("restore", *words, "--accept-folder-trust", code=code)

    def look(self) -> dict[str, object]:
        """What stands in the installation, and that an account can be added to it."""
        done = self.child(sys.executable, "-c", LOOK)
        assert done.returncode == 0, done.stderr
        return {**json.loads(done.stdout), "new_account": None}

    def child(self, *command: str) -> subprocess.CompletedProcess[str]:
        """A finished process of this installation."""
        return subprocess.run(
            command,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=240,
            check=False,
            cwd=ROOT,
        )

    @property
    def environment(self) -> dict[str, str]:
        kept = {k: v for k, v in os.environ.items() if not k.startswith("VOLTRAIL_")}
        paths = os.pathsep.join([str(ROOT / "src"), str(ROOT / "tests")])
        told = {"VOLTRAIL_DATA": str(self.home), "PYTHONPATH": paths}
        database = {"VOLTRAIL_DATABASE_URL": self.url} if self.url else {}
        return {**kept, **told, **database, **self.more}


class Databases:
    """PostgreSQL databases made for a test, and dropped after it."""

    def __init__(self) -> None:
        self._made: list[str] = []

    def fresh(self) -> str:
        """The URL of an empty database."""
        name = f"voltrail_ops_{secrets.token_hex(4)}"
        self._run(f'CREATE DATABASE "{name}"')
        self._made.append(name)
        return urlunsplit(urlsplit(URL)._replace(path=f"/{name}"))

    def drop(self) -> None:
        for name in self._made:
            self._run(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    @staticmethod
    def _run(command: str) -> None:
        with psycopg.connect(URL, autocommit=True, connect_timeout=5) as connection:
            connection.execute(command)


@pytest.fixture
def postgres() -> Iterator[Callable[[], str]]:
    """A maker of empty PostgreSQL databases."""
    made = Databases()
    yield made.fresh
    made.drop()


@pytest.fixture(scope="session")
def played(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder in which the world was played; tests copy it."""
    home = tmp_path_factory.mktemp("played") / "data"
    done = Installation(home).child(sys.executable, "-m", "operations.player", str(ACTS))
    assert done.returncode == 0, done.stderr
    return home


@pytest.fixture
def living(played: Path, tmp_path: Path) -> Installation:
    """An installation of this test's own, on SQLite, with everything in it."""
    return Installation(Path(shutil.copytree(played, tmp_path / "living")))


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def either(
    request: pytest.FixtureRequest,
    living: Installation,
    tmp_path: Path,
    postgres: Callable[[], str],
) -> Installation:
    """The same, on SQLite and on PostgreSQL; the latter was moved there."""
    if request.param == "sqlite":
        return living
    url = postgres()
    living.run("move", "--to", url)
    return Installation(living.home, url)


def rows(path: Path, query: str) -> list[tuple[object, ...]]:
    """The answer of a SQLite file."""
    with closing(sqlite3.connect(path)) as file:
        return file.execute(query).fetchall()
