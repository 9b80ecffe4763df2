"""Vault's protocol with Vault's own client, against a process of ours that speaks it."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from traceback import format_exception

import pytest

pytest.importorskip("hvac")

from voltrail.cli.main import main
from voltrail.errors import RefusedError, UnverifiableError
from voltrail.trust import key_uri, signer
from voltrail.trust.key_uri import Given

LOG_IN = "hvs.of-this-test"
NOBODY = Given(lambda _what: "")


@pytest.fixture
def vault(monkeypatch: pytest.MonkeyPatch) -> Iterator["subprocess.Popen[str]"]:
    """The process, and the settings with which its clients find it."""
    words = [sys.executable, str(Path(__file__).with_name("transit_process.py")), LOG_IN]
    process = subprocess.Popen(words, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    monkeypatch.setenv("VAULT_ADDR", f"http://127.0.0.1:{int(process.stdout.readline())}")
    monkeypatch.setenv("VAULT_TOKEN", LOG_IN)
    yield process
    process.kill()
    process.wait()
    process.stdout.close()


@pytest.mark.usefixtures("vault")
@pytest.mark.parametrize("uri", ["hv:seal", "hv:seal/2"])
def test_a_key_in_the_service_signs_with_its_newest_version(uri: str) -> None:
    found = key_uri.open_key(uri, NOBODY)
    found.public.check(found.sign(b"a lot record"), b"a lot record")
    assert signer.sealed(b"{}", found).signatures[0].keyid == found.public.key_id


@pytest.mark.usefixtures("vault")
def test_an_older_version_is_refused() -> None:
    with pytest.raises(RefusedError, match="signs with hv:seal/2"):
        key_uri.open_key("hv:seal/1", NOBODY)


@pytest.mark.usefixtures("vault")
def test_a_wrong_signature_never_leaves() -> None:
    found = key_uri.open_key("hv:wrong", NOBODY)
    with pytest.raises(UnverifiableError, match="What Vault signed does not verify"):
        found.sign(b"x")


@pytest.mark.usefixtures("vault")
def test_a_key_that_is_not_there_and_a_log_in_that_is_refused_are_said(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with pytest.raises(UnverifiableError, match=r"Vault does not answer .*InvalidPath"):
        key_uri.open_key("hv:other", NOBODY)
    monkeypatch.setenv("VAULT_TOKEN", "hvs.stolen")
    with pytest.raises(UnverifiableError, match=r"Vault does not answer .*Forbidden") as caught:
        key_uri.open_key("hv:seal", NOBODY)
    assert "hvs.stolen" not in "".join(format_exception(caught.value))


def test_a_service_that_is_gone_is_said(vault: "subprocess.Popen[str]") -> None:
    found = key_uri.open_key("hv:seal", NOBODY)
    vault.kill()
    vault.wait()
    with pytest.raises(UnverifiableError, match=r"Vault does not answer .*ConnectionError"):
        found.sign(b"x")


@pytest.mark.usefixtures("vault")
def test_by_hand_the_public_half_is_written_and_a_lot_is_sealed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("units.csv").write_text("serial\nK0001\n")
    words = ("--issuer", "urn:voltrail:party:kestrel", "--out", "seal.pub")
    assert main(["key", "public", "hv:seal", *words]) == 0
    said = ("--lot", "urn:voltrail:lot:kestrel:L1", "--product", "urn:voltrail:product:kestrel:K")
    seal = ["lot", "seal", "--manifest", "units.csv", *said, "--key", "hv:seal"]
    assert main([*seal, "--out", "lot.json"]) == 0
    check = ("lot", "check", "lot.json", "--key", "seal.pub", "--manifest", "units.csv")
    assert main([*check]) == 0
    assert LOG_IN not in "".join(capsys.readouterr())
