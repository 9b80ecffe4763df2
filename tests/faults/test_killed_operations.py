"""A backup, a restore or a first start that is killed leaves nothing that is taken for whole."""

import os
import random
import shutil
import sys
from pathlib import Path

import pytest

pytest.importorskip("django")

from operations.installation import Installation, living, played, postgres

__all__ = ["living", "played", "postgres"]

SAMPLE, DRILL = 2, 150  # [moments] of each command
OPERATOR = ("--operator", "urn:voltrail:party:nordlicht", "--origin", "test.example")


def many(marked: int) -> list[object]:
    return [
        pytest.param(SAMPLE, id="sample"),
        pytest.param(marked, id="full", marks=pytest.mark.drill),
    ]


def moments(found: Installation, words: tuple[str, ...], count: int) -> list[int]:
    """Moments drawn by lot from all at which a command may die, the last ones always."""
    done = found.child(sys.executable, "-m", "faults.dying", "0", *words)
    assert done.returncode == 0, done.stderr
    total = int(done.stderr.splitlines()[-1])
    draw = random.Random(int(os.environ["VOLTRAIL_TEST_SEED"]))
    return sorted({*draw.sample(range(1, total + 1), min(count, total)), total})


def killed(found: Installation, at: int, words: tuple[str, ...]) -> bool:
    """Whether the command died there; counts differ a little from run to run."""
    return found.child(sys.executable, "-m", "faults.dying", str(at), *words).returncode == -9


@pytest.mark.parametrize("count", many(DRILL))
def test_a_killed_backup_is_no_backup_or_a_whole_one(
    living: Installation, tmp_path: Path, count: int
) -> None:
    kept = tmp_path / "kept"
    words = ("backup", str(kept), "--plain-keys")
    for at in moments(living, words, count):
        killed(living, at, words)
        assert "Whole" in living.run("backup", kept, "--verify")
        for path in kept.iterdir():
            if not path.name.startswith("."):
                assert "Whole" in living.run("backup", path, "--verify")
        living.run(*words)
        assert not list(kept.glob(".part-*"))
        assert living.run("check-register").startswith("Sound")
        for path in sorted(kept.glob("2*"))[:-1]:
            shutil.rmtree(path)


@pytest.mark.parametrize("count", many(DRILL))
def test_a_killed_restore_serves_nothing_until_it_is_repeated(
    living: Installation, tmp_path: Path, count: int
) -> None:
    made = living.backup(tmp_path / "kept")
    wanted = living.look()
    words = ("restore", str(made), "--accept-folder-trust")
    probe = Installation(tmp_path / "probe")
    for at in moments(probe, words, count):
        back = Installation(tmp_path / f"back-{at}")
        died = killed(back, at, words)
        mark = (back.home / "restoring.json").exists()
        if not mark and (back.home / "identity.json").exists():
            assert back.look()["size"] in {wanted["size"], wanted["size"] + 1}
        elif died:
            said = back.child(sys.executable, "-m", "voltrail.cli.main", "serve", "--no-first-run")
            assert said.returncode
            assert "restore" in said.stderr or "no operator" in said.stderr
            back.run(*words)
            assert back.look()["root"] != ""
        assert back.run("check-register").startswith("Sound")
        found = back.look()
        assert (found["accounts"], found["drafts"]) == (wanted["accounts"], wanted["drafts"])


@pytest.mark.parametrize("count", many(DRILL))
def test_a_killed_replacement_loses_neither_the_old_nor_the_new(
    living: Installation, tmp_path: Path, count: int
) -> None:
    made = living.backup(tmp_path / "kept")
    words = ("restore", str(made), "--replace", "--accept-folder-trust")
    probe = Installation(Path(shutil.copytree(living.home, tmp_path / "probe")))
    for at in moments(probe, words, count):
        back = Installation(Path(shutil.copytree(living.home, tmp_path / f"back-{at}")))
        if killed(back, at, words) and (back.home / "restoring.json").exists():
            back.run(*words)
        assert back.run("check-register").startswith("Sound")
        assert back.look()["accounts"] == ["runa"]


@pytest.mark.parametrize("count", many(DRILL))
def test_a_killed_first_start_is_completed_by_the_second(tmp_path: Path, count: int) -> None:
    words = ("init", *OPERATOR)
    for at in moments(Installation(tmp_path / "probe"), words, count):
        made = Installation(tmp_path / f"made-{at}")
        killed(made, at, words)
        made.run(*words)
        assert made.run("check-register").startswith("Sound")
        assert made.look()["origin"] == "test.example"
