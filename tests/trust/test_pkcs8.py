"""A key's file under a passphrase: what opens it, what does not, and that others read it too."""

import shutil
import subprocess
from pathlib import Path

import pytest

from voltrail.errors import MalformedError, RefusedError
from voltrail.trust import pkcs8, signer

WORDS = b"correct horse battery"


@pytest.mark.parametrize("algorithm", list(signer.MAKERS))
def test_every_scheme_opens_with_its_passphrase_alone(algorithm: str) -> None:
    made = signer.generate(algorithm)  # type: ignore[arg-type]  # a value of the enumeration
    closed = made.pem(WORDS)
    assert pkcs8.is_closed(closed)
    assert not pkcs8.is_closed(made.pem())
    assert signer.load(closed, WORDS).public == made.public
    for wrong in (b"another horse battery", b"", None):
        with pytest.raises(MalformedError, match="no private key that opens"):
            signer.load(closed, wrong)


def test_one_key_closed_twice_is_not_the_same_file() -> None:
    made = signer.generate()
    assert made.pem(WORDS) != made.pem(WORDS)


@pytest.mark.parametrize("short", [b"", b"eleven char"])
def test_a_short_passphrase_is_refused(short: bytes) -> None:
    with pytest.raises(RefusedError, match="at least 12"):
        signer.generate().pem(short)


def test_openssl_reads_the_file_and_names_its_cost(tmp_path: Path) -> None:
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("No openssl is installed.")
    file, words = tmp_path / "own.pem", tmp_path / "words"
    made = signer.generate()
    file.write_bytes(made.pem(WORDS))
    words.write_bytes(WORDS)

    def say(*asked: str) -> bytes:
        return subprocess.run([openssl, *asked], capture_output=True, check=True, timeout=60).stdout

    way = ("-passin", f"file:{words}", "-pubout", "-outform", "DER")
    assert say("pkey", "-in", str(file), *way) == made.public.spki
    shown = say("asn1parse", "-in", str(file)).decode()
    assert all(
        one in shown for one in ("PBES2", ":scrypt", "INTEGER           :4000", "aes-256-cbc")
    )
    assert "PBKDF2" not in shown


def test_a_word_beside_a_plain_key_does_not_make_it_look_encrypted() -> None:
    plain = b"# NOT ENCRYPTED\n" + signer.generate().pem()
    assert not pkcs8.is_closed(plain)
    assert signer.load(plain)


def test_a_passphrase_is_counted_in_characters() -> None:
    with pytest.raises(RefusedError, match="12 characters"):
        signer.generate().pem("üüüüüü".encode())
