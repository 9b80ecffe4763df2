"""`voltrail recall` over a folder register: scope in words, JSON and CSV, and a rehearsal."""

import json
from pathlib import Path

import pytest

from cli.test_traces import CELLS, PACK, folder
from voltrail.actions.hold import holds
from voltrail.cli.main import main
from voltrail.cli.registers import open_desk

__all__ = ["folder"]


def test_a_lot_leads_to_the_pack_it_is_in(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert main(["recall", "scope", str(CELLS), "--folder", str(folder)]) == 1
    said = capsys.readouterr().out
    assert f"  {PACK}  place not stated" in said
    assert "? Nobody recorded lot acme:C1. Ask urn:voltrail:party:acme." in said
    assert "Related things: 1. Gaps: 2; ask for what is missing." in said


def test_programs_and_spreadsheets_read_the_same(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    assert main(["recall", "scope", str(CELLS), "--folder", str(folder), "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert [one["asset"] for one in told["related"]] == [PACK]
    assert main(["recall", "scope", str(CELLS), "--folder", str(folder), "--csv"]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "asset,certainty,definite,possible,places,why"
    assert lines[1].startswith(f"{PACK},definite,1,0,")


def test_a_rehearsal_is_recorded_and_holds_nothing(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    assert main(["recall", "rehearse", str(CELLS), "--folder", str(folder)]) == 0
    assert "Nothing is held." in capsys.readouterr().out
    assert holds(open_desk(folder)) == ()


@pytest.mark.parametrize(
    ("about", "more", "code"),
    [("urn:voltrail:lot:acme:Z9", (), 66), (str(CELLS), ("--since", "soon"), 65)],
    ids=["unknown", "no-day"],
)
def test_what_cannot_be_answered_is_refused(
    folder: Path, about: str, more: tuple[str, ...], code: int
) -> None:
    assert main(["recall", "scope", about, "--folder", str(folder), *more]) == code
