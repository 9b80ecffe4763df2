"""`voltrail recall` over a folder register: scope in words, JSON and CSV, and a rehearsal."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from cli.test_traces import CELLS, PACK, folder
from voltrail.actions.hold import holds
from voltrail.actions.recall import Answer, answer
from voltrail.cli.main import main
from voltrail.cli.registers import open_desk
from voltrail.ids.subject import PersonId, PlaceId, UnitId

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


def test_answers_by_place_say_what_is_owed(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    assert main(["recall", "rehearse", str(CELLS), "--folder", str(folder), "--json"]) == 0
    index = json.loads(capsys.readouterr().out)["index"]
    asked = ["recall", "answers", str(index), "--folder", str(folder)]
    assert main([*asked, "--json"]) == 1
    (place,) = json.loads(capsys.readouterr().out)["places"]
    assert (place["place"], place["owed"], place["answers"]) == (None, [PACK], [])
    desk, at = open_desk(folder), datetime.now(UTC)
    said = Answer(PlaceId.of("north"), PersonId.of("anna"), found=(UnitId.read(PACK),))
    answer(desk, index, said, at)
    assert main(asked) == 0
    told = capsys.readouterr().out
    assert "urn:voltrail:place:north: 1 found, 0 not found, 0 not here, 0 not answered" in told
    assert "Everything is answered." in told


def test_answers_are_asked_by_the_entry_of_a_recall(folder: Path) -> None:
    asked = ["recall", "answers"]
    assert main([*asked, "soon", "--folder", str(folder)]) == 65
    assert main([*asked, "0", "--folder", str(folder)]) == 66


@pytest.mark.parametrize(
    ("about", "more", "code"),
    [("urn:voltrail:lot:acme:Z9", (), 66), (str(CELLS), ("--since", "soon"), 65)],
    ids=["unknown", "no-day"],
)
def test_what_cannot_be_answered_is_refused(
    folder: Path, about: str, more: tuple[str, ...], code: int
) -> None:
    assert main(["recall", "scope", about, "--folder", str(folder), *more]) == code
