"""Orders on pages and through the API: asked, placed, refused, and what stays on record."""

import json
from typing import Any
from urllib.parse import urlencode

import pytest

pytest.importorskip("django")

from django.contrib.staticfiles import finders
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from order_facts import lay_groundwork, order_of, wanted
from server.table_world import logged_in, tables
from server.test_api import AT, HAFEN, JSON, KESTREL, OPERATOR, Room, _tables, is_problem, room
from voltrail.actions.order import attempts
from voltrail.actions.pack import anchors_file
from voltrail.audit.check import check_statement
from voltrail.audit.pack import parse
from voltrail.ids.subject import OrderId
from voltrail.projections.fold import view
from voltrail.statements.order import Order
from voltrail.trust import anchors
from voltrail_server.people.models import Account
from voltrail_world.cast import ANSEL, OFFICE, PACK, SODALITH, SODIUM_RACK, SUBSTATION, TIDERACE
from world_fixture import PlayedWorld

__all__ = ["_tables", "room", "tables"]

GOOD = {
    "order": "PO-900",
    "product": str(PACK),
    "seller": str(TIDERACE),
    "place": str(SUBSTATION),
    "quantity": "16",
    "channel": "distributor",
}
LAPSED = {
    **GOOD,
    "product": str(SODIUM_RACK),
    "seller": str(SODALITH),
    "place": str(OFFICE),
    "channel": "direct",
}
PO = "urn:voltrail:order:nordlicht:PO-900"
NEW = "/orders/new/"


def buyer() -> Client:
    Account.objects.filter(username="procurement").delete()
    Account.objects.create_user("procurement", person=ANSEL)
    return logged_in("procurement")


def ask(client: Client, form: dict[str, str], **headers: str) -> str:
    found = client.get(f"{NEW}?{urlencode(form)}", headers=headers)
    assert found.status_code == 200, found.content
    return found.content.decode()


def test_the_form_offers_what_is_on_record(tables: PlayedWorld) -> None:
    body = buyer().get(NEW).content.decode()
    assert f'<option value="{TIDERACE}">Tiderace Power Supply (tiderace)</option>' in body
    assert f'<option value="{PACK}">KP-24 (kestrel:KP-24)</option>' in body
    assert '<option value="distributor">' in body
    assert "urn:voltrail:party:nordlicht" not in body, "the operator does not sell to itself"
    assert "the answer stands here" in body


def test_a_question_is_answered_on_the_page_and_as_a_part(tables: PlayedWorld) -> None:
    client, size = buyer(), tables.desk.entries.size()
    whole, part = ask(client, GOOD), ask(client, GOOD, **{"HX-Request": "true"})
    assert "may be ordered: all" in whole
    assert part.strip().startswith("<section")
    assert part.strip() in whole
    assert "<html" not in part
    assert tables.desk.entries.size() == size


def test_a_question_needs_no_number_and_no_quantity(tables: PlayedWorld) -> None:
    form = {**GOOD, "order": "", "quantity": ""}
    assert "may be ordered: all" in ask(buyer(), form)


def test_a_no_lists_what_is_unmet_who_can_resolve_it_and_the_entries(tables: PlayedWorld) -> None:
    body = ask(buyer(), LAPSED)
    assert "Do not order" in body
    assert '<code class="control">SUP-01</code>' in body
    assert "procurement can resolve it" in body
    assert "Qualify the seller" in body
    assert 'href="/register/' in body.partition("Unmet")[2]


def test_the_ask_button_leads_to_an_address_that_can_be_sent_on(tables: PlayedWorld) -> None:
    found = buyer().post(NEW, {**GOOD, "ask": "yes"})
    assert found.status_code == 302
    assert found["Location"].startswith(f"{NEW}?")
    assert "csrf" not in found["Location"]
    assert "may be ordered" in logged_in("quality").get(found["Location"]).content.decode()


def test_an_order_is_placed_by_the_person_who_is_logged_in(tables: PlayedWorld) -> None:
    found = buyer().post(NEW, GOOD)
    assert (found.status_code, found["Location"]) == (302, "/orders/nordlicht:PO-900/")
    (placed,) = view(tables.desk.entries, tables.desk.views, OrderId.read(PO)).standing(Order)
    assert (placed.fact.by, placed.fact.quantity) == (ANSEL, 16)
    assert "nordlicht:PO-900" in buyer().get("/orders/").content.decode()


def test_a_refused_order_keeps_what_was_typed_and_leaves_an_attempt(tables: PlayedWorld) -> None:
    found = buyer().post(NEW, LAPSED)
    body = found.content.decode()
    assert found.status_code == 409
    (kept,) = attempts(tables.desk)
    assert f'href="/register/{kept.entry.index}/">entry #{kept.entry.index}' in body
    assert f'<option value="{SODALITH}" selected>' in body
    assert 'value="PO-900"' in body
    assert 'name="channel" list="channels" value="direct"' in body
    assert "SUP-01" in body
    assert kept.fact.wanted.by == ANSEL


def test_refused_attempts_stand_in_the_list(tables: PlayedWorld) -> None:
    buyer().post(NEW, LAPSED)
    every = logged_in("quality").get("/orders/").content.decode()
    assert "Refused once." in every
    refused = logged_in("quality").get("/orders/?show=refused").content.decode()
    assert "Purchase without current qualification" in refused
    assert "Sodalith Energy" in refused
    page = logged_in("quality").get("/orders/nordlicht:PO-900/").content.decode()
    assert "refused" in page.lower()


def test_a_number_that_is_taken_is_said_and_nothing_is_recorded(tables: PlayedWorld) -> None:
    buyer().post(NEW, GOOD)
    size = tables.desk.entries.size()
    found = buyer().post(NEW, GOOD)
    assert found.status_code == 422
    assert "already on record" in found.content.decode()
    assert tables.desk.entries.size() == size


@pytest.mark.parametrize(
    ("field", "text", "words"),
    [
        ("order", "", "Give the order a number."),
        ("order", "PO 900 !", "is no identity"),
        ("quantity", "0", "Give a quantity from 1."),
        ("quantity", "many", "Give a quantity from 1."),
        ("quantity", "9" * 40, "Give a quantity from 1."),
        ("channel", " ", "Name the channel"),
        ("channel", "x" * 5_000, "at most 100 letters"),
        ("seller", "urn:voltrail:lot:kestrel:L1", "is no party"),
        ("product", "<b>", "is no identity"),
    ],
)
def test_each_problem_stands_beside_its_field(
    tables: PlayedWorld, field: str, text: str, words: str
) -> None:
    client, size = buyer(), tables.desk.entries.size()
    found = client.post(NEW, {**GOOD, field: text})
    assert found.status_code == 400
    assert words in found.content.decode()
    assert "<b>" not in found.content.decode().partition("<main")[2].partition("</form>")[0]
    assert tables.desk.entries.size() == size


def test_only_buyers_and_administrators_place_orders(tables: PlayedWorld) -> None:
    size = tables.desk.entries.size()
    for role in ("quality", "facilities", "auditor", "security", "it", "ot"):
        client = logged_in(role)
        assert client.post(NEW, GOOD).status_code == 403, role
        assert "Place the order" not in client.get(NEW).content.decode()
    assert logged_in("supplier").get(NEW).status_code == 403
    assert tables.desk.entries.size() == size
    assert logged_in("administrator").post(NEW, GOOD).status_code == 302


def test_the_form_runs_no_script_but_our_own_files(tables: PlayedWorld) -> None:
    body = buyer().get(NEW).content.decode()
    assert body.count("<script") == body.count("<script src=") >= 2
    assert '"allowEval": false' in body
    assert 'hx-params="not csrfmiddlewaretoken"' in body


def test_the_script_of_the_form_is_served_from_here(tables: PlayedWorld) -> None:
    body = buyer().get(NEW).content.decode()
    sources = [part.partition('"')[0] for part in body.split('<script src="')[1:]]
    assert all(finders.find(one.removeprefix("/static/")) for one in sources), sources


# ------------------------------------------------------------------------------------------ API


@pytest.fixture
def shop(room: Room) -> Room:
    lay_groundwork(room.desk, AT)
    return room


def send(room: Room, path: str, body: Any, party: Any = OPERATOR) -> Any:  # noqa: ANN401
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    return room.post(path, data, party)


def test_the_api_answers_and_records_nothing(shop: Room) -> None:
    found = send(shop, "/orders/check", wanted(OPERATOR))
    assert found.status_code == 200, found.content
    told = found.json()
    assert (told["allowed"], told["unmet"], told["tier"]) == (True, [], 3)
    assert {one["control"] for one in told["met"]} >= {"SUP-01", "CHN-01"}
    no = send(shop, "/orders/check", wanted(OPERATOR, channel="broker")).json()
    assert no["allowed"] is False
    assert no["unmet"][0]["role"] == "procurement"
    assert shop.desk.entries.size() == 4


def test_the_api_places_an_order_once(shop: Room) -> None:
    found = send(shop, "/orders", wanted(OPERATOR))
    assert found.status_code == 201, found.content
    assert found.json() == {
        "order": order_of(OPERATOR),
        "index": 4,
        "digest": found.json()["digest"],
    }
    is_problem(send(shop, "/orders", wanted(OPERATOR)), 422, "already on record")
    assert shop.desk.entries.size() == 5


def test_the_api_refuses_with_the_list_and_the_attempt(shop: Room) -> None:
    found = send(shop, "/orders", wanted(OPERATOR, channel="broker"))
    assert found.status_code == 409
    assert found["Content-Type"] == "application/problem+json"
    told = found.json()
    assert told["type"] == "/docs/errors#unmeterror"
    assert told["attempt"] == 4
    assert told["unmet"][0]["control"] == "SUP-01"
    assert told["unmet"][0]["remedy"]
    (kept,) = shop.get("/orders/attempts", OPERATOR).json()["items"]
    assert (kept["index"], kept["channel"], kept["unmet"]) == (4, "broker", told["unmet"])


def test_many_orders_get_an_answer_each(shop: Room) -> None:
    many = [
        wanted(OPERATOR),
        wanted(OPERATOR, order=order_of(OPERATOR, "PO-2"), channel="broker"),
        {"order": "x"},
        wanted(OPERATOR, order=order_of(OPERATOR, "PO-3")),
        wanted(OPERATOR),
    ]
    found = send(shop, "/orders/check", many)
    assert found.status_code == 207
    assert [one["status"] for one in found.json()] == [200, 200, 400, 200, 200]
    found = send(shop, "/orders", many)
    assert [one["status"] for one in found.json()] == [201, 409, 400, 201, 422]
    assert found.json()[1]["problem"]["unmet"][0]["control"] == "SUP-01"
    assert found.json()[1]["problem"]["attempt"] == 5
    assert "result" not in found.json()[1]
    assert shop.desk.entries.size() == 7


def test_only_the_operator_asks_orders_and_reads_attempts(shop: Room) -> None:
    for path in ("/orders", "/orders/check"):
        is_problem(send(shop, path, wanted(OPERATOR), HAFEN), 403, "notpermitted")
        is_problem(shop.client.post(f"/api/v1{path}", b"{}", content_type=JSON), 401)
    is_problem(shop.get("/orders/attempts", HAFEN), 403)
    is_problem(shop.get("/orders/attempts"), 401)
    assert shop.desk.entries.size() == 4


def test_attempts_page_on_newest_first(shop: Room) -> None:
    for number in range(52):
        send(shop, "/orders", wanted(OPERATOR, order=order_of(OPERATOR, f"P{number}"), channel="x"))
    first = shop.get("/orders/attempts", OPERATOR).json()
    rest = shop.get(f"/orders/attempts?cursor={first['next']}", OPERATOR).json()
    told = [one["index"] for one in (*first["items"], *rest["items"])]
    assert told == list(range(55, 3, -1))
    assert rest["next"] == ""
    for cursor in ("x", "WyJ4Il0", "WzEsMl0"):
        is_problem(shop.get(f"/orders/attempts?cursor={cursor}", OPERATOR), 400)


def test_too_many_too_large_or_of_another_type_is_refused(shop: Room) -> None:
    is_problem(send(shop, "/orders", b"[" + b",".join([b"{}"] * 1_001) + b"]"), 413)
    is_problem(send(shop, "/orders", b" " * 1_048_577), 413)
    is_problem(shop.post("/orders", b"{}", OPERATOR, "text/plain"), 415)


@pytest.mark.parametrize(
    "changes",
    [{"quantity": 0}, {"quantity": "4"}, {"quantity": 1.5}, {"seller": "x"}, {"orderedAt": "t"}],
)
def test_a_field_that_does_not_fit_is_named(shop: Room, changes: dict[str, Any]) -> None:
    for path in ("/orders", "/orders/check"):
        is_problem(send(shop, path, wanted(OPERATOR, **changes)), 400, "malformed")
    assert shop.desk.entries.size() == 4


def test_the_api_does_not_believe_who_is_said_to_order(shop: Room) -> None:
    given = wanted(OPERATOR, by="urn:voltrail:person:somebody")
    is_problem(send(shop, "/orders", given), 400, "malformed")


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(["/orders", "/orders/check"]), st.binary(max_size=60))
def test_no_body_makes_the_server_stumble(shop: Room, path: str, data: bytes) -> None:
    assert send(shop, path, data).status_code < 500


def test_a_statement_pack_comes_through_the_api_to_those_who_may_read(room: Room) -> None:
    room.post("/statements", room.lot("A1"))
    found = room.get("/statements/0/pack", KESTREL)
    assert (found.status_code, found["Content-Type"]) == (200, "application/zip")
    pinned, logs = anchors.parse(anchors_file(room.desk))
    assert check_statement(parse(found.content), pinned, logs).recorded.entry.index == 0
    is_problem(room.get("/statements/0/pack", HAFEN), 403)
    is_problem(room.get("/statements/0/pack"), 401)
    is_problem(room.get("/statements/9/pack", OPERATOR), 404)
