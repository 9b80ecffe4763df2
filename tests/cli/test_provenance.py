"""`voltrail provenance` over a folder register: in words, as JSON; 1 where something is open."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from voltrail.actions.record import state
from voltrail.cli.main import main
from voltrail.cli.registers import open_desk
from voltrail.ids.subject import LotId, PartyId, PlaceId, UnitId
from voltrail.statements.assembly import Action, Assembly, Part, WholeLevel
from voltrail.statements.statement import Header

MAKER, PACK = PartyId.of("acme"), UnitId.of("acme", "P1")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made, now = tmp_path / "reg", datetime.now(UTC)
    main(["register", "init", str(made), "--operator", str(MAKER)])
    parts, whole = (Part(lot=LotId.of("acme", "C1")),), (Part(unit=PACK),)
    where = PlaceId.of("acme", "works")
    fact = Assembly(MAKER, "B1", Action.ADD, WholeLevel.PACK, now, parts, whole, where)
    state(open_desk(made), fact, Header(MAKER, now), PACK)
    return made


def test_each_question_is_answered_or_not_proven(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    assert main(["provenance", str(PACK), "--folder", str(folder)]) == 1
    said = capsys.readouterr().out
    assert "Where was it assembled?  single source" in said
    assert "acme assembled it at acme:works on" in said
    assert "What proves its custody?  not proven" in said
    assert "Ask urn:voltrail:party:acme." in said
    assert "5 of 5 answers are not proven" in said


def test_a_program_reads_the_same(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert main(["provenance", str(PACK), "--folder", str(folder), "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert told["size"] == 1
    assert [one["confidence"] for one in told["answers"]][:2] == ["single-source"] * 2


@pytest.mark.parametrize(("about", "code"), [("x", 65), ("urn:voltrail:unit:acme:Z9", 66)])
def test_what_is_no_unit_here_is_refused(folder: Path, about: str, code: int) -> None:
    assert main(["provenance", about, "--folder", str(folder)]) == code
