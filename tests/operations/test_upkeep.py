"""While the register is moved, restored or upgraded nobody serves it and nobody appends to it."""

import json
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from itertools import takewhile
from pathlib import Path

import pytest

pytest.importorskip("django")

from operations.installation import ROOT, Installation, either, living, played, postgres, rows
from operations.serving_site import alive, free_port, served, until

__all__ = ["either", "living", "played", "postgres"]

# A word that stands still at one of its steps until it is told to go on, or is killed there.
PAUSED = """
import os, sys
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "voltrail_server.settings")
import django; django.setup()
from importlib import import_module
module, name = "{step}".rsplit(".", 1)
room = import_module("voltrail_server.operations." + module)
step = getattr(room, name)
def paused(*given, **named):
    print("standing still", flush=True)
    sys.stdin.readline()
    return step(*given, **named)
setattr(room, name, paused)
from voltrail.cli.main import main
sys.exit(main(sys.argv[1:]))
"""
STATE = """
import os
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "voltrail_server.settings")
import django; django.setup()
from voltrail.errors import ProductError
from voltrail_server import wiring
from voltrail_server.operations import acts
try:
    print(acts.kept(wiring.desk(), os.urandom(4).hex(), "", wiring.now()).index)
except ProductError as error:
    print(error)
"""


@contextmanager
def paused(found: Installation, step: str, *words: str | Path) -> Iterator["subprocess.Popen[str]"]:
    """A word of an installation that stands still before a step."""
    child = subprocess.Popen(
        [sys.executable, "-c", PAUSED.format(step=step), *map(str, words)],
        env=found.environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        cwd=ROOT,
    )
    try:
        assert child.stdout is not None
        said = iter(child.stdout.readline, "")
        before = list(takewhile(lambda line: line != "standing still\n", said))
        assert child.poll() is None, before
        yield child
    finally:
        child.kill()
        child.communicate()


def went_on(child: "subprocess.Popen[str]", code: int = 0) -> str:
    said, _ = child.communicate("go on\n", timeout=240)
    assert child.returncode == code, said
    return said


def stated(found: Installation) -> str:
    """What an append from another process answered: an index, or a sentence."""
    done = found.child(sys.executable, "-c", STATE)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def serve(found: Installation, code: int) -> str:
    return found.run("serve", "--port", str(free_port()), code=code)


def test_who_begins_to_serve_while_the_register_moves_is_refused(
    either: Installation, tmp_path: Path
) -> None:
    target = f"sqlite:///{tmp_path}/moved.sqlite3"
    with paused(either, "moving._carry", "move", "--to", target) as child:
        assert "is being worked on: voltrail move" in serve(either, code=1)
        assert "is being worked on: voltrail move" in stated(either)
        assert "is being worked on" in either.run("move", "--to", target, code=1)
        assert "stand in" in went_on(child)
    assert "was moved to" in serve(either, code=1)
    assert "was moved to" in stated(either), "the database that was left took an entry"
    moved = Installation(either.home, target)
    assert stated(moved).isdigit()


def test_a_moved_database_says_so_without_the_data_folders_mark(
    living: Installation, tmp_path: Path
) -> None:
    living.run("move", "--to", f"sqlite:///{tmp_path}/moved.sqlite3")
    (living.home / "moved.json").unlink()
    assert "was moved to sqlite:///" in serve(living, code=1)


def test_a_move_that_was_killed_holds_nobody_up_for_long(
    living: Installation, tmp_path: Path
) -> None:
    with paused(living, "moving._carry", "move", "--to", f"sqlite:///{tmp_path}/m") as child:
        child.kill()
        child.wait()
    assert "After a crash its hold ends by itself" in serve(living, code=1)
    with closing(sqlite3.connect(living.home / "voltrail.sqlite3")) as file, file:
        ((until_us, now_us),) = file.execute(
            "SELECT max(until), (julianday('now') - 2440587.5) * 86400e6 FROM sequencer_lease"
        )
        assert until_us - now_us < 60e6
        file.execute("UPDATE sequencer_lease SET until = 1")  # the time has passed
    with served(living, tmp_path / "log"):
        pass
    living.run("move", "--to", f"sqlite:///{tmp_path}/again.sqlite3")


def test_the_hold_is_renewed_while_the_word_goes_on(living: Installation, tmp_path: Path) -> None:
    """The end that stands in the row is put back; the renewing process brings it forward."""
    with paused(living, "moving._carry", "move", "--to", f"sqlite:///{tmp_path}/m") as child:
        file = living.home / "voltrail.sqlite3"
        with closing(sqlite3.connect(file)) as base, base:
            base.execute("UPDATE sequencer_lease SET until = until - 39000000")
        ends = "SELECT min(until) FROM sequencer_lease"
        ((before,),) = rows(file, ends)
        assert until(lambda: rows(file, ends)[0][0] > before)
        went_on(child)


def test_a_hold_that_was_lost_ends_the_move_and_nothing_has_moved(
    living: Installation, tmp_path: Path
) -> None:
    target = tmp_path / "moved.sqlite3"
    with paused(living, "moving._leave", "move", "--to", f"sqlite:///{target}") as child:
        with closing(sqlite3.connect(living.home / "voltrail.sqlite3")) as file, file:
            file.execute("UPDATE sequencer_lease SET holder = 'host:1', until = 1 << 60")
        assert "Another process serves this register: host:1" in went_on(child, code=1)
    assert not target.exists()
    assert not (living.home / "moved.json").exists()


def test_nothing_is_moved_or_restored_under_a_server(living: Installation, tmp_path: Path) -> None:
    made = living.backup(tmp_path / "kept")
    with served(living, tmp_path / "log") as site:
        assert until(lambda: "sequencer" in site.children())
        target = f"sqlite:///{tmp_path}/moved.sqlite3"
        assert "Another process serves" in living.run("move", "--to", target, code=1)
        said = living.restore(made, "--replace", code=1)
        assert "Another process serves" in said
    assert (living.home / "keys").exists()
    living.restore(made, "--replace")


def test_who_begins_to_serve_while_a_restore_prepares_is_refused(
    either: Installation, tmp_path: Path
) -> None:
    made = either.backup(tmp_path / "kept")
    with paused(either, "standing.mark", "restore", made, "--replace") as child:
        assert "is being worked on: voltrail restore" in serve(either, code=1)
        assert "is being worked on: voltrail restore" in stated(either)
        assert "Restored" in went_on(child)
    assert either.run("check-register").startswith("Sound")


def test_who_begins_to_serve_while_a_restore_places_is_refused(
    living: Installation, tmp_path: Path
) -> None:
    made = living.backup(tmp_path / "kept")
    with paused(living, "restore._put_in_place", "restore", made, "--replace") as child:
        assert "A restore into this data folder was not finished" in serve(living, code=1)
        went_on(child)


def test_two_upgrades_do_not_meet(living: Installation, tmp_path: Path) -> None:
    with closing(sqlite3.connect(living.home / "voltrail.sqlite3")) as file, file:
        file.execute("UPDATE records_viewstate SET revision = 1")
    with paused(living, "upgrading._views_up_to_date", "upgrade", "--no-backup") as child:
        said = living.run("upgrade", "--no-backup", code=1)
        assert "is being worked on: voltrail upgrade" in said
        assert "folded" in went_on(child)
    assert "nothing was changed" in living.run("upgrade")


def test_a_server_that_came_first_is_not_overtaken(living: Installation, tmp_path: Path) -> None:
    """The parent takes the lease before its children run: no word begins in between."""
    with served(living, tmp_path / "log") as site:
        stopped = site.children().get("sequencer")
        assert stopped is not None
        assert alive(stopped)
        said = living.run("move", "--to", f"sqlite:///{tmp_path}/m", code=1)
        assert "Another process serves" in said
        assert json.loads(site.get("/healthz")[1])["status"] == "ok"
        site.process.send_signal(signal.SIGTERM)
        site.process.wait(timeout=40)
    living.run("move", "--to", f"sqlite:///{tmp_path}/m")


@pytest.mark.parametrize(
    "step", ["standing.make_room", "restore._put_in_place", "restore._database"]
)
def test_a_restore_that_was_killed_and_ran_again_keeps_what_it_replaced(
    either: Installation, tmp_path: Path, step: str
) -> None:
    made = either.backup(tmp_path / "kept")
    keys, before = (either.home / "keys" / "log.pem").read_bytes(), either.look()["size"]
    with paused(either, step, "restore", made, "--replace") as child:
        child.kill()
        child.wait()
    assert "was not finished" in serve(either, code=1)
    said = either.restore(made)
    (aside,) = either.home.glob("replaced-*")
    assert f"What stood here before is kept in {aside}" in said
    assert (aside / "keys" / "log.pem").read_bytes() == keys
    if not either.url:
        size = "SELECT size FROM records_lease"
        assert rows(aside / "voltrail.sqlite3", size) == [(before,)]
    assert (aside / "secret_key").read_bytes() != b""
    assert either.run("check-register").startswith("Sound")
