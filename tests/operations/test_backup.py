"""A backup holds everything, is never half, and comes back as it was, on either database."""

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

pytest.importorskip("django")

from operations.installation import (
    PHRASE,
    Installation,
    either,
    living,
    played,
    postgres,
    rows,
)

__all__ = ["either", "living", "played", "postgres"]


def test_what_is_restored_is_what_was_backed_up(either: Installation, tmp_path: Path) -> None:
    before = either.look()
    either.backup(tmp_path / "kept")
    back = Installation(tmp_path / "back")
    said = back.restore(tmp_path / "kept")
    assert f"Restored {before['size'] + 1:,} entries" in said  # the backup's own act came along
    after = back.look()
    same = {"accounts", "password", "drafts", "proposals", "origin", "key", "revision"}
    assert {name: after[name] for name in same} == {name: before[name] for name in same}
    assert after["password"] is True
    assert after["size"] == before["size"] + 2  # and the restore
    assert after["projected"] == after["size"]
    assert back.run("check-register").startswith("Sound")
    assert len(list((back.home / "blobs").glob("*/*"))) == 40
    digest = back.look()["views"]
    back.run("rebuild")
    assert back.look()["views"] == digest


@pytest.mark.postgres
def test_a_backup_of_sqlite_comes_back_on_postgresql_and_the_other_way(
    living: Installation, tmp_path: Path, postgres: Callable[[], str]
) -> None:
    living.backup(tmp_path / "one")
    there = Installation(tmp_path / "there", postgres())
    there.restore(tmp_path / "one")
    over_there = there.look()
    there.backup(tmp_path / "two")
    back = Installation(tmp_path / "back")
    back.restore(tmp_path / "two")
    here = back.look()
    assert here["size"] == over_there["size"] + 2
    keep = ("accounts", "drafts", "proposals", "password")
    assert [here[name] for name in keep] == [over_there[name] for name in keep]


def test_unchanged_original_files_are_kept_once(living: Installation, tmp_path: Path) -> None:
    first = living.backup(tmp_path / "kept")
    (living.home / "blobs" / "aa").mkdir(exist_ok=True)
    second = living.backup(tmp_path / "kept")
    for path in first.glob("blobs/*/*"):
        assert path.stat().st_ino == (second / path.relative_to(first)).stat().st_ino
    assert "Whole" in living.run("backup", tmp_path / "kept", "--verify")


def _within(manifest: bytes) -> int:
    """A place inside a digest near the middle: what stands there is changed and still JSON."""
    found = re.search(rb"[a-f][0-9][a-f]", manifest[len(manifest) // 2 :])
    assert found is not None
    return len(manifest) // 2 + found.start() + 1


@pytest.mark.parametrize("name", ["voltrail.sqlite3", "anchors.json", "blobs", "manifest.json"])
def test_a_changed_byte_is_found_and_nothing_is_restored(
    living: Installation, tmp_path: Path, name: str
) -> None:
    made = living.backup(tmp_path / "kept")
    path = next((made / "blobs").glob("*/*")) if name == "blobs" else made / name
    data = bytearray(path.read_bytes())
    data[_within(data) if name == "manifest.json" else len(data) // 2] ^= 1
    path.write_bytes(data)
    assert living.run("backup", made, "--verify", code=70)
    back = Installation(tmp_path / "back")
    back.restore(made, code=70)
    assert not (back.home / "identity.json").exists()


def test_a_missing_file_and_a_stranger_are_named(living: Installation, tmp_path: Path) -> None:
    made = living.backup(tmp_path / "kept")
    gone = next((made / "blobs").glob("*/*"))
    gone.unlink()
    (made / "more.txt").write_text("x")
    said = living.run("backup", made, "--verify", code=70)
    assert f"{gone.relative_to(made)} is missing" in said
    assert "more.txt is in the folder and not in the manifest" in said


def test_a_manifest_that_somebody_else_wrote_is_not_believed(
    living: Installation, played: Path, tmp_path: Path
) -> None:
    """Whoever owns the folder can make hashes fit; the signature does not."""
    made = living.backup(tmp_path / "kept")
    found = json.loads((made / "manifest.json").read_text())
    found["product"] = "9"
    (made / "manifest.json").write_text(json.dumps(found))
    said = living.run("backup", made, "--verify", code=70)
    assert "The manifest is not the one that was signed" in said


def test_keys_open_with_the_passphrase_alone(living: Installation, tmp_path: Path) -> None:
    phrase, wrong = tmp_path / "phrase", tmp_path / "wrong"
    phrase.write_text(f"{PHRASE}\n")
    wrong.write_text("another battery staple\n")
    kept = tmp_path / "kept"
    living.run("backup", kept, "--passphrase-file", phrase)
    closed = b"".join(path.read_bytes() for path in kept.rglob("*") if path.is_file())
    for secret in ("keys/operator.pem", "keys/log.pem", "secret_key"):
        assert (living.home / secret).read_bytes()[30:60] not in closed
    back = Installation(tmp_path / "back")
    assert "do not open" in back.restore(kept, "--passphrase-file", wrong, code=1)
    assert not (back.home / "keys").exists()
    assert "Nobody is at a terminal" in back.restore(kept, code=1)
    back.restore(kept, "--passphrase-file", phrase)
    assert (back.home / "keys/log.pem").stat().st_mode & 0o777 == 0o600
    assert (back.home / "keys/log.pem").read_bytes() == (living.home / "keys/log.pem").read_bytes()


def test_keys_open_for_the_recipient_alone(living: Installation, tmp_path: Path) -> None:
    for name in ("own", "other"):
        made = ["openssl", "genpkey", "-algorithm", "X25519", "-out", f"{tmp_path}/{name}"]
        subprocess.run(made, check=True)
    public = ["openssl", "pkey", "-in", f"{tmp_path}/own", "-pubout", "-out", f"{tmp_path}/pub"]
    subprocess.run(public, check=True)
    kept = tmp_path / "kept"
    living.run("backup", kept, "--recipient", tmp_path / "pub")
    back = Installation(tmp_path / "back")
    back.restore(kept, "--key-file", tmp_path / "other", code=1)
    back.restore(kept, "--key-file", tmp_path / "pub", code=65)
    back.restore(kept, "--key-file", tmp_path / "own")
    assert back.look()["key"] == living.look()["key"]


def test_a_short_passphrase_is_refused_and_leaves_no_backup(
    living: Installation, tmp_path: Path
) -> None:
    (tmp_path / "short").write_text("short")
    said = living.run("backup", tmp_path / "kept", "--passphrase-file", tmp_path / "short", code=1)
    assert "at least 12 characters" in said
    assert [one.name for one in (tmp_path / "kept").iterdir()] == [".lock"]


def test_a_damaged_original_file_is_named_and_left_out(
    living: Installation, tmp_path: Path
) -> None:
    path = next((living.home / "blobs").glob("*/*"))
    path.write_bytes(b"rotten")
    said = living.run("backup", tmp_path / "kept", "--plain-keys", code=70)
    assert f"{path.name} is damaged here" in said
    back = Installation(tmp_path / "back")
    back.restore(tmp_path / "kept")
    assert not (back.home / "blobs" / path.parent.name / path.name).exists()


def test_an_unfinished_backup_is_no_backup_and_is_swept_away(
    living: Installation, tmp_path: Path
) -> None:
    torn = tmp_path / "kept" / ".part-20260101T000000Z-1"
    torn.mkdir(parents=True)
    (torn / "voltrail.sqlite3").write_bytes(b"half")
    back = Installation(tmp_path / "back")
    assert "holds no whole backup" in back.restore(tmp_path / "kept", code=66)
    living.backup(tmp_path / "kept")
    assert not torn.exists()


APPEND = """
import os, sys, time
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "voltrail_server.settings")
import django; django.setup()
from voltrail_server import wiring
from voltrail_server.operations import acts
desk = wiring.desk()
print("ready", flush=True)
while True:
    desk.blobs.put(os.urandom(64))
    acts.kept(desk, os.urandom(8).hex(), "", wiring.now())
"""


def test_a_backup_is_whole_while_others_append(either: Installation, tmp_path: Path) -> None:
    child = subprocess.Popen(
        [sys.executable, "-c", APPEND], env=either.environment, stdout=subprocess.PIPE, text=True
    )
    try:
        assert child.stdout is not None
        assert child.stdout.readline() == "ready\n"
        begun = either.look()["size"]
        sizes = []
        for _ in range(3):
            made = either.backup(tmp_path / "kept")
            sizes.append(json.loads((made / "manifest.json").read_text())["size"])
            assert "Whole" in either.run("backup", made, "--verify")
        assert child.poll() is None
    finally:
        child.kill()
        child.communicate()
    assert begun < sizes[0] < sizes[1] < sizes[2]
    back = Installation(tmp_path / "back")
    back.restore(tmp_path / "kept")
    assert back.run("check-register").startswith("Sound")


def test_the_act_is_on_record_once_the_backup_is_whole(
    living: Installation, tmp_path: Path
) -> None:
    person = "urn:voltrail:person:p-otto"
    living.backup(tmp_path / "kept", "--by", person)
    query = "SELECT raw FROM records_entry WHERE predicate_type LIKE '%administration%'"
    ((raw,),) = rows(living.home / "voltrail.sqlite3", query)
    assert b"payload" in bytes(raw)


def test_who_witnesses_the_register_and_the_second_log_key_come_back(
    living: Installation, tmp_path: Path
) -> None:
    policy = living.home / "witnesses.policy"
    policy.write_text("quorum none\n")
    back = Installation(tmp_path / "back")
    back.restore(living.backup(tmp_path / "kept"))
    for name in ("witnesses.policy", "keys/log-mldsa.pem"):
        assert (back.home / name).read_bytes() == (living.home / name).read_bytes()
    policy.unlink()


def test_a_backup_does_not_hold_a_session(living: Installation, tmp_path: Path) -> None:
    ((key,),) = rows(living.home / "voltrail.sqlite3", "SELECT session_key FROM django_session")
    made = living.backup(tmp_path / "kept")
    assert str(key).encode() not in (made / "voltrail.sqlite3").read_bytes()


def test_two_backups_into_one_folder_do_not_meet(living: Installation, tmp_path: Path) -> None:
    import fcntl  # noqa: PLC0415 — only here

    (tmp_path / "kept").mkdir()
    with (tmp_path / "kept" / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        said = living.run("backup", tmp_path / "kept", "--plain-keys", code=1)
    assert "Another backup" in said


def test_a_link_that_leads_out_of_the_backup_is_not_followed(
    living: Installation, tmp_path: Path
) -> None:
    made = living.backup(tmp_path / "kept")
    path = made / "anchors.json"
    shutil.copy(path, tmp_path / "anchors.json")
    path.unlink()
    path.symlink_to(tmp_path / "anchors.json")
    assert "is a link to another place" in living.run("backup", made, "--verify", code=70)
