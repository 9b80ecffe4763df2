"""The keys of firms by hand: a folder register, two persons, a key, and what its end changes."""

import json
from pathlib import Path
from typing import Any

import pytest

from voltrail.cli.main import main

FIRM, RUNA, OTTO = (
    "urn:voltrail:party:kestrel",
    "urn:voltrail:person:p-runa",
    "urn:voltrail:person:p-otto",
)
Said = pytest.CaptureFixture[str]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder register and a firm's key."""
    monkeypatch.chdir(tmp_path)
    assert main(["register", "init", "reg", "--operator", "urn:voltrail:party:nordlicht"]) == 0
    assert main(["key", "new", "--plain", "--issuer", FIRM, "--out", "k.pem"]) == 0
    return tmp_path


def key(*words: str) -> int:
    return main(["key", words[0], *words[1:], "--folder", "reg"])


def enrol(*more: str, by: tuple[str, ...] = (RUNA, OTTO)) -> int:
    named = [word for who in by for word in ("--by", who)]
    return key("enrol", "k.pem.pub", *named, "--reason", "Handed over.", *more)


def told(capsys: Said, *words: str) -> Any:  # noqa: ANN401 — JSON
    capsys.readouterr()
    key(*words, "--json")
    return json.loads(capsys.readouterr().out)


def one(capsys: Said) -> dict[str, Any]:
    (found,) = (each for each in told(capsys, "list")["keys"] if not each["pinned"])
    return found


def states(number: str) -> int:
    words = (f"lot=urn:voltrail:lot:kestrel:{number}", "product=urn:voltrail:product:kestrel:P")
    main(["draft", "lot", *words, "--issuer", FIRM, "--out", "d.json"])
    main(["sign", "d.json", "--key", "k.pem", "--out", "s.json"])
    return main(["hand-in", "s.json", "--folder", "reg"])


@pytest.mark.usefixtures("folder")
def test_two_persons_enrol_a_key_and_one_does_not(capsys: Said) -> None:
    assert enrol(by=(RUNA,)) == 65
    assert enrol(by=(RUNA, RUNA)) == 1
    assert enrol("--kind", "lot") == 0
    found = one(capsys)
    assert (found["state"], found["kinds"], found["party"]) == ("active", ["lot"], FIRM)
    assert states("L1") == 0
    assert told(capsys, "list", "--party", "urn:voltrail:party:tiderace") == {"keys": []}


@pytest.mark.usefixtures("folder")
def test_what_a_theft_changes_is_shown_before_and_so_is_what_was_known_then(capsys: Said) -> None:
    enrol()
    states("L1")
    which = one(capsys)["key"]
    (doubted,) = told(capsys, "doubt", which)["statements"]
    assert (doubted["index"], doubted["standing"]) == (1, "suspect")
    assert key("worth", "1") == 0
    before = told(capsys, "worth", "1")["knownAt"]
    assert key("end", which, "--by", RUNA, "--reason", "Laptop gone.") == 0
    assert key("worth", "1") == 1
    assert key("worth", "1", "--known-at", before) in (0, 66)  # the same second, or before it
    assert one(capsys)["state"] == "compromised"
    assert states("L2") == 1


@pytest.mark.usefixtures("folder")
def test_a_key_is_restricted_and_replaced(capsys: Said) -> None:
    enrol()
    which = one(capsys)["key"]
    assert key("restrict", which, "--by", RUNA, "--reason", "Nothing.") == 65
    assert key("restrict", which, "--kind", "custody", "--by", RUNA, "--reason", "Carrier.") == 0
    assert states("L1") == 1
    said = ("--how", "supersede", "--by", RUNA, "--reason", "Rotated.")
    assert key("end", which, *said) == 0


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("doubt", "0" * 64), 66),
        (("end", "0" * 64, "--by", RUNA, "--reason", "x"), 66),
        (("worth", "99"), 66),
        (("worth", "0", "--known-at", "yesterday"), 65),
        (("list", "--party", "kestrel"), 65),
    ],
)
def test_what_makes_no_sense_is_refused(words: tuple[str, ...], code: int) -> None:
    enrol()
    assert key(*words) == code


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"issuer": 1}'])
def test_a_file_that_is_no_public_half_is_refused(text: str) -> None:
    Path("k.pem.pub").write_text(text)
    assert enrol() == 65
