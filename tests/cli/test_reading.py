"""`voltrail read`, `voltrail passport check`, `voltrail bom diff`: what a person types and sees."""

import json
from pathlib import Path
from typing import Any

import pytest

from voltrail.cli.main import main

EVENT = {
    "type": "ObjectEvent",
    "eventTime": "2026-11-02T08:00:00+01:00",
    "eventTimeZoneOffset": "+01:00",
    "action": "OBSERVE",
    "bizStep": "shipping",
    "epcList": ["https://id.gs1.org/01/09521141012345/21/2017"],
}


def written(place: Path, value: Any) -> str:  # noqa: ANN401
    place.write_text(json.dumps(value))
    return str(place)


def bom(place: Path, supplier: str) -> str:
    part = {"type": "device", "name": "U1\x1b[2J", "supplier": {"name": supplier}}
    return written(place, {"bomFormat": "CycloneDX", "specVersion": "1.6", "components": [part]})


def test_a_file_is_told_to_a_person(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["read", written(tmp_path / "e.json", EVENT)]) == 0
    said = capsys.readouterr().out
    assert "event 1        custody      half=given" in said
    assert "1 draft, 2 remarks; nobody signed what is here." in said


def test_a_file_is_told_to_a_program_line_by_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = written(tmp_path / "e.json", EVENT)
    assert main(["read", file, "--as", "epcis", "--json"]) == 0
    draft, *remarks = map(json.loads, capsys.readouterr().out.splitlines())
    assert (draft["kind"], draft["said"]["half"], len(draft["file"])) == ("custody", "given", 64)
    assert draft["said"]["items"] == [{"text": EVENT["epcList"][0], "scheme": "digital-link"}]
    assert [one["place"] for one in remarks] == ["event 1", "event 1"]


def test_what_cannot_be_read_ends_with_65(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["read", written(tmp_path / "x.json", {"a": 1})]) == 65
    assert main(["read", written(tmp_path / "e.json", {**EVENT, "action": "MAKE"})]) == 65
    assert main(["read", written(tmp_path / "e.json", EVENT), "--as", "toys"]) == 65
    assert main(["passport", "check", written(tmp_path / "e.json", EVENT)]) == 65
    said = capsys.readouterr().err
    assert "event 1.action is 'MAKE'." in said
    assert "Choose: epcis, passport, cyclonedx, catenax, un383, logger." in said


def test_a_passport_that_lacks_points_ends_with_1(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = written(tmp_path / "p.json", {"digitalProductPassportId": "x", "granularity": "item"})
    assert main(["passport", "check", file, "--category", "industrial"]) == 1
    assert "✗ 42 The EU declaration of conformity" in capsys.readouterr().out
    assert main(["passport", "check", file, "--json", "--at", "2026-11-28T00:00:00Z"]) == 1
    found = json.loads(capsys.readouterr().out)
    assert (found["whole"], found["category"], len(found["points"])) == (False, "industrial", 71)


def test_two_parts_lists_are_compared(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    old, new = bom(tmp_path / "old.json", "A"), bom(tmp_path / "new.json", "B")
    assert main(["bom", "diff", old, old]) == 0
    assert main(["bom", "diff", old, new]) == 1
    said = capsys.readouterr().out
    assert "Nothing changed." in said
    assert "supplier-swapped U1?[2J: A → B" in said
    assert main(["bom", "diff", old, new, "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["changes"][0]["change"] == "supplier-swapped"


@pytest.mark.parametrize(
    "words",
    [("read",), ("passport", "check"), ("bom", "diff", "x"), ("custody", "check"), ("serials",)],
)
def test_a_missing_file_is_said_to_a_program_too(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...]
) -> None:
    missing = str(tmp_path / "none.json")
    for place, said in ((missing, "There is no file "), (str(tmp_path), " cannot be used: ")):
        old = [place if word == "x" else word for word in words]
        assert main([*old, place, "--json"]) == 66
        told = json.loads(capsys.readouterr().out)
        assert said in told["sentence"]
        assert told["hint"] == "Check the path."
        assert main([*old, place]) == 66
        printed = capsys.readouterr()
        assert (printed.out, said in printed.err) == ("", True)
