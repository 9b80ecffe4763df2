"""Files of private keys by hand: encrypted by default, changed in place, never on a screen."""

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from voltrail.cli.main import main
from voltrail.trust import signer

FIRM = "urn:voltrail:party:kestrel"
WORDS, OTHER = "correct horse battery", "a quite different phrase"
Said = pytest.CaptureFixture[str]
Types = Callable[..., None]


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("words").write_text(f"{WORDS}\n")
    Path("other").write_text(f"{OTHER}\r\n")


@pytest.fixture
def types(monkeypatch: pytest.MonkeyPatch) -> Types:
    """Somebody at a terminal who types these secrets, one after another."""

    def ready(*secrets: str) -> None:
        left = list(secrets)
        monkeypatch.setattr("sys.stdin.isatty", lambda: True)
        monkeypatch.setattr("getpass.getpass", lambda _prompt: left.pop(0))

    return ready


def new(*more: str, out: str = "k.pem") -> int:
    return main(["key", "new", "--issuer", FIRM, "--out", out, *more])


def opens(secret: str | None, file: str = "k.pem") -> bool:
    found = signer.load(Path(file).read_bytes(), secret.encode() if secret else None)
    return found.public.key_id == json.loads(Path("k.pem.pub").read_text())["key"]


def test_a_new_key_asks_twice_and_is_encrypted(types: Types) -> None:
    types(WORDS, WORDS)
    assert new() == 0
    assert b"ENCRYPTED" in Path("k.pem").read_bytes()
    assert Path("k.pem").stat().st_mode & 0o077 == 0
    assert opens(WORDS)


@pytest.mark.parametrize(("typed", "said"), [((WORDS, OTHER), "differ"), (("short",) * 2, "12")])
def test_two_words_that_differ_or_are_short_make_no_key(
    types: Types, typed: tuple[str, str], said: str, capsys: Said
) -> None:
    types(*typed)
    assert new() == 1
    assert said in capsys.readouterr().err
    assert not Path("k.pem").exists()
    assert not Path("k.pem.pub").exists()


def test_without_a_terminal_it_is_refused_and_says_what_to_do(capsys: Said) -> None:
    assert new() == 1
    said = capsys.readouterr().err
    assert "--passphrase-file" in said
    assert "--plain" in said
    assert not Path("k.pem").exists()


def test_a_plain_file_is_asked_for_by_name_and_said_aloud(capsys: Said) -> None:
    assert new("--plain") == 0
    assert "not encrypted" in capsys.readouterr().err
    assert opens(None)


def test_plain_and_a_passphrase_are_not_both_asked_for(capsys: Said) -> None:
    assert new("--plain", "--passphrase-file", "words") == 1
    assert "--plain leaves the passphrase out" in capsys.readouterr().err


@pytest.mark.parametrize(("held", "code"), [(None, 75), (b"correct horse \xff\xfe", 65)])
def test_a_file_that_holds_no_passphrase_is_said_and_not_repeated(
    held: bytes | None, code: int, capsys: Said
) -> None:
    Path("odd").mkdir() if held is None else Path("odd").write_bytes(held)
    assert new("--passphrase-file", "odd") == code
    assert main(["key", "new", "--issuer", FIRM, "--out", "k", "--passphrase-file", "gone"]) == 66
    assert "horse" not in "".join(capsys.readouterr())


def test_a_script_gives_the_passphrase_in_a_file(capsys: Said) -> None:
    assert new("--passphrase-file", "words", "--json") == 0
    said = capsys.readouterr()
    assert json.loads(said.out).keys() == {"issuer", "algorithm", "key", "spki"}
    assert WORDS not in said.out + said.err
    assert opens(WORDS)


def test_a_file_that_stands_is_not_asked_a_passphrase_for(types: Types) -> None:
    Path("k.pem.pub").write_text("somebody's")
    types()
    assert new() == 1
    assert not Path("k.pem").exists()


def test_the_passphrase_is_changed_in_place_and_taken_away() -> None:
    new("--passphrase-file", "words")
    ways = ("--passphrase-file", "words", "--new-passphrase-file", "other")
    assert main(["key", "protect", "k.pem", *ways]) == 0
    assert opens(OTHER)
    assert Path("k.pem").stat().st_mode & 0o077 == 0
    assert main(["key", "unprotect", "k.pem", "--passphrase-file", "other"]) == 0
    assert opens(None)
    assert main(["key", "protect", "k.pem", "--new-passphrase-file", "words"]) == 0
    assert opens(WORDS)
    assert sorted(one.name for one in Path().iterdir()) == ["k.pem", "k.pem.pub", "other", "words"]


def test_a_refused_change_leaves_the_file_as_it_was(capsys: Said) -> None:
    new("--passphrase-file", "words")
    before = Path("k.pem").read_bytes()
    change = ["key", "protect", "k.pem", "--passphrase-file"]
    assert main([*change, "other", "--new-passphrase-file", "words"]) == 65
    assert main([*change, "words", "--new-passphrase-file", "words"]) == 1
    assert "old one" in capsys.readouterr().err
    assert main([*change, "words"]) == 1
    Path("short").write_text("short")
    assert main([*change, "words", "--new-passphrase-file", "short"]) == 1
    assert Path("k.pem").read_bytes() == before


@pytest.mark.skipif(os.geteuid() != 0, reason="Only root changes a file's owner.")
def test_a_file_that_root_protects_stays_its_owner_s() -> None:
    new("--plain")
    os.chown("k.pem", 1, 1)
    assert main(["key", "protect", "k.pem", "--new-passphrase-file", "words"]) == 0
    assert (Path("k.pem").stat().st_uid, Path("k.pem").stat().st_gid) == (1, 1)


def test_a_link_is_followed_and_not_replaced() -> None:
    new("--plain")
    Path("link.pem").symlink_to("k.pem")
    assert main(["key", "protect", "link.pem", "--new-passphrase-file", "words"]) == 0
    assert Path("link.pem").is_symlink()
    assert opens(WORDS)


def test_the_public_half_is_written_again_for_the_same_key() -> None:
    new("--passphrase-file", "words")
    words = ["key", "public", "k.pem", "--issuer", FIRM, "--out", "again.pub"]
    assert main(words) == 1
    assert main([*words, "--passphrase-file", "words"]) == 0
    assert Path("again.pub").read_text() == Path("k.pem.pub").read_text()
    assert main([*words, "--passphrase-file", "words"]) == 1


def test_one_passphrase_typed_once_opens_every_file_of_a_register(
    types: Types, monkeypatch: pytest.MonkeyPatch, capsys: Said
) -> None:
    begun = ["register", "init", "reg", "--operator", "urn:voltrail:party:nordlicht"]
    assert main([*begun, "--passphrase-file", "words"]) == 0
    assert "not encrypted" not in capsys.readouterr().out
    assert main(["register", "fsck", "reg"]) == 1
    types(WORDS)
    assert main(["register", "fsck", "reg"]) == 0
    monkeypatch.setattr("sys.stdin.isatty", lambda: False)
    monkeypatch.setenv("VOLTRAIL_KEY_PASSPHRASE_FILE", "words")
    assert main(["register", "fsck", "reg"]) == 0


def test_a_register_with_plain_keys_says_so(capsys: Said) -> None:
    assert main(["register", "init", "reg", "--operator", "urn:voltrail:party:nordlicht"]) == 0
    assert "voltrail key protect reg/operator.pem" in capsys.readouterr().out


def test_a_scheme_where_no_key_is_kept_is_named(capsys: Said) -> None:
    words = ["key", "public", "ftp://k.pem", "--issuer", FIRM, "--out", "k.pub"]
    assert main(words) == 65
    assert "pkcs11" in capsys.readouterr().err


def test_a_folder_in_place_of_a_file_is_said_in_a_sentence(capsys: Said, tmp_path: Path) -> None:
    assert main(["key", "protect", str(tmp_path)]) == 66
    assert f"{tmp_path} cannot be used: Is a directory." in capsys.readouterr().err
