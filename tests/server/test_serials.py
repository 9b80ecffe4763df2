"""The serials of an arrival are compared on a page, as a sheet and by a program."""

import pytest

pytest.importorskip("django")

from django.test import Client

from server.table_world import logged_in, tables
from voltrail_server import wiring
from voltrail_server.api import tokens
from voltrail_world.cast import KESTREL, NORDLICHT
from world_fixture import PlayedWorld

__all__ = ["tables"]


def arrival() -> str:
    return next(iter(wiring.desk().views.rows())).arrival.removeprefix("urn:voltrail:arrival:")


def test_the_page_says_for_each_question_whether_the_lists_agree(tables: PlayedWorld) -> None:
    client = logged_in("quality")
    address = f"/arrivals/{arrival()}/serials/"
    assert address in client.get(f"/arrivals/{arrival()}/").content.decode()
    page = client.get(address).content.decode()
    assert "Delivered, and not in the maker" in page
    assert "As many came as were ordered" in page
    assert "Agrees" in page
    assert "#" in page
    assert client.get("/arrivals/nobody:1/serials/").status_code == 404


def test_the_sheet_holds_each_serial(tables: PlayedWorld) -> None:
    answer = logged_in("quality").get(f"/arrivals/{arrival()}/serials.csv")
    lines = b"".join(answer.streaming_content).decode().splitlines()
    assert lines[0] == "serial,delivered,listed,scanned"
    assert len(lines) > 1


def test_a_program_of_the_operator_compares_and_a_firm_s_does_not(tables: PlayedWorld) -> None:
    for party, status in ((NORDLICHT, 200), (KESTREL, 403)):
        bearer = {"Authorization": f"Bearer {tokens.issue(str(party), 'a program')}"}
        answer = Client().get(f"/api/v1/arrivals/{arrival()}/serials", headers=bearer)
        assert answer.status_code == status
        if status == 200:
            assert answer.json()["delivered"] > 0
            assert answer.json()["entries"]
