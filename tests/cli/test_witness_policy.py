"""An auditor's own witness policy: the quorum in words, or a refusal."""

import zipfile
from pathlib import Path

import pytest

from voltrail.actions.pack import anchors_file, evidence_pack, statement_pack
from voltrail.cli.main import main
from voltrail.ids.subject import ArrivalId
from voltrail.register import note
from voltrail.register.witness import WitnessKey
from voltrail.trust import signer
from voltrail.trust.keys import Algorithm
from world_fixture import played_world

KEYS = [
    WitnessKey(f"{name}.example", signer.generate(kind))
    for name, kind in (
        ("a", Algorithm.ED25519),
        ("b", Algorithm.MLDSA44),
        ("c", Algorithm.ED25519),
    )
]


@pytest.fixture
def policy(tmp_path: Path) -> str:
    lines = [f"witness {one.name[0].upper()} {one.vkey}\n" for one in KEYS]
    path = tmp_path / "witnesses.policy"
    path.write_text("".join(lines) + "group ours 2 A B C\nquorum ours\n")
    return str(path)


def cosigned(pack: bytes, folder: Path, keys: list[WitnessKey]) -> str:
    """The same pack, its checkpoint cosigned."""
    path = folder / "pack.zip"
    path.write_bytes(pack)
    with zipfile.ZipFile(path) as old:
        members = {one.filename: old.read(one) for one in old.infolist()}
    text = note.split(members["checkpoint"])[0]
    lines = [note.cosign(text, one.verifier, 1_790_000_000, one.signer.sign) for one in keys]
    members["checkpoint"] += b"".join(lines)
    with zipfile.ZipFile(path, "w") as new:
        for name, data in members.items():
            new.writestr(name, data)
    return str(path)


def trust(folder: Path) -> str:
    path = folder / "anchors.json"
    path.write_bytes(anchors_file(played_world().desk))
    return str(path)


def test_a_pack_says_its_quorum(
    tmp_path: Path, policy: str, capsys: pytest.CaptureFixture[str]
) -> None:
    desk = played_world().desk
    arrival = ArrivalId.read(desk.views.rows()[0].arrival)
    words = ["--trust", trust(tmp_path), "--policy", policy]
    pack = cosigned(evidence_pack(desk, arrival), tmp_path, KEYS[:2])
    assert main(["pack", "check", pack, *words]) == 0
    said = capsys.readouterr().out
    assert "quorum of 2 of 3: A 2026-09-21T14:13:20Z, B 2026-09-21T14:13:20Z" in said
    pack = cosigned(evidence_pack(desk, arrival), tmp_path, KEYS[:1])
    assert main(["pack", "check", pack, *words]) == 1
    assert "missing B, C" in capsys.readouterr().err


def test_a_statement_pack_says_its_quorum(
    tmp_path: Path, policy: str, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["--trust", trust(tmp_path), "--policy", policy]
    raw = statement_pack(played_world().desk, 0)
    assert main(["verify", cosigned(raw, tmp_path, KEYS), *words]) == 0
    assert "quorum of 2 of 3" in capsys.readouterr().out
    assert main(["verify", cosigned(raw, tmp_path, KEYS), *words, "--json"]) == 0
    assert '"witnesses": "quorum of 2 of 3' in capsys.readouterr().out
    assert main(["verify", cosigned(raw, tmp_path, []), *words]) == 1


def test_a_statement_alone_cannot_be_judged_by_witnesses(tmp_path: Path, policy: str) -> None:
    path = tmp_path / "statement.json"
    path.write_bytes(next(iter(played_world().desk.entries.entries(0, 1))).raw)
    words = ["--trust", trust(tmp_path), "--policy", policy]
    assert main(["verify", str(path), *words]) == 75
