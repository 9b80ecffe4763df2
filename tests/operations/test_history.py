"""A restore never begins a second history: whatever proves a longer or another one stops it."""

import hashlib
import json
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

pytest.importorskip("django")

from operations.installation import Installation, either, living, played, postgres
from voltrail.register import note
from witness.running import Log, serving
from witness.running import made as made_witness

__all__ = ["either", "living", "played", "postgres"]

STATE = """
import os
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "voltrail_server.settings")
import django; django.setup()
from voltrail.actions import prove
from voltrail_server import wiring
from voltrail_server.operations import acts
desk = wiring.desk()
for number in range({count}):
    acts.kept(desk, "{word} %d" % number, "", wiring.now())
print(prove.checkpoint(desk).decode(), end="")
"""
PACK = """
import os, sys
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "voltrail_server.settings")
import django; django.setup()
from voltrail.actions.pack import statement_pack
from voltrail_server import wiring
desk = wiring.desk()
sys.stdout.buffer.write(statement_pack(desk, desk.entries.size() - 1))
"""
FOLDER = """
import os, sys
from pathlib import Path
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "voltrail_server.settings")
import django; django.setup()
from voltrail.register.folder import FolderEntries
from voltrail_server import wiring
desk = wiring.desk()
mirror = FolderEntries(Path(sys.argv[1]) / "entries")
with mirror.transaction():
    listed = list(desk.entries.entries(0, desk.entries.size()))
    mirror.append(listed, {}, desk.entries.frontier())
for size, note in reversed(list(desk.entries.checkpoints())):
    mirror.put_checkpoint(size, note)
"""


MIRROR = """
import os, sys
from pathlib import Path
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "voltrail_server.settings")
import django; django.setup()
from voltrail.actions import prove, tiles
from voltrail.register import mirror, mirror_check, mirror_folder
from voltrail_server import wiring
desk = wiring.desk()
def show(path, most):
    return prove.checkpoint(desk) if path == "checkpoint" else tiles.tile(desk, path)
key, second = desk.log.verifier_keys
copy = mirror_folder.make(Path(sys.argv[1]), "https://partner.example/api/v1", key, second)
done = mirror.pull(copy.shelf, show, copy.partner)
if sys.argv[2] == "whole":
    for index, leaf in list(mirror_check.missing(copy.shelf, done.size)):
        mirror_check.keep_envelope(copy.shelf, index, leaf, prove.statement(desk, index))
"""


ASK = """
import os
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "voltrail_server.settings")
import django; django.setup()
from voltrail_server.witnesses import knowing
knowing.need_known()
"""


@contextmanager
def witnessed(living: Installation, folder: Path) -> Iterator[None]:
    """A witness in a process of its own, which the installation names in its policy."""
    log = Log()
    log.vkey = str(living.look()["key"])
    key = made_witness(folder, log)[0]
    with serving(folder) as url:
        vkey = note.vkey(key.name, key.public_raw, key.key_type)
        policy = f"witness w {vkey} {url}\ngroup all 1 w\nquorum all\n"
        (living.home / "witnesses.policy").write_text(policy)
        yield


def ask_witnesses(living: Installation, code: int = 0) -> str:
    """What the door of a start says."""
    done = living.child(sys.executable, "-c", ASK)
    assert bool(done.returncode) == bool(code), done.stderr
    return done.stderr


def mirrored(living: Installation, folder: Path, what: str) -> Path:
    """A partner's mirror of the installation, with leaves alone or whole."""
    done = living.child(sys.executable, "-c", MIRROR, str(folder), what)
    assert done.returncode == 0, done.stderr
    return folder


def grow(living: Installation, count: int = 5, word: str = "more") -> str:
    """Append entries and return the checkpoint over them."""
    done = living.child(sys.executable, "-c", STATE.format(count=count, word=word))
    assert done.returncode == 0, done.stderr
    return done.stdout


def untouched(living: Installation) -> tuple[object, ...]:
    found = living.look()
    return found["size"], found["root"]


def test_a_longer_register_here_is_not_replaced_by_a_shorter_one(
    either: Installation, tmp_path: Path
) -> None:
    made = either.backup(tmp_path / "kept")
    grow(either)
    before = untouched(either)
    said = either.restore(made, code=1)
    assert "An installation stands in this data folder" in said
    said = either.restore(made, "--replace", code=1)
    size = before[0]
    assert f"has {size - 5:,} entries" in said
    assert f"proves {size:,}: 5 would be lost" in said
    assert untouched(either) == before


def test_a_checkpoint_that_somebody_kept_stops_an_older_backup(
    living: Installation, tmp_path: Path
) -> None:
    made = living.backup(tmp_path / "kept")
    (tmp_path / "note").write_text(grow(living))
    back = Installation(tmp_path / "back")
    said = back.restore(made, "--known", tmp_path / "note", code=1)
    assert "5 would be lost" in said
    assert "--import" in said
    assert not (back.home / "identity.json").exists()


def test_a_pack_proves_how_long_the_register_was(living: Installation, tmp_path: Path) -> None:
    made = living.backup(tmp_path / "kept")
    grow(living)
    pack = tmp_path / "pack.zip"
    done = living.child(
        sys.executable, "-c", PACK.replace("sys.stdout.buffer", f"open({str(pack)!r}, 'wb')")
    )
    assert done.returncode == 0, done.stderr
    back = Installation(tmp_path / "back")
    said = back.restore(made, "--known", pack, code=1)
    assert "5 would be lost" in said
    said = back.restore(made, "--import", pack, code=1)  # it holds one of the five
    assert "of them are in no source" in said


def test_the_missing_entries_are_imported_from_another_copy(
    living: Installation, tmp_path: Path
) -> None:
    made = living.backup(tmp_path / "kept")
    note = tmp_path / "note"
    note.write_text(grow(living))
    before = living.look()
    back = Installation(tmp_path / "back")
    words = ("--known", note, "--import", living.home)
    said = back.restore(made, *words)
    assert "6 of them came from another source" in said  # five, and the backup's own act
    after = back.look()
    assert after["size"] == before["size"] + 1
    assert back.run("check-register").startswith("Sound")
    (tmp_path / "note2").write_text(grow(back, 1))
    again = Installation(tmp_path / "again")
    again.restore(made, "--known", tmp_path / "note2", "--import", back.home)


def test_a_registers_folder_gives_the_missing_entries(living: Installation, tmp_path: Path) -> None:
    made = living.backup(tmp_path / "kept")
    grow(living)
    done = living.child(sys.executable, "-c", FOLDER, str(tmp_path / "mirror"))
    assert done.returncode == 0, done.stderr
    back = Installation(tmp_path / "back")
    back.restore(made, "--import", tmp_path / "mirror")
    assert back.look()["size"] == living.look()["size"] + 1


def test_a_partners_mirror_stops_an_older_backup_and_gives_what_it_lacks(
    living: Installation, tmp_path: Path
) -> None:
    made = living.backup(tmp_path / "kept")
    grow(living)
    bare = mirrored(living, tmp_path / "bare", "leaves")
    whole = mirrored(living, tmp_path / "whole", "whole")
    back = Installation(tmp_path / "back")
    said = back.restore(made, "--known", bare, code=1)
    assert "5 would be lost" in said
    said = back.restore(made, "--import", bare, code=1)  # it proves them, and holds none
    assert "of them are in no source" in said
    assert not (back.home / "identity.json").exists()
    back.restore(made, "--import", whole)
    assert back.look()["size"] == living.look()["size"] + 1
    assert back.run("check-register").startswith("Sound")


def test_what_a_mirrors_pull_was_on_its_way_to_stops_an_older_backup(
    living: Installation, tmp_path: Path
) -> None:
    bare = mirrored(living, tmp_path / "bare", "leaves")
    made = living.backup(tmp_path / "kept")
    (bare / "pending.checkpoint").write_text(grow(living))
    back = Installation(tmp_path / "back")
    said = back.restore(made, "--known", bare, code=1)
    assert "5 would be lost" in said
    assert not (back.home / "identity.json").exists()
    (bare / "checkpoint").unlink()
    assert "5 would be lost" in back.restore(made, "--known", bare, code=1)


def test_a_witness_that_cosigned_more_stops_an_older_backup(
    living: Installation, tmp_path: Path
) -> None:
    with witnessed(living, tmp_path / "w"):
        made = living.backup(tmp_path / "kept")
        grow(living)
        ask_witnesses(living)
        back = Installation(tmp_path / "back")
        said = back.restore(made, code=1)
        assert "knows better than the backup: It cosigned more entries" in said
        assert "--import" in said
        assert not (back.home / "identity.json").exists()
        back.restore(made, "--import", living.home)
        assert back.look()["size"] == living.look()["size"] + 1
        ask_witnesses(back)  # and it starts


def test_a_witness_that_cosigned_another_history_stops_a_backup(
    living: Installation, tmp_path: Path
) -> None:
    other = Installation(Path(shutil.copytree(living.home, tmp_path / "other")))
    with witnessed(living, tmp_path / "w"):
        grow(living, 3, "here")
        ask_witnesses(living)
        grow(other, 9, "there")
        made = other.backup(tmp_path / "kept")  # nobody is named there whom it could ask
        back = Installation(tmp_path / "back")
        for one in (other, back):
            one.home.mkdir(exist_ok=True)
            shutil.copy(living.home / "witnesses.policy", one.home)
        said = back.restore(made, code=1)
        assert "It cosigned another history than the one here" in said
        assert not (back.home / "identity.json").exists()
        assert "knows better" in ask_witnesses(other, code=70)
        assert "knows better" in other.run("backup", tmp_path / "more", "--plain-keys", code=70)


def test_a_witness_that_is_silent_is_named_and_stops_nothing(
    living: Installation, tmp_path: Path
) -> None:
    with witnessed(living, tmp_path / "w"):
        made = living.backup(tmp_path / "kept")
    back = Installation(tmp_path / "back")
    said = back.restore(made)
    assert "A witness could not tell how long the register was: http://127.0.0.1" in said


def test_another_history_is_refused_however_long(living: Installation, tmp_path: Path) -> None:
    """Somebody restored beside a living register: both signed on with the same key."""
    made = living.backup(tmp_path / "kept")
    other = Installation(Path(shutil.copytree(living.home, tmp_path / "other")))
    grow(living, 3, "here")
    note = tmp_path / "note"
    note.write_text(grow(other, 2, "there"))
    newer = living.backup(tmp_path / "kept")
    back = Installation(tmp_path / "back")
    said = back.restore(newer, "--known", note, code=1)
    assert "another history at" in said
    said = back.restore(made, "--known", note, "--import", living.home, code=1)
    assert "another history at" in said
    assert not (back.home / "identity.json").exists()


def test_a_note_of_another_log_proves_nothing(living: Installation, tmp_path: Path) -> None:
    made = living.backup(tmp_path / "kept")
    stranger = Installation(tmp_path / "stranger")
    stranger.run("init", "--operator", "urn:voltrail:party:x", "--origin", "other.example")
    (tmp_path / "note").write_text(grow(stranger, 1))
    back = Installation(tmp_path / "back")
    said = back.restore(made, "--known", tmp_path / "note", code=75)
    assert "not signed by this register's log" in said
    said = stranger.restore(made, "--replace", code=1)
    assert "brings other keys than the installation that stands here" in said
    vouched = hashlib.sha256((made / "anchors.json").read_bytes()).hexdigest()
    said = stranger.run("restore", made, "--replace", "--fingerprint", vouched, code=1)
    assert "stands here, not" in said


def test_a_restore_that_died_is_finished_with_the_same_backup(
    living: Installation, tmp_path: Path
) -> None:
    older = living.backup(tmp_path / "kept")
    newer = living.backup(tmp_path / "kept")
    root = json.loads((newer / "manifest.json").read_text())["root"]
    mark = {"stamp": "20260101T000000Z", "root": root, "placing": False}
    (living.home / "restoring.json").write_text(json.dumps(mark))
    assert "was not finished" in living.run("serve", code=1)
    assert "was not finished" in living.run("backup", tmp_path / "kept", "--plain-keys", code=1)
    said = living.restore(older, "--replace", code=1)
    assert "Another backup was being restored here" in said
    living.restore(newer)
    assert living.run("check-register").startswith("Sound")


def test_what_is_replaced_is_kept_aside(either: Installation, tmp_path: Path) -> None:
    made = either.backup(tmp_path / "kept")
    before = either.look()
    said = json.loads(either.restore(made, "--replace", "--json"))
    aside = Path(said["aside"])
    assert (aside / "keys" / "log.pem").exists()
    assert (aside / "voltrail.sqlite3").exists() or either.url
    after = either.look()
    assert after["size"] == before["size"] + 1
    assert either.run("check-register").startswith("Sound")


def test_a_register_that_cannot_be_read_needs_somebody_elses_proof(
    living: Installation, tmp_path: Path
) -> None:
    made = living.backup(tmp_path / "kept")
    note = tmp_path / "note"
    note.write_text(grow(living, 0))
    for path in living.home.glob("voltrail.sqlite3*"):
        path.write_bytes(b"this is no database, and was never one" * 300)
    said = living.restore(made, "--replace", code=1)
    assert "cannot be read" in said
    living.restore(made, "--replace", "--known", note)
    assert living.run("check-register").startswith("Sound")


def test_the_data_folder_remembers_a_promise_that_the_database_lost(
    living: Installation, tmp_path: Path
) -> None:
    made = living.backup(tmp_path / "kept")
    (living.home / "last-checkpoint").write_text(grow(living))
    for path in living.home.glob("voltrail.sqlite3*"):
        path.unlink()
    said = living.restore(made, "--replace", code=1)
    assert "5 would be lost" in said
