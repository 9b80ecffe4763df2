"""`voltrail read --keep`: what a file says goes on record as its sender's word, and once."""

import json
from pathlib import Path

import pytest

from actions.test_foreign import event
from voltrail.cli.main import main
from voltrail.cli.registers import open_desk

SENDER = "urn:voltrail:party:kestrel"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "reg"
    main(["register", "init", str(made), "--operator", "urn:voltrail:party:acme"])
    return made


@pytest.fixture
def file(tmp_path: Path) -> str:
    path = tmp_path / "events.json"
    path.write_bytes(event("S1"))
    return str(path)


def test_a_file_is_kept_once(folder: Path, file: str, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    asked = ["read", file, "--keep", "--from", SENDER, "--folder", str(folder)]
    assert main(asked) == 0
    assert "Kept: 1. The same as before: 0. Refused: 0." in capsys.readouterr().out
    assert main([*asked, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["entries"] == [0]
    assert "The same as before: 1" in told["sentence"]
    assert open_desk(folder).entries.size() == 1


@pytest.mark.parametrize("lacking", ["--from", "--folder"])
def test_who_sent_it_and_where_to_keep_it_are_needed(
    folder: Path, file: str, lacking: str, capsys: pytest.CaptureFixture[str]
) -> None:
    given = {"--from": SENDER, "--folder": str(folder)}
    del given[lacking]
    words = [word for pair in given.items() for word in pair]
    assert main(["read", file, "--keep", *words]) == 65
    assert "not said who sent the file" in capsys.readouterr().err
    assert open_desk(folder).entries.size() == 0


def test_a_sender_is_a_firm(folder: Path, file: str) -> None:
    asked = ["read", file, "--keep", "--from", "kestrel", "--folder", str(folder)]
    assert main(asked) == 65
