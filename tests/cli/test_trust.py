"""`voltrail trust`: a stick is written, carried, checked, and grows old."""

import json
from pathlib import Path

import pytest

from voltrail.cli.main import main
from voltrail.trust import signer

pytest.importorskip("tuf", reason="the extra `proofs` is not installed")

MADE = "2026-11-28T00:00:00Z"


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a register and two keys for sticks."""
    monkeypatch.chdir(tmp_path)
    assert main(["register", "init", "register", "--operator", "urn:voltrail:party:own"]) == 0
    for name in ("one", "two"):
        Path(f"{name}.pem").write_bytes(signer.generate().pem())
    return tmp_path


def export(*more: str, key: str = "one.pem") -> int:
    return main(["trust", "export", "stick", "--key", key, "--at", MADE, *more])


def check(at: str = MADE, *more: str) -> int:
    root = ["--root", "stick/metadata/1.root.json"]
    return main(["trust", "check", "stick", *root, "--at", at, *more])


def test_a_stick_is_fresh_then_old_then_refused(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert export("--folder", "register") == 0
    assert check() == 0
    assert "FRESH" in capsys.readouterr().out
    assert check("2027-01-15T00:00:00Z") == 0
    assert "STALE-WARN" in capsys.readouterr().out
    assert check("2027-09-01T00:00:00Z") == 1
    assert "STALE-REFUSE" in capsys.readouterr().out
    assert check("2026-12-05T00:00:00Z", "--refuse-days", "5", "--json") == 1
    assert json.loads(capsys.readouterr().out)["verdict"] == "STALE-REFUSE"


def test_a_stick_is_continued_and_handed_over(place: Path) -> None:
    given = ("--anchors", "register/anchors.json")
    assert export(*given) == export(*given, "--json") == 0
    assert export(*given, key="two.pem") == 1
    assert export(*given, "--old-key", "one.pem", key="two.pem") == 0
    assert Path("stick/metadata/2.root.json").exists()
    assert check() == 0


def test_a_stick_that_is_none_is_said(place: Path) -> None:
    assert main(["trust", "check", "nowhere", "--root", "one.pem"]) == 75
    assert export("--anchors", "one.pem") == 65
    assert export("--anchors", "register/anchors.json", "--threshold", "2") == 65
    assert export("--anchors", "register/anchors.json") == 0
    Path("stick/targets/anchors.json").write_bytes(b"{}")
    assert check() == 1
    Path("stick/targets/anchors.json").unlink()
    Path("stick/targets/anchors.json").symlink_to(Path("register/anchors.json").resolve())
    assert check() == 75
