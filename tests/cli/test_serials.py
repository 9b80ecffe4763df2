"""`voltrail serials`: what differs is said with its serials; 1 where anything does."""

import json
from pathlib import Path

import pytest

from voltrail.cli.main import main


def listed(folder: Path, name: str, *serials: str) -> str:
    path = folder / name
    path.write_text("\n".join(["serial", *serials]) + "\n", encoding="utf-8")
    return str(path)


def test_lists_that_agree_say_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    came = listed(tmp_path, "came.csv", "A", "B")
    lot = listed(tmp_path, "lot.csv", "A", "B", "C")
    assert main(["serials", came, "--manifest", lot, "--ordered", "2"]) == 0
    said = capsys.readouterr().out
    assert "1 in the maker's list did not come" in said
    assert "The lists agree." in said


def test_what_differs_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    came = listed(tmp_path, "came.csv", "A", "A", "X", "")
    lot, dock = listed(tmp_path, "lot.csv", "A", "B"), listed(tmp_path, "dock.csv", "A", "Z")
    asked = ["serials", came, "--manifest", lot, "--scanned", dock, "--ordered", "1"]
    assert main(asked) == 1
    said = capsys.readouterr().out
    assert "! 1 delivered, and not in the maker's list: X" in said
    assert "! 1 more than once in the delivery: A" in said
    assert "! 1 scanned, and not delivered: Z" in said
    assert "! 2 items more than ordered" in said
    assert "! delivered, row 5: The row has no serial." in said
    assert main([*asked, "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert told["strange"] == ["X"]
    assert told["wrong"]["delivered"][0]["number"] == 5


def test_what_is_no_list_is_refused(tmp_path: Path) -> None:
    empty = tmp_path / "empty.csv"
    empty.write_bytes(b"")
    assert main(["serials", str(empty)]) == 65


def test_a_stray_quote_is_refused_with_its_row(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    came = listed(tmp_path, "came.csv", "A", 'B,"12 inch', "C", "D")
    assert main(["serials", came, "--manifest", listed(tmp_path, "lot.csv", "A")]) == 65
    assert "Row 3 cannot be read: a quoted cell does not end" in capsys.readouterr().err


def test_fewer_than_ordered_is_a_partial_delivery(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    came = listed(tmp_path, "came.csv", "A", "B")
    assert main(["serials", came, "--ordered", "10000"]) == 0
    said = capsys.readouterr().out
    assert "9,998 items fewer than ordered: a partial delivery" in said
    assert "The lists agree" not in said
    assert main(["serials", came, "--ordered", "10000", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["partial"] is True


def test_a_list_without_a_header_does_not_agree(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bare = tmp_path / "bare.csv"
    bare.write_text("S1\nS2\n")
    assert main(["serials", str(bare)]) == 1
    assert "! delivered, row 1: 'S1' looks like a serial" in capsys.readouterr().out
    bare.write_text("number\nS2\n")
    assert main(["serials", str(bare)]) == 0
    assert "the first row is the header, 'number' names" in capsys.readouterr().out


@pytest.mark.parametrize("option", ["--ordered", "--counted"])
@pytest.mark.parametrize("number", ["-5", "x", "1e3", "9" * 5_000])
def test_a_number_of_items_is_none_below_zero(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], option: str, number: str
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["serials", listed(tmp_path, "came.csv", "A"), f"{option}={number}"])
    assert ended.value.code == 2
    assert "is no number of items" in capsys.readouterr().err
