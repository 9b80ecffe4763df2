"""Files of statements, drafts and packs are looked at offline; nothing is believed by itself."""

import json
from pathlib import Path

import pytest

from voltrail.audit.pack import Pack, write
from voltrail.cli.main import main
from voltrail.projections.view import recorded
from voltrail.statements import envelope
from voltrail.statements.custody import HandOver
from voltrail.trust import anchors
from world_fixture import played_world

Said = pytest.CaptureFixture[str]


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The world's hand-overs of one lot that was short on the way, signed and as drafts."""
    monkeypatch.chdir(tmp_path)
    world = played_world()
    entries = world.desk.entries.entries(0, world.desk.entries.size())
    every = [entry for entry in entries if isinstance(recorded(entry).fact, HandOver)]
    short = [one for one in every if recorded(one).fact.lot.key.endswith("L26-110")]
    good = [one for one in every if recorded(one).fact.lot.key.endswith("L26-111")]
    for name, listed in (("short", short), ("good", good)):
        assert listed
        Path(f"{name}.jsonl").write_bytes(b"".join(one.raw.strip() + b"\n" for one in listed))
        payloads = [envelope.parse(one.raw).payload + b"\n" for one in listed]
        Path(f"{name}-drafts.jsonl").write_bytes(b"\n".join(payloads))
    Path("one.json").write_bytes(json.dumps(json.loads(good[0].raw), indent=1).encode())
    return tmp_path


def check(*words: str) -> int:
    return main(["custody", "check", *words])


@pytest.mark.parametrize(("name", "code"), [("short", 1), ("good", 0)])
@pytest.mark.parametrize("form", ["", "-drafts"])
def test_what_contradicts_itself_is_found(
    files: Path, capsys: Said, name: str, code: int, form: str
) -> None:
    assert check(f"{name}{form}.jsonl") == code
    said = capsys.readouterr().out
    assert ("16 items given, 14 taken." in said) is bool(code)
    assert "No signature was checked." in said


def test_order_and_repeats_of_files_change_nothing(files: Path, capsys: Said) -> None:
    assert check("short.jsonl", "good.jsonl", "--json") == 1
    first = json.loads(capsys.readouterr().out)
    assert check("good.jsonl", "short.jsonl", "good.jsonl", "one.json", "--json") == 1
    again = json.loads(capsys.readouterr().out)
    assert first["findings"] == again["findings"]
    assert first["statements"] == again["statements"]
    assert first["findings"][0]["statements"][0].startswith("short.jsonl:")


def test_with_trust_only_what_verifies_counts(files: Path, capsys: Said) -> None:
    desk = played_world().desk
    Path("anchors.json").write_bytes(anchors.write(desk.anchors(), ()))
    assert check("short.jsonl", "--trust", "anchors.json", "--json") == 1
    assert json.loads(capsys.readouterr().out)["leftOut"] == []
    assert check("short-drafts.jsonl", "--trust", "anchors.json") == 75
    said = capsys.readouterr()
    assert "a draft has no signature." in said.err
    assert "were left out" in said.out


def test_a_pack_is_looked_at_entry_by_entry(files: Path, capsys: Said) -> None:
    desk = played_world().desk
    entries = desk.entries.entries(0, desk.entries.size())
    every = [one for one in entries if isinstance(recorded(one).fact, HandOver)]
    short = [one for one in every if recorded(one).fact.lot.key.endswith("L26-110")]
    pack = Pack(desk.operator, None, 0, b"", tuple(short), {one.index: () for one in short})
    Path("pack.zip").write_bytes(write(pack))
    assert check("pack.zip") == 1
    assert f"pack.zip entry {short[0].index}" in capsys.readouterr().out


@pytest.mark.parametrize("data", [b"", b"\n", b"PK no zip", b"{}", b'{"a":1}\n{', b"\xff"])
def test_what_is_no_statement_is_refused_with_its_line(
    files: Path, capsys: Said, data: bytes
) -> None:
    Path("bad.jsonl").write_bytes(data)
    assert check("bad.jsonl") == 65
    assert capsys.readouterr().err


def test_a_byte_order_mark_is_taken(files: Path) -> None:
    for name in ("good.jsonl", "one.json", "good-drafts.jsonl"):
        Path(name).write_bytes(b"\xef\xbb\xbf" + Path(name).read_bytes())
        assert check(name) == 0


def test_a_number_of_many_digits_is_refused_in_our_words(files: Path, capsys: Said) -> None:
    Path("long.jsonl").write_text('{"a": ' + "9" * 10_000 + "}\n")
    assert check("long.jsonl") == 65
    said = capsys.readouterr().err
    assert "holds an integer that exceeds 2^53 by far" in said
    assert "set_int_max_str_digits" not in said
