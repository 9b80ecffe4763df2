"""Chips asked by hand: offline with files, and through a server; each answer works once."""

import json
from pathlib import Path

import pytest

from voltrail.cli.main import main
from voltrail.labels import code

UNIT, LOT = "urn:voltrail:unit:kestrel:K0001", "urn:voltrail:lot:kestrel:L26-7"
Said = pytest.CaptureFixture[str]


def key(name: str, issuer: str = "kestrel") -> None:
    issuer = f"urn:voltrail:party:{issuer}"
    main(["key", "new", "--plain", "--issuer", issuer, "--out", f"{name}.pem"])


def record(out: str, signer: str = "maker", unit: str = UNIT, issuer: str = "kestrel") -> None:
    """A unit record that binds the chip's public half, by the commands of the how-to."""
    told = json.loads(Path("chip.pem.pub").read_text())
    bound = {"algorithm": told["algorithm"], "spki": told["spki"]}
    whole = (f"unit={unit}", f"lot={LOT}", "level=pack", f"key={json.dumps(bound)}")
    who = ("--issuer", f"urn:voltrail:party:{issuer}")
    assert main(["draft", "unit", *whole, *who, "--about", unit, "--out", "d.json"]) == 0
    assert main(["sign", "d.json", "--key", f"{signer}.pem", "--out", out]) == 0


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name in ("maker", "chip", "clone"):
        key(name)
    record("unit.json")
    assert main(["label", "challenge", UNIT, "--out", "c.txt", "--qr", "c.png"]) == 0
    return tmp_path


def signs(name: str = "chip", what: str = "c.txt", out: str = "a.txt") -> None:
    assert main(["label", "element-sign", what, "--key", f"{name}.pem", "--out", out]) == 0


def judges(*more: str, given: str = "a.txt") -> int:
    known = ("--challenge", "c.txt", "--unit-record", "unit.json", "--key", "maker.pem.pub")
    return main(["label", "answer", given, *known, *more])


@pytest.mark.usefixtures("folder")
def test_without_a_server_the_bound_chip_matches_once(capsys: Said) -> None:
    signs(what="c.png")
    assert judges() == 0
    said = capsys.readouterr().out
    assert "MATCH. kestrel:K0001 holds the key" in said
    assert "Not looked at" in said
    assert judges() == 75
    assert "answered before" in capsys.readouterr().out


@pytest.mark.usefixtures("folder")
def test_another_chip_is_told_apart_and_uses_the_challenge_up(capsys: Said) -> None:
    signs("clone")
    capsys.readouterr()
    assert judges("--json") == 1
    assert json.loads(capsys.readouterr().out)["result"] == "wrong-key"
    signs(what="c.txt.answered")
    assert judges() == 75


@pytest.mark.usefixtures("folder")
def test_an_answer_is_read_from_text_file_and_photo() -> None:
    signs()
    text = Path("a.txt").read_text().strip()
    Path("a.png").write_bytes(code.png(text))
    assert judges(given="a.png") == 0
    assert main(["label", "challenge", UNIT, "--out", "c2.txt"]) == 0
    assert judges("--challenge", "c2.txt", given=text) == 75  # of another challenge


@pytest.mark.usefixtures("folder")
def test_what_is_no_answer_and_no_record_of_the_maker_is_refused() -> None:
    signs()
    assert judges(given="VTA1:ABC") == 65
    assert judges(given="x") == 65
    assert judges("--unit-record", "missing.json") == 66
    assert main(["label", "challenge", UNIT, "--out", "c.txt"]) == 65
    assert main(["label", "challenge", "urn:voltrail:lot:kestrel:L1", "--out", "n.txt"]) == 65
    key("fake", "fake")
    record("fake.json", "fake", issuer="fake")
    pins = ("--challenge", "c.txt", "--unit-record", "fake.json", "--key", "fake.pem.pub")
    assert main(["label", "answer", "a.txt", *pins]) == 1
    record("other.json", unit=f"{UNIT}2")
    assert judges("--unit-record", "other.json") == 1
    assert judges() == 0
