"""What a person types, and what the command line answers."""

import json
from pathlib import Path

import pytest

from voltrail import canonical
from voltrail.actions.pack import anchors_file, evidence_pack
from voltrail.cli.main import main
from voltrail.ids.subject import ArrivalId, LotId, PartyId
from voltrail.statements import statement
from voltrail.statements.fields import instant
from voltrail.statements.signal import Signal, SignalKind
from voltrail.statements.statement import Header
from world_fixture import played_world

OPERATOR = PartyId.of("nordlicht")


def packed(folder: Path) -> tuple[str, str]:
    """Write a pack and its pinned trust; return both paths."""
    desk = played_world().desk
    row = desk.views.rows()[0]
    pack, trust = folder / "pack.zip", folder / "anchors.json"
    pack.write_bytes(evidence_pack(desk, ArrivalId.read(row.arrival)))
    trust.write_bytes(anchors_file(desk))
    return str(pack), str(trust)


def test_a_pack_that_holds_exits_with_zero(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pack, trust = packed(tmp_path)
    assert main(["pack", "check", pack, "--trust", trust]) == 0
    said = capsys.readouterr().out
    assert "decision   release" in said
    assert said.endswith("Nothing more to do.\n")


def test_a_program_gets_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pack, trust = packed(tmp_path)
    assert main(["pack", "check", pack, "--trust", trust, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["same"] is True


def test_a_broken_pack_exits_with_65_and_a_hint(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _, trust = packed(tmp_path)
    broken = tmp_path / "broken.zip"
    broken.write_bytes(b"no zip at all")
    assert main(["pack", "check", str(broken), "--trust", trust]) == 65
    assert "→" in capsys.readouterr().err


def test_a_missing_file_exits_with_66(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["pack", "check", "nowhere.zip", "--trust", "nowhere.json"]) == 66
    assert "nowhere.json" in capsys.readouterr().err


def draft(folder: Path) -> Path:
    """Write a signal as a draft."""
    fact = Signal(SignalKind.PACKAGING, "The carton is not the usual one.")
    header = Header(OPERATOR, instant("2026-11-01T08:00:00Z", "t"))
    path = folder / "draft.json"
    path.write_bytes(statement.compose(fact, header, LotId.of("kestrel", "L1")))
    return path


def test_a_folder_register_takes_shows_and_checks_a_statement(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = str(tmp_path / "reg")
    assert main(["register", "init", folder, "--operator", OPERATOR]) == 0
    signed = str(tmp_path / "signed.json")
    key = f"{folder}/operator.pem"
    assert main(["sign", str(draft(tmp_path)), "--key", key, "--out", signed]) == 0
    assert main(["register", "add", folder, signed]) == 0
    assert main(["register", "add", folder, signed]) == 0
    assert "already registered" in capsys.readouterr().out
    assert main(["register", "show", folder, "urn:voltrail:lot:kestrel:L1"]) == 0
    assert "unexpected-packaging" in capsys.readouterr().out
    assert main(["register", "fsck", folder]) == 0
    assert main(["verify", signed, "--trust", f"{folder}/anchors.json"]) == 0
    assert (
        main(["call", "show.subject", "which=urn:voltrail:lot:kestrel:L1", "--folder", folder]) == 0
    )


def test_a_statement_by_nobody_known_exits_with_75(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = str(tmp_path / "reg")
    main(["register", "init", folder, "--operator", OPERATOR])
    key = str(tmp_path / "other.pem")
    assert main(["key", "new", "--plain", "--issuer", OPERATOR, "--out", key]) == 0
    assert main(["key", "new", "--plain", "--issuer", OPERATOR, "--out", key]) == 1
    signed = str(tmp_path / "signed.json")
    assert main(["sign", str(draft(tmp_path)), "--key", key, "--out", signed]) == 0
    assert main(["register", "add", folder, signed]) == 75
    assert "enrolled" in capsys.readouterr().err


def test_a_key_file_is_readable_by_its_owner_only(tmp_path: Path) -> None:
    key = tmp_path / "own.pem"
    main(["key", "new", "--plain", "--issuer", OPERATOR, "--out", str(key)])
    assert key.stat().st_mode & 0o077 == 0
    public = canonical.parse(Path(f"{key}.pub").read_bytes())
    assert public["issuer"] == OPERATOR


def test_a_verb_that_does_not_exist_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["call", "show.nothing"]) == 66
    assert "voltrail call list" in capsys.readouterr().err


def test_every_verb_of_the_actions_has_a_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["call", "list"]) == 0
    said = capsys.readouterr().out
    for verb in ("record.hand_in", "show.arrival", "prove.proof", "pack.evidence_pack"):
        assert verb in said
