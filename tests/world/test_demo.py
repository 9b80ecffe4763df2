"""The demo, run as a person runs it, against a server of its own on a free port."""

import os
import socket
import subprocess
import sys
from pathlib import Path

from voltrail_world.demo import MARK
from voltrail_world.play import table
from world_fixture import played_world

SRC = Path(__file__).resolve().parents[2] / "src"


def run(home: Path, port: int) -> subprocess.CompletedProcess[str]:
    told = {"SERVE": "0", "PORT": str(port), "VOLTRAIL_DATA": str(home), "PYTHONPATH": str(SRC)}
    return subprocess.run(
        [sys.executable, "-m", "voltrail_world.demo"],
        env={**os.environ, **told},
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )


def free_port() -> int:
    with socket.socket() as knock:
        knock.bind(("127.0.0.1", 0))
        return int(knock.getsockname()[1])


def test_the_demo_prints_what_the_same_story_gives_in_memory(tmp_path: Path) -> None:
    told = run(tmp_path / "demo", free_port())
    assert told.returncode == 0, told.stderr
    printed = [line.split(None, 4) for line in told.stdout.splitlines()[1:]]
    assert printed == [list(line) for line in table(played_world().desk.views.rows())]


def test_a_taken_port_is_one_sentence_with_the_way_out(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        told = run(tmp_path / "demo", taken.getsockname()[1])
    assert told.returncode == 1
    assert "make demo PORT=8001" in told.stderr
    assert len(told.stderr.splitlines()) == 1
    assert not (tmp_path / "demo").exists()


def test_a_folder_that_the_demo_did_not_make_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("kept")
    told = run(tmp_path, free_port())
    assert told.returncode == 1
    assert "not a demo's folder" in told.stderr
    assert [one.name for one in tmp_path.iterdir()] == ["mine.txt"]


def test_the_demos_own_older_folder_is_made_anew(tmp_path: Path) -> None:
    home = tmp_path / "demo"
    home.mkdir()
    (home / MARK).write_text("")
    (home / "old.txt").write_text("stale")
    told = run(home, free_port())
    assert told.returncode == 0, told.stderr
    assert not (home / "old.txt").exists()
