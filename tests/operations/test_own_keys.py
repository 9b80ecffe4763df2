"""The server's own keys: encrypted where a passphrase is named, and said so where they are not."""

import os
from pathlib import Path

import pytest

from operations.installation import Installation, living, played
from voltrail.cli.main import main
from voltrail.trust import pkcs8, signer

__all__ = ["living", "played"]  # fixtures

OPERATOR = ("--operator", "urn:voltrail:party:nordlicht", "--origin", "test.example")
WORDS = "correct horse battery"
SETTING = "VOLTRAIL_KEY_PASSPHRASE_FILE"


@pytest.fixture
def words(tmp_path: Path) -> Path:
    """A file that holds a passphrase, as a credential of the service manager would."""
    path = tmp_path / "words"
    path.write_text(f"{WORDS}\n")
    return path


def test_keys_of_a_first_run_are_encrypted_where_a_passphrase_is_named(
    tmp_path: Path, words: Path
) -> None:
    made = Installation(tmp_path / "made", more={SETTING: str(words)})
    said = made.run("init", *OPERATOR, "--place", "hall-7")
    assert WORDS not in said
    kept = sorted((made.home / "keys").glob("*.pem"))
    assert [one.name for one in kept] == ["log-mldsa.pem", "log.pem", "operator.pem"]
    for one in kept:
        assert pkcs8.is_closed(one.read_bytes())
        assert one.stat().st_mode & 0o777 == 0o600
    assert "complete already" in made.run("init", *OPERATOR)
    assert made.look()["size"]
    made.more.clear()
    said = made.run("init", *OPERATOR, "--place", "hall-8", code=75)
    assert SETTING in said
    words.write_text("another horse battery")
    made.more[SETTING] = str(words)
    assert "does not open the key" in made.run("init", *OPERATOR, "--place", "hall-8", code=1)
    words.unlink()
    assert "cannot be read" in made.run("init", *OPERATOR, "--place", "hall-8", code=75)


def test_plain_keys_are_protected_later_and_go_on(
    living: Installation, words: Path, tmp_path: Path
) -> None:
    before = living.look()
    for one in sorted((living.home / "keys").glob("*.pem")):
        assert main(["key", "protect", str(one), "--new-passphrase-file", str(words)]) == 0
    living.more[SETTING] = str(words)
    assert living.look() == before
    kept, back = living.backup(tmp_path / "kept"), Installation(tmp_path / "back", more=living.more)
    back.restore(kept)
    assert pkcs8.is_closed((back.home / "keys/operator.pem").read_bytes())
    assert back.look()["key"] == before["key"]


def test_a_given_operator_key_is_opened_and_kept_encrypted(tmp_path: Path, words: Path) -> None:
    own, other = signer.generate(), tmp_path / "other"
    other.write_text("a quite different phrase")
    (tmp_path / "own.pem").write_bytes(own.pem(other.read_bytes()))
    given = ("--operator-key", str(tmp_path / "own.pem"))
    made = Installation(tmp_path / "made", more={SETTING: str(words)})
    assert "no private key that opens" in made.run("init", *OPERATOR, *given, code=65)
    assert not (made.home / "keys").exists()
    made.run("init", *OPERATOR, *given, "--passphrase-file", str(other))
    kept = signer.load((made.home / "keys/operator.pem").read_bytes(), WORDS.encode())
    assert kept.public == own.public


def test_an_operator_s_key_by_uri_is_named_in_the_setting_alone(tmp_path: Path) -> None:
    made = Installation(tmp_path / "made")
    given = ("--operator-key", "pkcs11:token=t;object=o")
    assert "VOLTRAIL_OPERATOR_KEY" in made.run("init", *OPERATOR, *given, code=1)
    made.more["VOLTRAIL_OPERATOR_KEY"] = str(tmp_path / "gone.pem")
    assert "not where" in made.run("init", *OPERATOR, code=75)
    assert not (made.home / "anchors.json").exists()
    (tmp_path / "gone.pem").write_bytes(signer.generate().pem())
    made.run("init", *OPERATOR)
    assert not (made.home / "keys/operator.pem").exists()
    twice = ("--operator-key", os.fspath(tmp_path / "gone.pem"))
    another = Installation(tmp_path / "another", more=dict(made.more))
    assert "names the operator's key already" in another.run("init", *OPERATOR, *twice, code=1)
