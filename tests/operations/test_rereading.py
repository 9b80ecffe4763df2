"""A backup is taken in once, re-read on every core, and nothing that was not checked is placed."""

import shutil
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

import pytest

pytest.importorskip("django")

from operations.installation import Installation, living, played
from operations.test_upkeep import paused, went_on
from server.site_world import site_desk
from voltrail.actions.desk import Desk
from voltrail.register.fsck import Report
from voltrail_server.operations import leaves, manifest, rereading

__all__ = ["living", "played", "site_desk"]


def read_again(made: Path, file: Path | None = None) -> Report:
    found = manifest.read(made)
    log = manifest.verifiers((made / "anchors.json").read_bytes())
    promise = (found.size, bytes.fromhex(found.root))
    return rereading.reread(file or made / manifest.DATABASE, log, promise)


def spoilt(made: Path, at: int) -> Path:
    """A copy of a backup's tables in which one entry has another envelope."""
    file = Path(shutil.copy(made / manifest.DATABASE, made.parent / "spoilt"))
    with closing(sqlite3.connect(file)) as base, base:
        triggers = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        for (name,) in base.execute(triggers).fetchall():
            base.execute(f'DROP TRIGGER "{name}"')
        base.execute(
            'UPDATE records_entry SET raw = (SELECT raw FROM records_entry WHERE "index" = 1)'
            ' WHERE "index" = ?',
            (at,),
        )
    return file


def test_several_processes_find_what_one_finds(
    site_desk: Desk, living: Installation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = living.backup(tmp_path / "kept")
    alone = read_again(made)
    assert alone.faults == ()
    asked: list[tuple[int, int]] = []
    one = rereading._run

    def counted(path: Path, start: int, stop: int) -> object:
        asked.append((start, stop))
        return one(path, start, stop)

    monkeypatch.setattr(rereading, "MANY", 40)
    monkeypatch.setattr(rereading.os, "cpu_count", lambda: 3)
    monkeypatch.setattr(rereading, "_run", counted)
    assert read_again(made) == alone
    assert len(asked) == 3
    assert min(asked)[0] == 0
    assert max(asked)[1] == alone.entries
    for at in (0, asked[-1][0], alone.entries - 1):
        faults = read_again(made, spoilt(made, at)).faults
        assert any(fault.startswith(f"Entry {at}") for fault in faults)


def test_where_no_process_can_be_started_all_is_looked_at_here(
    site_desk: Desk, living: Installation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = living.backup(tmp_path / "kept")
    monkeypatch.setattr(rereading, "MANY", 40)
    monkeypatch.setattr(rereading.os, "cpu_count", lambda: 2)
    for python in ("/nowhere/python", shutil.which("false")):
        monkeypatch.setattr(rereading.sys, "executable", python)
        assert read_again(made).faults == ()
        assert read_again(made, spoilt(made, 2)).faults


def test_a_child_changes_no_byte_of_the_file(living: Installation, tmp_path: Path) -> None:
    made = living.backup(tmp_path / "kept")
    before = sorted(path.name for path in made.iterdir())
    data = (made / manifest.DATABASE).read_bytes()
    assert len(leaves.run(made / manifest.DATABASE, 3, 9).hashes) == 6
    assert (made / manifest.DATABASE).read_bytes() == data
    assert sorted(path.name for path in made.iterdir()) == before


def test_what_is_placed_are_the_bytes_that_were_checked(
    living: Installation, tmp_path: Path
) -> None:
    """Whoever owns the backup's folder changes it after the check."""
    made = living.backup(tmp_path / "kept")
    back = Installation(tmp_path / "back")
    with paused(back, "restore._prepare", "restore", made, "--accept-folder-trust") as child:
        for path in made.rglob("*"):
            if path.is_file() and path.name not in ("tail.json", "settings.json"):
                path.chmod(0o600)
                path.write_bytes(b"something else")
        went_on(child)
    assert back.run("check-register").startswith("Sound")
    for path in (living.home / "blobs").glob("*/*"):
        assert (back.home / path.relative_to(living.home)).read_bytes() == path.read_bytes()
    for name in ("anchors.json", "identity.json", "keys/operator.pem", "keys/log.pem"):
        assert (back.home / name).read_bytes() == (living.home / name).read_bytes()


def test_a_full_disk_is_said_and_nothing_is_left_lying(
    living: Installation, tmp_path: Path
) -> None:
    made = living.backup(tmp_path / "kept")
    back = Installation(tmp_path / "back")
    words = f"-m voltrail.cli.main restore '{made}' --accept-folder-trust"
    done = back.child("bash", "-c", f"ulimit -f 400; exec '{sys.executable}' {words}")
    assert done.returncode == 1, done.stderr
    assert "cannot be written: File too large" in done.stderr
    assert "the disk of the data folder" in done.stderr
    assert not (back.home / ".restoring").exists()
    assert not (back.home / "identity.json").exists()


def test_a_refused_restore_leaves_no_copy_of_keys_behind(
    living: Installation, tmp_path: Path
) -> None:
    made = living.backup(tmp_path / "kept")
    (tmp_path / "note").write_text("no checkpoint")
    back = Installation(tmp_path / "back")
    back.restore(made, "--known", tmp_path / "note", code=75)
    assert not (back.home / ".restoring").exists()
