"""A token by hand: a key is made in it, signs like a file, and its PIN is seen nowhere."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("pkcs11")

from trust.soft_token import LABEL, PIN, Tokens, tokens
from voltrail.cli.main import main

__all__ = ["tokens"]

pytestmark = pytest.mark.softhsm
FIRM = "urn:voltrail:party:kestrel"
URI = f"pkcs11:token={LABEL};object=seal"
Said = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def _folder(tokens: Tokens, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("VOLTRAIL_PKCS11_MODULE", tokens.library)
    Path("pin").write_text(f"{PIN}\n")
    Path("units.csv").write_text("serial\nK0001\nK0002\n")


def new(*more: str) -> int:
    words = ["key", "new", "--issuer", FIRM, "--in", URI, "--out", "seal.pub"]
    return main([*words, "--pin-file", "pin", *more])


SEAL = ("lot", "seal", "--manifest", "units.csv", "--lot", "urn:voltrail:lot:kestrel:L1")
SEAL += ("--product", "urn:voltrail:product:kestrel:K", "--key", URI, "--out", "lot.json")


def test_a_lot_is_sealed_in_a_token_and_checked_with_its_public_half(capsys: Said) -> None:
    assert new("--json") == 0
    half = json.loads(capsys.readouterr().out)
    assert sorted(one.name for one in Path().glob("seal*")) == ["seal.pub"]
    assert json.loads(Path("seal.pub").read_text()) == half
    assert main([*SEAL, "--pin-file", "pin"]) == 0
    checks = ("lot", "check", "lot.json", "--key", "seal.pub", "--manifest", "units.csv")
    assert main([*checks]) == 0
    assert PIN not in "".join(capsys.readouterr())


def test_the_public_half_is_written_for_a_key_that_is_there(capsys: Said) -> None:
    assert new("--algorithm", "ecdsa-p256-sha256") == 0
    words = ["key", "public", URI, "--issuer", FIRM, "--out", "again.pub", "--pin-file", "pin"]
    assert main(words) == 0
    assert Path("again.pub").read_text() == Path("seal.pub").read_text()
    assert PIN not in "".join(capsys.readouterr())


def test_a_pin_is_typed_where_no_file_is_named(
    tokens: Tokens, monkeypatch: pytest.MonkeyPatch, capsys: Said
) -> None:
    assert new() == 0
    tokens.restart()
    assert main([*SEAL]) == 1
    assert "--pin-file" in capsys.readouterr().err
    asked: list[str] = []
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    monkeypatch.setattr("getpass.getpass", lambda prompt: asked.append(prompt) or PIN)
    assert main([*SEAL]) == 0
    assert asked == [f"PIN of the token {LABEL}: "]


def test_a_passphrase_of_a_file_is_never_tried_as_a_pin(tokens: Tokens, capsys: Said) -> None:
    assert new() == 0
    tokens.restart()
    Path("words").write_text("correct horse battery\n")
    assert main([*SEAL, "--passphrase-file", "words"]) == 1
    assert "Nobody is at a terminal" in capsys.readouterr().err


def test_a_pin_in_the_address_is_refused_before_anything_else(capsys: Said) -> None:
    wrong = [f"{URI}?pin-value={PIN}" if word == URI else word for word in SEAL]
    assert main(wrong) == 1
    assert PIN not in "".join(capsys.readouterr())


def test_another_process_signs_with_the_same_token(tmp_path: Path) -> None:
    assert new() == 0
    words = [sys.executable, "-m", "voltrail.cli.main", *SEAL, "--pin-file", "pin"]
    done = subprocess.run(
        words, env=dict(os.environ), capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    assert PIN not in done.stdout + done.stderr


def test_a_wrong_pin_exits_with_1_and_one_sentence(tokens: Tokens, capsys: Said) -> None:
    assert new() == 0
    tokens.restart()
    Path("pin").write_text("000000")
    assert main([*SEAL, "--pin-file", "pin"]) == 1
    told = capsys.readouterr().err
    assert f"The token {LABEL} refuses this PIN." in told
    assert "000000" not in told
