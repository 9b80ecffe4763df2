"""An older database is brought up with its rows; a newer one is refused; a move changes nothing."""

import json
import sqlite3
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

pytest.importorskip("django")

from operations.installation import Installation, either, living, played, postgres, rows

__all__ = ["either", "living", "played", "postgres"]

# What an installation of the version before looked like: its migrations, and no dates in the links.
OLDER = """
import os
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "voltrail_server.settings")
import django; django.setup()
from django.core.management import call_command
from django.db import connection
call_command("migrate", "records", "0005", verbosity=0, interactive=False)
call_command("migrate", "signing", "0001", verbosity=0, interactive=False)
call_command("migrate", "people", "0004", verbosity=0, interactive=False)
with connection.cursor() as cursor:
    cursor.execute("DELETE FROM records_link WHERE key LIKE 'when:%%'")
    cursor.execute("DELETE FROM sequencer_lease WHERE id = 2")
    cursor.execute("SELECT count(*) FROM records_link WHERE key LIKE 'when:%%'")
    assert cursor.fetchone() == (0,)
"""
# Who was let in before functions were stated; two accounts speak for one person, one for nobody.
HELD = """
import os
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "voltrail_server.settings")
import django; django.setup()
from django.db import connection
columns = "username, role, person, is_active, password, display_name, party, mail, language"
with connection.cursor() as cursor:
    for name, role, person, is_open in (
        ("otto", "administrator", "urn:voltrail:person:p-otto", True),
        ("otto-2", "quality", "urn:voltrail:person:p-otto", True),
        ("ada", "auditor", "", True),
        ("gone", "security", "urn:voltrail:person:p-gone", False),
        ("nothing", "", "urn:voltrail:person:p-nothing", True),
    ):
        cursor.execute(
            f"INSERT INTO account ({columns}, made_here, is_superuser, joined_at)"
            " VALUES (%s, %s, %s, %s, '', '', '', '', '', %s, %s, '2026-01-01 00:00:00+00')",
            [name, role, person, is_open, True, False],
        )
    cursor.execute("UPDATE account SET role = 'administrator' WHERE username = 'runa'")
"""
HOLDS = """
import json, os
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "voltrail_server.settings")
import django; django.setup()
from django.db import connection
from voltrail_server import wiring
from voltrail_server.people import functions
from voltrail_server.people.models import Account, Binding
with connection.cursor() as cursor:
    described = connection.introspection.get_table_description(cursor, "account")
rows = Binding.objects.order_by("entry")
print(json.dumps({
    "held": {a.username: sorted(functions.names(a)) for a in Account.objects.all()},
    "named": Account.objects.get(username="ada").person[:22],
    "columns": [column.name for column in described],
    "said": [[one.entry, one.function, one.decided_by, one.reason] for one in rows],
    "size": wiring.desk().entries.size(),
}))
"""
DIES = """
import os
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "voltrail_server.settings")
import django; django.setup()
from voltrail_server import wiring
from voltrail_server.operations import upgrading
upgrading.unstated.state_all = lambda: os._exit(9)
upgrading.upgrade(None, wiring.now())
"""
NEWER = """
import os
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "voltrail_server.settings")
import django; django.setup()
from django.db.migrations.recorder import MigrationRecorder
from django.db import connection
MigrationRecorder(connection).record_applied("records", "0999_from_the_future")
"""


def made_older(found: Installation) -> None:
    done = found.child(sys.executable, "-c", OLDER)
    assert done.returncode == 0, done.stderr


def test_the_version_before_is_brought_up_with_every_row(
    either: Installation, tmp_path: Path
) -> None:
    before = either.look()
    made_older(either)
    said = either.run("serve", "--port", "0", code=1)
    assert "of an earlier version" in said
    assert "voltrail upgrade" in said
    said = either.run("upgrade", "--backup", tmp_path / "kept")
    assert "Backed up first" in said
    assert "folded 61 entries again" in said
    after = either.look()
    same = ("accounts", "drafts", "proposals", "password", "revision")
    assert [after[name] for name in same] == [before[name] for name in same]
    assert after["size"] == before["size"] + 1  # the upgrade is on record
    assert "nothing was changed" in either.run("upgrade")
    back = Installation(tmp_path / "back")
    back.restore(tmp_path / "kept")  # the backup of the older version
    brought = back.look()
    assert [brought[name] for name in same] == [before[name] for name in same]


def runs(found: Installation, script: str, code: int = 0) -> str:
    done = found.child(sys.executable, "-c", script)
    assert done.returncode == code, done.stderr
    return done.stdout


def need_stated(found: Installation) -> None:
    """Check that everybody holds what they held, by statements of the operator's key."""
    seen = json.loads(runs(found, HOLDS))
    assert seen["held"] == {
        "runa": ["security"],  # appointed before: that counted, and the column did not
        "otto": ["administrator", "quality"],
        "otto-2": ["administrator", "quality"],
        "ada": ["auditor"],
        "gone": [],
        "nothing": [],
    }
    assert seen["named"] == "urn:voltrail:person:p-"
    assert "role" not in seen["columns"]
    entries, functions, decided, reasons = zip(*seen["said"][1:], strict=True)
    assert functions == ("administrator", "quality", "auditor")
    assert entries == tuple(range(seen["size"] - 4, seen["size"] - 1))  # the upgrade comes last
    assert set(map(len, decided)) == {0}
    assert set(reasons) == {"Held before functions were stated; stated by the upgrade."}


def test_what_accounts_held_before_is_stated_before_anybody_is_served(
    either: Installation, tmp_path: Path
) -> None:
    made_older(either)
    runs(either, HELD)
    assert "voltrail upgrade" in either.run("serve", "--port", "0", code=1)
    assert "Stated 3 functions" in either.run("upgrade", "--backup", tmp_path / "kept")
    need_stated(either)
    assert either.run("check-register").startswith("Sound")
    assert "nothing was changed" in either.run("upgrade")
    back = Installation(tmp_path / "back")
    back.restore(tmp_path / "kept")  # the backup of the older version
    need_stated(back)


def test_an_upgrade_that_died_before_it_stated_them_goes_on(living: Installation) -> None:
    made_older(living)
    runs(living, HELD)
    runs(living, DIES, code=9)
    assert "of an earlier version" in living.run("serve", "--port", "0", code=1)
    assert "Stated 3 functions" in living.run("upgrade")
    need_stated(living)


def test_views_of_another_revision_are_folded_again(living: Installation) -> None:
    wanted = living.look()["views"]
    with closing(sqlite3.connect(living.home / "voltrail.sqlite3")) as file, file:
        file.execute("UPDATE records_viewstate SET revision = 1")
        file.execute("DELETE FROM records_link WHERE key LIKE 'when:%'")
    assert living.look()["views"] != wanted
    living.run("upgrade", "--no-backup")
    links = "SELECT count(*) FROM records_link WHERE key LIKE 'when:%'"
    assert rows(living.home / "voltrail.sqlite3", links)[0][0]
    assert not (living.home / "backups").exists()


def test_a_newer_database_is_refused_by_every_word_that_would_write(
    either: Installation, tmp_path: Path
) -> None:
    made_newer = either.child(sys.executable, "-c", NEWER)
    assert made_newer.returncode == 0, made_newer.stderr
    for words in (("serve", "--port", "0"), ("upgrade",), ("move", "--to", "sqlite:///x")):
        assert "written by a newer Voltrail" in either.run(*words, code=1)


def test_a_newer_backup_is_refused(living: Installation, tmp_path: Path) -> None:
    assert living.child(sys.executable, "-c", NEWER).returncode == 0
    living.backup(tmp_path / "kept")
    back = Installation(tmp_path / "back")
    assert "written by a newer Voltrail" in back.restore(tmp_path / "kept", code=1)


def test_an_upgrade_waits_for_whoever_serves(living: Installation) -> None:
    made_older(living)
    with closing(sqlite3.connect(living.home / "voltrail.sqlite3")) as file, file:
        file.execute("UPDATE sequencer_lease SET holder = 'host:1', until = 1 << 60 WHERE id = 1")
    assert "Another process serves" in living.run("upgrade", code=1)
    with closing(sqlite3.connect(living.home / "voltrail.sqlite3")) as file, file:
        file.execute("UPDATE sequencer_lease SET until = 1 WHERE id = 1")
    living.run("upgrade", "--no-backup")


@pytest.mark.postgres
def test_a_move_there_and_back_gives_the_same_root_and_view_bytes(
    living: Installation, tmp_path: Path, postgres: Callable[[], str]
) -> None:
    wanted = living.look()
    there = Installation(living.home, postgres())
    assert "same to the byte" in living.run("move", "--to", there.url)
    found = there.look()
    same = ("size", "root", "covered", "views", "accounts", "drafts", "proposals", "password")
    assert [found[name] for name in same] == [wanted[name] for name in same]
    assert "was moved to postgresql://" in living.run("serve", "--port", "0", code=1)
    (tmp_path / "url").write_text(f"sqlite://{tmp_path}/moved.sqlite3\n")
    there.run("move", "--to-file", tmp_path / "url")
    back = Installation(living.home, f"sqlite://{tmp_path}/moved.sqlite3")
    found = back.look()
    assert [found[name] for name in same] == [wanted[name] for name in same]
    assert "was moved to sqlite://" in there.run("serve", "--port", "0", code=1)
    assert back.run("check-register").startswith("Sound")


@pytest.mark.postgres
def test_a_move_into_a_database_that_is_not_empty_is_refused(
    living: Installation, postgres: Callable[[], str]
) -> None:
    url = postgres()
    Installation(living.home.parent / "other", url).run(
        "init", "--operator", "urn:voltrail:party:x", "--origin", "other.example"
    )
    with psycopg.connect(url) as connection:
        connection.execute("UPDATE records_lease SET size = 1")
    assert "is not empty" in living.run("move", "--to", url, code=1)
    assert "in that database already" in living.run(
        "move", "--to", f"sqlite://{living.home}/voltrail.sqlite3", code=1
    )


def test_a_move_without_a_database_says_how(living: Installation) -> None:
    assert "No database is named" in living.run("move", code=1)
    assert "names no known database" in living.run("move", "--to", "mysql://x/y", code=65)
