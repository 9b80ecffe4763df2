"""Labels by hand: printed from a list, read from a photo or a wedge, judged online and offline."""

import json
from pathlib import Path
from typing import Any

import pytest

from voltrail.cli.main import main
from voltrail.labels import code

PRODUCT, LOT = "urn:voltrail:product:kestrel:KR-48", "urn:voltrail:lot:kestrel:L26-7"
Said = pytest.CaptureFixture[str]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A list of units, its maker's key, and the sealed lot."""
    monkeypatch.chdir(tmp_path)
    rows = "".join(f"K{n:04},C1\n" for n in range(30))
    Path("units.csv").write_text(f"serial,cells\n{rows}")
    main(["key", "new", "--plain", "--issuer", "urn:voltrail:party:kestrel", "--out", "k.pem"])
    sealed = ("--manifest", "units.csv", "--lot", LOT, "--product", PRODUCT, "--key", "k.pem")
    assert main(["lot", "seal", *sealed, "--out", "lot.json"]) == 0
    return tmp_path


def prints(*words: str) -> int:
    return main(["label", "print", "--product", PRODUCT, "--host", "id.example", *words])


def reads(what: str, *words: str) -> int:
    return main(["label", "read", what, *words])


def told(capsys: Said, what: str, *words: str) -> Any:  # noqa: ANN401 — JSON
    capsys.readouterr()
    reads(what, *words, "--json")
    return json.loads(capsys.readouterr().out)


OFFLINE = ("--lot", "lot.json", "--key", "k.pem.pub", "--manifest", "units.csv")


@pytest.mark.usefixtures("folder")
def test_a_printed_label_is_read_from_a_picture_and_matches_offline(capsys: Said) -> None:
    assert prints("--serial", "K0003", "--out", "one.png") == 0
    assert reads("one.png", *OFFLINE) == 0
    found = told(capsys, "one.png", *OFFLINE)
    assert (found["verdict"], found["unit"]) == ("match", "urn:voltrail:unit:kestrel:K0003")
    assert "no register was asked" in found["leftOut"]


@pytest.mark.usefixtures("folder")
def test_a_signed_label_needs_the_maker_s_key_alone(capsys: Said) -> None:
    assert prints("--serial", "K0003", "--sign", "k.pem", "--out", "one.png") == 0
    (text,) = code.read(Path("one.png").read_bytes())
    assert reads(text, "--key", "k.pem.pub") == 0
    assert told(capsys, text, *OFFLINE)["signed"] is True
    main(["key", "new", "--plain", "--issuer", "urn:voltrail:party:fake", "--out", "f.pem"])
    assert reads(text, "--key", "f.pem.pub") == 75


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("out", ["one.png", "one.svg", "one.pdf"])
def test_a_link_carries_the_maker_s_signature_in_every_form(capsys: Said, out: str) -> None:
    given = ("--serial", "K0003", "--sign", "k.pem", "--form", "8030", "--gtin", "4012345678901")
    assert prints(*given, "--out", out) == 0
    if out == "one.png":
        (text,) = code.read(Path(out).read_bytes())
        assert told(capsys, text, "--key", "k.pem.pub")["signed"] is True
        assert reads(text.replace("K0003", "K0004"), "--key", "k.pem.pub") == 1
        assert reads(text[:-1], "--key", "k.pem.pub") == 65


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(
    ("text", "code"),
    [("K0003", 0), ("K9999", 1), ("https://a.example/u/tiderace/K0003", 1), ("", 75)],
)
def test_a_scan_is_judged_against_the_signed_list(text: str, code: int) -> None:
    assert reads(text, *OFFLINE) == code


@pytest.mark.usefixtures("folder")
def test_without_the_list_an_unsigned_label_proves_nothing() -> None:
    assert reads("K0003", "--lot", "lot.json", "--key", "k.pem.pub") == 75
    assert reads("https://a.example/u/kestrel/K0003", "--key", "k.pem.pub") == 75


@pytest.mark.usefixtures("folder")
def test_another_list_than_the_signed_one_judges_nothing() -> None:
    Path("units.csv").write_text("serial,cells\nK9999,C1\n")
    assert reads("K9999", *OFFLINE) == 1


@pytest.mark.usefixtures("folder")
def test_a_folder_register_answers_and_knows_nothing_yet(capsys: Said) -> None:
    main(["register", "init", "reg", "--operator", "urn:voltrail:party:nordlicht"])
    assert reads("K0003", "--folder", "reg") == 75
    assert told(capsys, "K0003", "--folder", "reg")["verdict"] == "unknown"


@pytest.mark.usefixtures("folder")
def test_a_list_becomes_sheets(capsys: Said) -> None:
    assert prints("--serials", "units.csv", "--gtin", "4012345678901", "--out", "a.pdf") == 0
    assert "a.pdf: 30" in capsys.readouterr().out
    assert Path("a.pdf").read_bytes().startswith(b"%PDF-")


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(
    "words",
    [
        ("--serials", "units.csv", "--out", "a.svg"),
        ("--serial", "K1", "--out", "a.docx"),
        ("--serial", "K 1", "--out", "a.svg"),
        ("--serial", "K1", "--gtin", "4012345678902", "--out", "a.svg"),
        ("--serial", "K1", "--layout", "a5", "--out", "a.pdf"),
    ],
)
def test_what_cannot_be_printed_leaves_no_file(words: tuple[str, ...]) -> None:
    assert prints(*words) == 65
    assert not Path(words[-1]).exists()


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(
    ("what", "words"), [("K0003", ()), ("K0003", ("--lot", "lot.json")), ("no.png", OFFLINE)]
)
def test_what_cannot_be_judged_is_refused(what: str, words: tuple[str, ...]) -> None:
    Path("no.png").write_bytes(b"no picture")
    assert reads(what, *words) in (2, 65)


@pytest.mark.usefixtures("folder")
def test_a_stray_quote_in_a_list_leaves_no_label_out(capsys: Said) -> None:
    Path("quoted.csv").write_text('serial,note\nK1,"12 inch\nK2,\n', encoding="utf-8")
    assert prints("--serials", "quoted.csv", "--out", "a.pdf") == 65
    assert "Row 2 cannot be read" in capsys.readouterr().err
    assert not Path("a.pdf").exists()
