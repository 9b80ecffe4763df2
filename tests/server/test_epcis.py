"""EPCIS for other systems: a document is captured as its sender's word; events are asked for."""

import json
from urllib.parse import urlencode

import pytest

pytest.importorskip("django")

from django.test import Client

from actions.test_foreign import event
from server.table_world import logged_in, tables
from voltrail.actions import events as actions
from voltrail.actions.events import Asked
from voltrail.errors import MalformedError, UnknownSubjectError
from voltrail.projections.fold import view
from voltrail.readers import registry
from voltrail.statements.intake import Intake
from voltrail_server import wiring
from voltrail_server.api import tokens
from voltrail_world.cast import KESTREL, NORDLICHT
from world_fixture import NOW, PlayedWorld, clean_shipment

__all__ = ["logged_in", "tables"]
LOT = clean_shipment().lot


def bearer(party: object) -> dict[str, str]:
    return {"Authorization": f"Bearer {tokens.issue(str(party), 'a program')}"}


def test_a_firm_s_program_captures_its_own_word(tables: PlayedWorld) -> None:
    answer = Client().post(
        "/api/v1/epcis/capture", event("S1"), content_type="application/json",
        headers=bearer(KESTREL),
    )  # fmt: skip
    assert answer.status_code == 202
    assert answer["GS1-EPCIS-Version"] == "2.0.0"
    told = Client().get(answer["Location"], headers=bearer(NORDLICHT)).json()
    assert (told["running"], told["success"], told["errors"]) == (False, True, [])
    desk = wiring.desk()
    (kept,) = view(desk.entries, desk.views, KESTREL).standing(Intake)
    assert kept.fact.said_by == KESTREL
    assert Client().get(answer["Location"], headers=bearer(KESTREL)).status_code == 403


def test_a_capture_says_what_was_remarked_and_counts_an_event_once(tables: PlayedWorld) -> None:
    told = []
    for data in (event("S1"), event("S1").replace(b", ", b",  "), event("S2")):
        answer = Client().post(
            "/api/v1/epcis/capture", data, content_type="application/json",
            headers=bearer(KESTREL),
        )  # fmt: skip
        told.append(Client().get(answer["Location"], headers=bearer(NORDLICHT)).json()["remarks"])
    assert [any("something else" in one for one in each) for each in told] == [False, False, True]
    desk = wiring.desk()
    assert len(view(desk.entries, desk.views, KESTREL).standing(Intake)) == 2


@pytest.mark.parametrize(
    ("data", "kind", "status"),
    [
        (b"{}", "application/json", 400),
        (b"x", "text/plain", 415),
        (event("S1").replace(b"OBSERVE", b"LOOK"), "application/json", 400),
    ],
)
def test_a_wrong_document_is_refused(
    tables: PlayedWorld, data: bytes, kind: str, status: int
) -> None:
    answer = Client().post(
        "/api/v1/epcis/capture", data, content_type=kind, headers=bearer(NORDLICHT)
    )
    assert answer.status_code == status


def test_the_events_of_a_lot_come_page_by_page_and_are_read_back(tables: PlayedWorld) -> None:
    address, found, mark = f"/api/v1/epcis/epcs/{LOT}/events", [], "?perPage=4"
    while mark:
        answer = Client().get(address + mark, headers=bearer(NORDLICHT))
        assert answer.status_code == 200
        page = answer.json()
        found += page["epcisBody"]["queryResults"]["resultsBody"]["eventList"]
        token = answer.headers.get("GS1-Next-Page-Token")
        mark = f"?perPage=4&nextPageToken={token}" if token else ""
    assert len(found) == 6
    assert [one["bizStep"] for one in found].count("shipping") == 3
    entries = [one["voltrail:entry"] for one in found]
    assert entries == sorted(set(entries))
    document = {
        **{name: page[name] for name in ("@context", "schemaVersion", "creationDate")},
        "type": "EPCISDocument",
        "epcisBody": {"eventList": found},
    }
    assert len(registry.read(json.dumps(document).encode()).drafts) == 6


def test_events_are_asked_for_by_step_and_time(tables: PlayedWorld) -> None:
    desk = wiring.desk()

    def count(asked: Asked) -> int:
        told = actions.events(desk, LOT, asked, NOW).document
        return len(told["epcisBody"]["queryResults"]["resultsBody"]["eventList"])

    assert count(Asked(steps=frozenset({"receiving"}))) == 3
    assert count(Asked(steps=frozenset({"storing"}))) == 0
    assert count(Asked(before=NOW.replace(year=2000))) == 0
    assert count(Asked(since=NOW.replace(year=2000))) == 6


def test_what_no_code_means_is_not_there_and_a_wrong_one_is_refused(tables: PlayedWorld) -> None:
    desk = wiring.desk()
    assert actions.meant(desk, str(LOT), NOW) == LOT
    with pytest.raises(UnknownSubjectError):
        actions.meant(desk, "https://id.gs1.org/01/09521234000013/21/NEVER", NOW)
    with pytest.raises(MalformedError):
        actions.meant(desk, "https://id.gs1.org/01/09521234000014/21/NEVER", NOW)
    answer = Client().get(f"/api/v1/epcis/epcs/{LOT}/events", headers=bearer(KESTREL))
    assert answer.status_code == 403


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("EQ_disposition=x", "'EQ_disposition' is not supported"),
        ("eventType=ObjectEvent", "'eventType' is not supported"),
        ("GE_recordTime=2026-01-01T00:00:00Z", "'GE_recordTime' is not supported"),
        ("foo=1", "'foo' is not supported"),
        ("biz_step=shipping", "'biz_step' is not supported"),
        ("EQ_bizStep=shipping&EQ_bizStep=receiving", "EQ_bizStep stands twice"),
        ("perPage=1&perPage=2", "perPage stands twice"),
        ("EQ_bizStep=shipping||receiving", "empty business step"),
    ],
)
def test_a_parameter_that_would_be_passed_over_is_refused(
    tables: PlayedWorld, query: str, said: str
) -> None:
    answer = Client().get(f"/api/v1/epcis/epcs/{LOT}/events?{query}", headers=bearer(NORDLICHT))
    assert answer.status_code == 400
    assert said in answer.json()["detail"]
    assert answer.json()["hint"]


def test_several_steps_are_asked_for_and_the_next_page_asks_for_the_same(
    tables: PlayedWorld,
) -> None:
    address, query, found = f"/api/v1/epcis/epcs/{LOT}/events", "", []
    for wanted in ("shipping", "https://ref.gs1.org/cbv/BizStep-shipping|receiving"):
        query, found = f"?{urlencode({'EQ_bizStep': wanted, 'perPage': 2})}", []
        while query:
            answer = Client().get(address + query, headers=bearer(NORDLICHT))
            assert answer.status_code == 200
            found += answer.json()["epcisBody"]["queryResults"]["resultsBody"]["eventList"]
            link = answer.headers.get("Link", "")
            query = link[1 : link.index(">")] if link else ""
        steps = [one["bizStep"] for one in found]
        assert steps.count("shipping") == 3
        assert steps.count("receiving") == (3 if "|" in wanted else 0)
        assert len({one["voltrail:entry"] for one in found}) == len(found)
