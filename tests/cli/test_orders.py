"""`voltrail may-order` and `voltrail order`: on a folder, and to a server."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

pytest.importorskip("django")

from cli.test_remote import Said, served, token_file
from order_facts import lay_groundwork, order_of, wanted
from server.test_api import AT, KESTREL, OPERATOR, Room, _tables, room
from voltrail.cli.answers import problem
from voltrail.cli.main import GROUPS, SERVER_WORDS, main
from voltrail.cli.registers import open_desk
from voltrail.errors import UnmetError

__all__ = ["_tables", "room", "served"]
PO = str(order_of(OPERATOR))


def words(**changes: object) -> list[str]:
    found = wanted(OPERATOR, **changes)
    order = found.pop("order")
    pairs = ((f"--{name}", str(value)) for name, value in found.items())
    return [str(order), *(word for pair in pairs for word in pair)]


@pytest.fixture
def folder(tmp_path: Path) -> str:
    path = str(tmp_path / "reg")
    assert main(["register", "init", path, "--operator", OPERATOR]) == 0
    lay_groundwork(open_desk(Path(path)), datetime.now(UTC))
    return path


@pytest.fixture
def token(room: Room, tmp_path: Path) -> str:
    lay_groundwork(room.desk, AT)
    return token_file(tmp_path / "token", room.tokens[OPERATOR])


def test_what_may_be_ordered_is_ordered_once(folder: str, capsys: Said) -> None:
    assert main(["may-order", *words(), "--register", folder]) == 0
    assert "may be ordered" in capsys.readouterr().out
    assert main(["order", *words(), "--folder", folder]) == 0
    assert f"{PO} stands as entry 4, digest " in capsys.readouterr().out
    assert main(["order", *words(), "--folder", folder]) == 1
    assert "already on record" in capsys.readouterr().err


def test_what_is_unmet_is_listed_and_the_attempt_stays(folder: str, capsys: Said) -> None:
    asked = [*words(channel="broker"), "--folder", folder]
    assert main(["may-order", *asked]) == 1
    said = capsys.readouterr().out
    assert "✗ SUP-01: Purchase without current qualification" in said
    assert "  → procurement: Qualify the seller" in said
    assert open_desk(Path(folder)).entries.size() == 4
    assert main(["order", *asked]) == 1
    assert "The attempt stands as entry 4." in capsys.readouterr().err
    assert main(["call", "order.attempts", "--folder", folder]) == 0
    assert json.loads(capsys.readouterr().out)[0]["fact"]["wanted"]["channel"] == "broker"


def test_a_program_gets_json(folder: str, capsys: Said) -> None:
    assert main(["may-order", *words(), "--folder", folder, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["unmet"] == []
    asked = [*words(channel="broker"), "--folder", folder, "--json"]
    assert main(["order", *asked]) == 1
    told = json.loads(capsys.readouterr().out)
    assert (told["error"], told["attempt"]) == ("UnmetError", 4)
    assert told["unmet"][0]["control"] == "SUP-01"


def test_a_verb_takes_a_value_as_json(folder: str, capsys: Said) -> None:
    given = f"wanted={json.dumps(wanted(OPERATOR))}"
    assert main(["call", "order.may_order", given, "--folder", folder]) == 0
    assert json.loads(capsys.readouterr().out)["allowed"] is True
    assert main(["call", "order.may_order", "wanted=[]", "--folder", folder]) == 65
    assert main(["call", "order.attempts", "limit=many", "--folder", folder]) == 65


@pytest.mark.parametrize(
    "changes", [{"quantity": 0}, {"quantity": -1}, {"seller": "nobody"}, {"channel": " "}]
)
def test_what_is_no_order_is_malformed(folder: str, changes: dict[str, object]) -> None:
    assert main(["order", *words(**changes), "--folder", folder]) == 65
    assert open_desk(Path(folder)).entries.size() == 4


def test_a_server_answers_the_same(room: Room, served: str, token: str, capsys: Said) -> None:
    there = ["--server", served, "--token-file", token]
    assert main(["may-order", *words(), *there]) == 0
    assert main(["may-order", *words(channel="broker"), *there]) == 1
    assert "✗ SUP-01: Purchase without current qualification" in capsys.readouterr().out
    assert main(["order", *words(channel="broker"), *there]) == 1
    said = capsys.readouterr()
    assert "✗ SUP-01" in said.out
    assert "The attempt stands as entry 4." in said.err
    assert main(["order", *words(), *there]) == 0
    assert "stands as entry 5" in capsys.readouterr().out
    assert main(["order", *words(), *there, "--json"]) == 1
    assert room.desk.entries.size() == 6


def test_another_firms_token_orders_nothing(
    room: Room, served: str, token: str, tmp_path: Path, capsys: Said
) -> None:
    theirs = token_file(tmp_path / "theirs", room.tokens[KESTREL])
    there = ["--server", served, "--token-file", theirs]
    for word in ("may-order", "order"):
        assert main([word, *words(), *there]) == 1
        assert "Orders are the operator's" in capsys.readouterr().err
    assert room.desk.entries.size() == 4


def test_a_server_needs_a_token(capsys: Said) -> None:
    assert main(["order", *words(), "--server", "https://127.0.0.1:9"]) == 65


@pytest.mark.parametrize("unmet", ["null", '"x"', "[1]", '[{"sentence": 5}]'])
def test_an_answer_with_odd_requirements_is_still_a_refusal(unmet: str) -> None:
    body = f'{{"type": "/docs/errors#unmeterror", "detail": "No.", "unmet": {unmet}}}'
    error = problem(409, body.encode())
    assert isinstance(error, UnmetError)
    assert error.exit_code == 1
    assert all(isinstance(one, dict) for one in error.unmet)


def test_every_word_stands_on_the_page_of_commands() -> None:
    page = (Path(__file__).parents[2] / "docs/reference/commands.md").read_text(encoding="utf-8")
    assert [word for word in (*GROUPS, *SERVER_WORDS) if f"| `{word}` |" not in page] == []
