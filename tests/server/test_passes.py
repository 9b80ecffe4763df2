"""`voltrail token` at the machine: a token, a link without an account, what stands, and its end."""

import pytest

pytest.importorskip("django")

import argparse
import json
from datetime import timedelta
from typing import Any

from server.test_api import KESTREL, OPERATOR, Room, _tables, is_problem, room
from voltrail.errors import MalformedError, UnknownSubjectError
from voltrail_server import passes
from voltrail_server.api.models import ApiToken, IntakeLink

__all__ = ["_tables", "room"]
Said = pytest.CaptureFixture[str]


def types(capsys: Said, *words: str) -> str:
    parser = argparse.ArgumentParser()
    passes.declare(parser)
    assert passes.token(parser.parse_args(words)) == 0
    return capsys.readouterr().out.strip()


def told(capsys: Said, *words: str) -> Any:  # noqa: ANN401
    return json.loads(types(capsys, *words, "--json"))


def test_a_token_made_at_the_machine_hands_in_until_it_is_ended(room: Room, capsys: Said) -> None:
    ApiToken.objects.all().delete()
    room.tokens[KESTREL] = types(capsys, "issue", KESTREL, "--label", "ERP")
    assert room.post("/statements", room.lot("A1")).status_code == 201
    (one,) = told(capsys, "list", KESTREL)["passes"]
    assert (one["label"], one["until"]) == ("ERP", "2027-11-22 09:00Z")
    assert told(capsys, "list", OPERATOR)["passes"] == []
    assert f"Ended {one['name']}" in types(capsys, "end", one["name"])
    is_problem(room.post("/statements", room.lot("A2")), 401)
    assert types(capsys, "list") == "No token and no link stands."
    with pytest.raises(UnknownSubjectError):
        types(capsys, "end", one["name"])


def test_a_link_opens_a_page_for_its_firm_until_it_ends(room: Room, capsys: Said) -> None:
    ApiToken.objects.all().delete()
    said = types(capsys, "link", KESTREL, "--label", "Lot records of autumn", "--days", "3")
    path = said.removeprefix("http://localhost:8000")
    assert path.startswith("/in/")
    assert b"Lot records of autumn" in room.client.get(path).content
    assert "Lot records of autumn" in types(capsys, "list")
    assert path.removeprefix("/in/") not in str(list(IntakeLink.objects.values()))
    room.at += timedelta(days=3)
    assert room.client.get(path).status_code == 404
    assert "Lot records of autumn" not in types(capsys, "list")


def test_a_link_takes_the_kinds_it_was_made_for(room: Room, capsys: Said) -> None:
    kind = "urn:voltrail:predicate:lot:v1"
    found = told(capsys, "link", KESTREL, "--kind", kind)
    assert (
        kind
        in room.client.get(found["link"].removeprefix("http://localhost:8000")).content.decode()
    )
    types(capsys, "end", f"link-{IntakeLink.objects.get().pk}")
    assert room.client.get(found["link"].removeprefix("http://localhost:8000")).status_code == 404


@pytest.mark.parametrize(
    "words",
    [
        ("issue",),
        ("issue", "kestrel"),
        ("issue", "urn:voltrail:person:p-runa"),
        ("issue", str(KESTREL), "--days", "0"),
        ("link", str(KESTREL), "--days", "366"),
        ("issue", str(KESTREL), "--kind", "urn:voltrail:predicate:lot:v1"),
    ],
)
def test_what_makes_no_sense_is_refused(room: Room, capsys: Said, words: tuple[str, ...]) -> None:
    before = ApiToken.objects.count()
    with pytest.raises(MalformedError):
        types(capsys, *words)
    assert (ApiToken.objects.count(), IntakeLink.objects.count()) == (before, 0)


@pytest.mark.parametrize(
    "name", ["", "token", "token-", "token-x", "token-²", "key-1", "token-999"]
)
def test_what_does_not_stand_is_not_revoked(room: Room, capsys: Said, name: str) -> None:
    with pytest.raises(UnknownSubjectError):
        types(capsys, "end", name)
