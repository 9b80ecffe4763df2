"""A restore believes nobody unasked: a folder that brings its own keys proves nothing."""

import hashlib
import json
import os
import pty
import shutil
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

pytest.importorskip("django")

from operations.installation import ROOT, Installation, living, played

__all__ = ["living", "played"]


def stranger(living: Installation, folder: Path) -> Path:
    """A backup by somebody who calls themselves as we do, and has keys of their own."""
    found = json.loads((living.home / "identity.json").read_text())
    other = Installation(folder / "other")
    other.run("init", "--operator", found["operator"], "--origin", found["origin"])
    return other.backup(folder / "theirs")


def answered(found: Installation, answer: str, *words: str) -> tuple[int, str]:
    """Exit code and words of a command at a terminal where somebody types an answer."""
    ours, theirs = pty.openpty()
    child = subprocess.Popen(
        [sys.executable, "-m", "voltrail.cli.main", *words],
        env=found.environment,
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        cwd=ROOT,
        start_new_session=True,
    )
    os.close(theirs)
    told = ""
    with suppress(OSError):  # the terminal is gone once the command has ended
        while "Type yes: " not in told:
            told += os.read(ours, 1_000).decode()
        os.write(ours, f"{answer}\n".encode())
        while part := os.read(ours, 1_000):
            told += part.decode()
    os.close(ours)
    return child.wait(timeout=240), told


def test_nobody_vouches_and_nothing_is_restored(living: Installation, tmp_path: Path) -> None:
    made = living.backup(tmp_path / "kept")
    back = Installation(tmp_path / "back")
    said = back.run("restore", made, code=1)
    assert "Nobody has said whose backup this is" in said
    assert "--fingerprint HEX" in said
    assert hashlib.sha256((made / "anchors.json").read_bytes()).hexdigest() in said
    assert "urn:voltrail:party:nordlicht" in said
    assert not (back.home / "identity.json").exists()


def test_the_fingerprint_that_a_backup_printed_is_enough(
    living: Installation, tmp_path: Path
) -> None:
    said = json.loads(living.run("backup", tmp_path / "kept", "--plain-keys", "--json"))
    noted = said["fingerprint"]
    assert noted in living.run("backup", tmp_path / "kept", "--plain-keys")
    assert noted in living.run("backup", tmp_path / "kept", "--verify")
    back = Installation(tmp_path / "back")
    wrong = noted.translate(str.maketrans("0123456789abcdef", "123456789abcdef0"))
    said = back.run("restore", tmp_path / "kept", "--fingerprint", wrong, code=1)
    assert "is of another installation" in said
    assert "no fingerprint" in back.run(
        "restore", tmp_path / "kept", "--fingerprint", "ab", code=65
    )
    assert not (back.home / "identity.json").exists()
    spaced = " ".join(noted.upper()[at : at + 8] for at in range(0, 64, 8))
    back.run("restore", tmp_path / "kept", "--fingerprint", spaced)
    assert back.run("check-register").startswith("Sound")


def test_a_kept_file_of_pinned_trust_is_enough_and_a_strangers_backup_does_not_fit(
    living: Installation, tmp_path: Path
) -> None:
    own = shutil.copy(living.home / "anchors.json", tmp_path / "anchors.json")
    theirs = stranger(living, tmp_path)
    back = Installation(tmp_path / "back")
    said = back.run("restore", theirs, "--trust", own, code=70)
    assert "signature cannot be verified" in said
    assert not (back.home / "identity.json").exists()
    back.run("restore", living.backup(tmp_path / "kept"), "--trust", own)


def test_a_strangers_backup_with_our_names_has_another_fingerprint(
    living: Installation, tmp_path: Path
) -> None:
    noted = hashlib.sha256((living.home / "anchors.json").read_bytes()).hexdigest()
    theirs = stranger(living, tmp_path)
    back = Installation(tmp_path / "back")
    said = back.run("restore", theirs, "--fingerprint", noted, code=1)
    assert "is of another installation" in said
    assert not (back.home / "identity.json").exists()
    back.run("restore", theirs, "--accept-folder-trust")  # somebody said so


def test_where_an_installation_stands_its_own_trust_counts(
    living: Installation, tmp_path: Path
) -> None:
    theirs = stranger(living, tmp_path)
    said = living.run("restore", theirs, "--replace", "--accept-folder-trust", code=1)
    assert "brings other keys" in said
    made = living.backup(tmp_path / "kept")
    living.run("restore", made, "--replace")  # nobody is asked
    assert living.run("check-register").startswith("Sound")


@pytest.mark.parametrize(("answer", "code"), [("no", 1), ("", 1), ("yes", 0)])
def test_a_terminal_is_shown_what_the_folder_claims_and_asks(
    living: Installation, tmp_path: Path, answer: str, code: int
) -> None:
    made = living.backup(tmp_path / "kept")
    back = Installation(tmp_path / "back")
    found, told = answered(back, answer, "restore", str(made))
    assert found == code, told
    assert "claims to be a backup of" in told
    assert hashlib.sha256((made / "anchors.json").read_bytes()).hexdigest() in told
    assert (back.home / "identity.json").exists() is (code == 0)


def test_what_a_folder_claims_does_not_write_to_the_terminal(
    living: Installation, tmp_path: Path
) -> None:
    made = living.backup(tmp_path / "kept")
    found = json.loads((made / "manifest.json").read_text())
    found["operator"] = "\x1b[2Jurn:voltrail:party:you\r" + "x" * 200
    (made / "manifest.json").write_text(json.dumps(found))
    said = Installation(tmp_path / "back").run("restore", made, code=1)
    assert "\x1b" not in said
    assert "\r" not in said
    assert "x" * 100 not in said
    (made / "anchors.json").unlink()
    said = Installation(tmp_path / "back").run("restore", made, code=65)
    assert "no pinned trust" in said
