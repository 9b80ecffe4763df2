"""`voltrail id parse` says what a code is, in words and for programs, with its exit code."""

import json

import pytest

from voltrail.cli.main import main

CODE = "(01)09521234000013(10)L26-7(11)260301(21)K0001"


def test_a_code_is_said_part_by_part(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["id", "parse", CODE]) == 0
    out = capsys.readouterr().out
    assert out.startswith("One trade item (GTIN with serial).")
    for said in ("09521234000013  = check digit right", "L26-7", "260301  = 2026-03-01"):
        assert said in out
    assert out.endswith("Canonical: https://id.gs1.org/01/09521234000013/21/K0001\n")


def test_a_program_gets_the_same_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["id", "parse", "9521234000006", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["scheme"], found["canonical"]) == (
        "gtin",
        "https://id.gs1.org/01/09521234000006",
    )
    assert "https://id.gs1.org/417/9521234000006" in found["others"]
    assert found["warnings"]


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("(01)09521234000014(21)K1", "3 would be right"),
        ("https://id.example/21/K1/01/09521234000013", "stands before the key"),
        ("5493001KJTIIGC8Y1R13", "12 would be right"),
        ("(01)09521234000013(21)\u041a1", "CYRILLIC CAPITAL LETTER KA"),
    ],
)
def test_a_wrong_code_ends_with_65_and_its_reason(
    capsys: pytest.CaptureFixture[str], code: str, said: str
) -> None:
    assert main(["id", "parse", code]) == 65
    assert said in capsys.readouterr().err
    assert main(["id", "parse", code, "--json"]) == 65
    assert said in json.loads(capsys.readouterr().out)["sentence"]


def test_a_text_of_no_scheme_ends_with_75(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["id", "parse", "\u041a\u0421-0001"]) == 75
    out = capsys.readouterr().out
    assert "Character 1 is CYRILLIC CAPITAL LETTER KA and looks like K." in out
    assert "names nothing by itself" in out
