"""The five questions about a unit, on a page and for a program."""

import pytest

pytest.importorskip("django")

from server.table_world import logged_in, tables
from voltrail.ids.subject import UnitId
from voltrail_server.api import tokens
from voltrail_world.cast import KESTREL, NORDLICHT
from world_fixture import PlayedWorld, clean_shipment

__all__ = ["tables"]
UNIT = UnitId.of("kestrel", f"S{clean_shipment().number}001")
ADDRESS = f"/units/{UNIT.key}/provenance/"


def test_the_page_answers_each_question_or_says_whom_to_ask(tables: PlayedWorld) -> None:
    client = logged_in("quality")
    assert ADDRESS in client.get(f"/units/{UNIT.key}/").content.decode()
    page = client.get(ADDRESS).content.decode()
    for question in (
        "Who made its cells?",
        "Where was it assembled?",
        "Who tested it?",
        "What firmware does it run?",
        "What proves its custody?",
    ):
        assert question in page
    assert "Not proven" in page
    assert "What would prove it" in page
    assert "signed by" in page


def test_a_unit_that_nobody_spoke_of_is_not_there(tables: PlayedWorld) -> None:
    assert logged_in("quality").get("/units/kestrel:NEVER/provenance/").status_code == 404
    assert logged_in("quality").get("/units/ö/provenance/").status_code in (400, 404)


def test_a_program_of_the_operator_asks_and_a_firm_s_does_not(tables: PlayedWorld) -> None:
    client = logged_in("quality")
    client.logout()
    for party, status in ((NORDLICHT, 200), (KESTREL, 403)):
        bearer = {"Authorization": f"Bearer {tokens.issue(str(party), 'a program')}"}
        answer = client.get(f"/api/v1/units/{UNIT}/provenance", headers=bearer)
        assert answer.status_code == status
        if status == 200:
            told = answer.json()
            assert [one["question"] for one in told["answers"]] == [
                "cells", "assembly", "tests", "firmware", "custody",
            ]  # fmt: skip
