"""A token in software, SoftHSM2, made for one test in a folder of its own."""

import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from conftest import soft_token
from voltrail.trust import key_uri, token_library
from voltrail.trust.key_uri import Given
from voltrail.trust.keys import Algorithm
from voltrail.trust.signer import Signer

PIN, LABEL = "739214", "bench"


@dataclass
class Tokens:
    """Where the tokens live, and the library that speaks to them."""

    folder: Path
    library: str
    asked: list[str]

    def add(self, label: str = LABEL) -> None:
        """Make one more token."""
        words = ("--init-token", "--free", "--label", label, "--pin", PIN, "--so-pin", "12345678")
        done = subprocess.run(
            ["softhsm2-util", *words], capture_output=True, text=True, timeout=60, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr

    def given(self, pin: str = PIN) -> Given:
        """What opens a key, and who is asked."""

        def secret(what: str) -> str:
            self.asked.append(what)
            return pin

        return Given(secret, self.library)

    def make(self, name: str, algorithm: Algorithm = Algorithm.P256, label: str = LABEL) -> Signer:
        """A new key in a token."""
        uri = f"pkcs11:token={label};object={name}"
        return key_uri.make_key(uri, self.given(), algorithm)

    def open(self, name: str, pin: str = PIN, label: str = LABEL) -> Signer:
        """The signer of a key that is there."""
        return key_uri.open_key(f"pkcs11:token={label};object={name}", self.given(pin))

    def pull_out(self) -> None:
        """Take every token away."""
        (self.folder / "tokens").rename(self.folder / "pocket")

    def put_in(self) -> None:
        """Bring them back."""
        (self.folder / "pocket").rename(self.folder / "tokens")

    def restart(self) -> None:
        """Forget sessions and log-ins, as another process would."""
        forget()


def forget() -> None:
    """End the libraries, so that the next test begins with its own tokens."""
    for one in token_library._loaded.values():
        one._lib.finalize()
    token_library._loaded.clear()
    token_library._refused.clear()


@pytest.fixture
def tokens(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Tokens]:
    """A folder of tokens with one in it."""
    folder = tmp_path / "hsm"
    (folder / "tokens").mkdir(parents=True)
    conf = folder / "softhsm2.conf"
    conf.write_text(f"directories.tokendir = {folder}/tokens\nobjectstore.backend = file\n")
    monkeypatch.setenv("SOFTHSM2_CONF", str(conf))
    forget()
    found = Tokens(folder, str(soft_token()), [])
    found.add()
    yield found
    forget()
    shutil.rmtree(folder, ignore_errors=True)
