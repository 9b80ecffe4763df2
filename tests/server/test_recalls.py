"""Recalls on pages: a suspect, its scope, holding or rehearsing it, answers, and who may."""

import pytest

pytest.importorskip("django")

from django.test import Client

from server.site_world import logged_in, site_desk
from voltrail.actions.desk import Desk
from voltrail.actions.hold import holds
from voltrail.actions.recall_report import recalls, report
from voltrail_server.api import tokens

__all__ = ["site_desk"]

LIMIT = 60  # [queries] of one page


def lot_of(desk: Desk) -> str:
    return "".join(desk.views.rows()[0].lot)


def form(desk: Desk, verb: str) -> dict[str, str]:
    return {
        "about": lot_of(desk),
        "relation": "lot",
        "reason": "Welds can open.",
        "action": "quarantine",
        "case": f"R-{verb}",
        "verb": verb,
    }


def test_an_empty_list_says_what_to_do(site_desk: Desk) -> None:
    page = logged_in("security").get("/recalls/").content.decode()
    assert "Nothing was recalled or rehearsed yet" in page


def test_a_suspect_leads_to_its_scope_as_a_table_a_drawing_and_a_sheet(site_desk: Desk) -> None:
    client, about = logged_in("quality"), lot_of(site_desk)
    page = client.get("/recalls/new/", {"about": about}).content.decode()
    assert "What is related" in page
    assert "<svg" in page
    assert "Hold all of this" in page
    sheet = b"".join(client.get("/recalls/scope.csv", {"about": about}).streaming_content)
    assert sheet.startswith(b"asset,certainty,")
    assert site_desk.views.rows()[0].arrival.encode() in sheet


def test_a_rehearsal_is_answered_by_place_and_holds_nothing(site_desk: Desk) -> None:
    client, before = logged_in("security"), len(holds(site_desk))
    done = client.post("/recalls/new/", form(site_desk, "rehearse"))
    assert done.status_code == 302
    assert len(holds(site_desk)) == before
    (made,) = recalls(site_desk)
    (line,) = report(site_desk, made.entry.index).lines
    address = f"{done.url}answer/"
    assert line.thing in client.get(address, {"place": line.place}).content.decode()
    said = {"place": "".join(line.place), f"answer:{line.thing}": "not-found"}
    assert client.post(address, said).status_code == 302
    page = client.get(done.url).content.decode()
    assert "1 of 1 answered" in page
    assert "Rehearsal" in page
    sheet = b"".join(client.get(f"{done.url}report.csv").streaming_content).decode()
    assert f"{line.thing},definite,{line.place},not-found," in sheet
    told = client.get(f"/api/v1/recalls/{made.entry.index}/answers").json()
    (place,) = told["places"]
    assert (place["place"], place["owed"]) == (line.place, [])
    assert place["answers"][0]["notFound"] == [line.thing]


def test_a_recall_keeps_the_days_it_was_traced_in_and_is_traced_in_them_again(
    site_desk: Desk,
) -> None:
    client = logged_in("security")
    days = {"since": "2026-01-02", "until": "2026-12-30"}
    done = client.post("/recalls/new/", {**form(site_desk, "rehearse"), **days})
    (made,) = recalls(site_desk)
    assert (str(made.fact.since), str(made.fact.until)) == tuple(days.values())
    page = client.get(done.url).content.decode()
    assert "by the same lot, from 2026-01-02 until 2026-12-30." in page
    assert "&amp;since=2026-01-02&amp;until=2026-12-30&amp;case=R-rehearse" in page
    told = client.get(f"/api/v1/recalls/{made.entry.index}").json()
    assert (told["since"], told["until"]) == tuple(days.values())


def test_holding_all_of_it_holds_once_and_calls_it_back(site_desk: Desk) -> None:
    client = logged_in("security")
    before = len(holds(site_desk))
    client.post("/recalls/new/", form(site_desk, "hold"))
    assert len(holds(site_desk)) == before + 1
    client.post("/recalls/new/", {**form(site_desk, "hold"), "case": "R-again"})
    assert len(holds(site_desk)) == before + 1
    assert len(recalls(site_desk)) == 2


def test_an_auditor_reads_and_begins_nothing(site_desk: Desk) -> None:
    client = logged_in("auditor")
    page = client.get("/recalls/new/", {"about": lot_of(site_desk)}).content.decode()
    assert "What is related" in page
    assert "Hold all of this" not in page
    assert client.post("/recalls/new/", form(site_desk, "hold")).status_code == 403


def test_what_cannot_be_read_is_refused_in_words(site_desk: Desk) -> None:
    client = logged_in("security")
    for given, says in (
        ({"about": "nothing-like-it"}, "Nothing on record is related"),
        ({"about": "x", "relation": "moon"}, "There is no relation"),
        ({"about": "x", "since": "yesterday"}, "is no day"),
    ):
        answer = client.get("/recalls/new/", given)
        assert answer.status_code in (400, 404)
        assert says in answer.content.decode()
    assert client.get("/recalls/0/").status_code == 404


def test_days_in_the_wrong_order_are_malformed_for_a_program(site_desk: Desk) -> None:
    headers = {"Authorization": f"Bearer {tokens.issue(str(site_desk.operator), 'test')}"}
    asked = {"about": lot_of(site_desk), "since": "2026-12-30", "until": "2026-01-02"}
    answer = Client().get("/api/v1/recalls/scope", asked, headers=headers)
    assert answer.status_code == 400
    told = answer.json()
    assert (told["title"], told["detail"]) == ("Malformed", "The days end before they begin.")
    assert told["hint"] == "Swap the two days."


def test_an_action_that_nobody_knows_is_refused_in_words(site_desk: Desk) -> None:
    client = logged_in("quality")
    answer = client.post("/recalls/new/", {**form(site_desk, "hold"), "action": "zzz"})
    assert answer.status_code == 400
    assert "zzz" in answer.content.decode()
