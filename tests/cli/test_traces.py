"""`voltrail trace` over a folder register: both ways, in words and as JSON; 1 for a gap."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from msgspec.structs import replace

from voltrail import table
from voltrail.actions.record import state
from voltrail.cli.main import main
from voltrail.cli.registers import open_desk
from voltrail.ids.subject import LotId, PartyId, UnitId
from voltrail.projections import parts
from voltrail.statements.assembly import Action, Assembly, Part, WholeLevel
from voltrail.statements.statement import Header

MAKER = PartyId.of("acme")
PACK, MODULE, CELLS = UnitId.of("acme", "P1"), UnitId.of("acme", "M1"), LotId.of("acme", "C1")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "reg"
    main(["register", "init", str(made), "--operator", str(MAKER)])
    desk, now = open_desk(made), datetime.now(UTC)
    for number, (part, whole) in enumerate(((Part(lot=CELLS), MODULE), (Part(unit=MODULE), PACK))):
        fact = Assembly(
            MAKER, f"B{number}", Action.ADD, WholeLevel.PACK, now, (part,), (Part(unit=whole),)
        )
        state(desk, fact, Header(MAKER, now), whole)
    return made


def test_a_pack_is_traced_and_the_gap_is_said(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    assert main(["trace", str(PACK), "--folder", str(folder)]) == 1
    said = capsys.readouterr().out
    assert "  made-of urn:voltrail:unit:acme:M1  #1" in said
    assert "    made-of urn:voltrail:lot:acme:C1  #0" in said
    assert "? Nobody recorded lot acme:C1. Ask urn:voltrail:party:acme." in said
    assert "2 gaps" in said


def test_a_program_reads_the_same(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert main(["trace", str(CELLS), "--folder", str(folder), "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert [one["subject"] for one in told["reach"]["steps"]] == [CELLS, MODULE, PACK]
    assert told["reach"]["isCut"] is False


@pytest.mark.parametrize(
    ("about", "code"), [("x", 65), (str(MAKER), 65), ("urn:voltrail:unit:acme:Z9", 66)]
)
def test_what_cannot_be_traced_is_refused(folder: Path, about: str, code: int) -> None:
    assert main(["trace", about, "--folder", str(folder)]) == code


def test_many_cells_of_a_table_are_one_line_with_a_count(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    desk, now = open_desk(folder), datetime.now(UTC)
    cells = [UnitId.of("acme", f"C{one:03}") for one in range(200)]
    rows = (f"input,{cell},{CELLS},,,definite" for cell in cells)
    data = "\n".join([",".join(parts.COLUMNS), *rows, ""]).encode()
    desk.blobs.put(data)
    whole, listed = UnitId.of("acme", "P2"), table.commit(data)
    fact = Assembly(MAKER, "T1", Action.ADD, WholeLevel.PACK, now, (), (Part(unit=whole),))
    state(desk, replace(fact, part_table=listed), Header(MAKER, now), whole)
    capsys.readouterr()
    assert main(["trace", str(whole), "--folder", str(folder)]) == 1
    said = capsys.readouterr().out.splitlines()
    assert len(said) < 60
    assert f"  made-of {cells[0]}  #2" in said
    assert "  … and 188 more like it; --json has each." in said
    assert f"    of-lot {CELLS}  #2" in said
    assert main(["trace", str(whole), "--folder", str(folder), "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert len(told["origins"]["steps"]) == len(cells) + 2
