"""Lists as CSV: whole, with the list's own filters, as no spreadsheet runs them."""

import csv
import io
from typing import Any

import pytest

pytest.importorskip("django")

from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import asdict, replace
from openpyxl import load_workbook

from server.table_world import logged_in, tables
from voltrail.actions.order import Wanted, place_order
from voltrail.errors import UnmetError
from voltrail.ids.subject import OrderId, PartyId
from voltrail.statements.party import Party, Role
from voltrail.statements.statement import Header
from voltrail_server.api import tokens
from voltrail_server.api.models import ApiToken
from voltrail_server.exporting import shelf, taking
from voltrail_server.panels import sheet
from voltrail_server.records import models
from voltrail_server.work.models import State, Work
from voltrail_world.cast import KESTREL, NORDLICHT, PACK, SUBSTATION, TIDERACE
from world_fixture import NOW, PlayedWorld

__all__ = ["tables"]

STRANGER = PartyId.of("stranger")


def read(found: Any) -> list[dict[str, str]]:  # noqa: ANN401 — Django's response
    assert found.status_code == 200, found.content
    assert found.streaming
    assert found["Content-Type"].startswith("text/csv; charset=utf-8")
    text = b"".join(found.streaming_content).decode("utf-8")
    assert not text.startswith("\ufeff")
    assert text.endswith("\r\n")
    return list(csv.DictReader(io.StringIO(text, newline=""), strict=True))


def sheet_of(address: str) -> list[dict[str, str]]:
    return read(logged_in("auditor").get(address))


def refuse(seen: PlayedWorld) -> None:
    wanted = Wanted(OrderId.of("nordlicht", "PX-1"), PACK, TIDERACE, SUBSTATION, 1, "broker")
    with pytest.raises(UnmetError):
        place_order(seen.desk, wanted, NOW)


def test_arrivals_come_whole_with_names_and_filters(tables: PlayedWorld) -> None:
    row = next(iter(tables.desk.views.rows()))
    models.ArrivalRow.objects.bulk_create(
        models.ArrivalRow(**asdict(replace(row, arrival=f"{row.arrival}-{n:04}")))
        for n in range(1_100)
    )
    assert len(sheet_of("/arrivals.csv")) == 1_102
    held = sheet_of("/arrivals.csv?disposition=quarantine&sort=oldest&cursor=ignored")
    assert [one["disposition"] for one in held] == ["quarantine"]
    assert held[0]["seller_name"] == "Tiderace Power Supply"
    assert held[0]["place"] == SUBSTATION
    assert sheet_of("/arrivals.csv?place=nordlicht:nowhere") == []


@pytest.mark.parametrize(
    ("address", "column", "value"),
    [
        ("/lots.csv", "maker_name", "Kestrel Cellworks"),
        ("/orders.csv", "place_name", "Eider substation"),
        ("/parties.csv", "name", "Brackwater Trading"),
        ("/places.csv", "name", "Office on the quay"),
        ("/register.csv", "issuer_name", "Nordlicht Grid & Data"),
    ],
)
def test_each_list_has_its_file(tables: PlayedWorld, address: str, column: str, value: str) -> None:
    found = sheet_of(address)
    assert value in [one[column] for one in found]
    assert logged_in("auditor").get(address)["Content-Disposition"].endswith('.csv"')


def test_the_register_comes_newest_first_and_whole(tables: PlayedWorld) -> None:
    found = [int(one["entry"]) for one in sheet_of("/register.csv")]
    assert found == list(range(tables.desk.entries.size() - 1, -1, -1))


def test_a_list_that_was_narrowed_comes_narrowed(tables: PlayedWorld) -> None:
    assert [one["party"] for one in sheet_of("/parties.csv?text=tide")] == [TIDERACE]


def test_refused_orders_have_a_file_of_their_own(tables: PlayedWorld) -> None:
    refuse(tables)
    (one,) = sheet_of("/orders.csv?show=refused")
    assert (one["channel"], one["seller_name"]) == ("broker", "Tiderace Power Supply")
    assert "Purchase without current qualification" in one["unmet"]
    told = {one["order"]: one for one in sheet_of("/orders.csv")}
    refused = told["urn:voltrail:order:nordlicht:PX-1"]
    assert (refused["refused_attempts"], refused["entry"]) == ("1", "")


@pytest.mark.parametrize(
    "name",
    ["=HYPERLINK(1)", "+1", "-1+cmd|'/c calc'!A0", "@SUM(A1)", " =1", "＝1+1", "\u200b=1", "\t=1"],
)
def test_a_name_that_is_a_formula_is_text(tables: PlayedWorld, name: str) -> None:
    fact = Party(STRANGER, name, "SE", (Role.BROKER,))
    tables.hand_in(tables.world.say(fact, Header(NORDLICHT, NOW), STRANGER))
    (found,) = [one for one in sheet_of("/parties.csv") if one["party"] == STRANGER]
    assert found["name"] == f"'{name}"


@given(st.lists(st.lists(st.text(), min_size=2, max_size=2), max_size=5))
def test_whatever_is_in_a_cell_reads_back_and_begins_no_formula(rows: list[list[str]]) -> None:
    text = "".join(sheet.lines(("a", "b"), rows))
    found = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    assert found[0] == ["a", "b"]
    for cells, read_back in zip(rows, found[1:], strict=True):
        for cell, got in zip(cells, read_back, strict=True):
            assert got in (cell, f"'{cell}")
            assert not got.strip().startswith(("=", "+", "-", "@"))


def book_of(address: str) -> list[dict[str, Any]]:
    answer: Any = logged_in("auditor").get(address)
    assert answer.status_code == 200
    assert answer["Content-Disposition"].endswith('.xlsx"')
    return cells_of(b"".join(answer.streaming_content))


def cells_of(data: bytes) -> list[dict[str, Any]]:
    page = load_workbook(io.BytesIO(data)).active
    assert page is not None
    assert (page.freeze_panes, page.print_title_rows) == ("A2", "$1:$1")
    assert "f" not in {cell.data_type for row in page.iter_rows() for cell in row}
    head, *rows = page.iter_rows(values_only=True)
    return [dict(zip(map(str, head), row, strict=True)) for row in rows]


@pytest.mark.parametrize("name", ["arrivals", "lots", "orders", "parties", "places", "register"])
def test_each_list_comes_as_a_workbook_with_the_same_cells(tables: PlayedWorld, name: str) -> None:
    plain = sheet_of(f"/{name}.csv")
    found = book_of(f"/{name}.xlsx")
    assert [{key: value or "" for key, value in one.items()} for one in found] == plain
    page = logged_in("auditor").get(f"/{name}/").content.decode()
    assert f'href="/{name}.xlsx' in page


def test_a_workbook_keeps_the_filter_and_runs_no_formula(tables: PlayedWorld) -> None:
    fact = Party(STRANGER, "=HYPERLINK(1)\x01", "SE", (Role.BROKER,))
    tables.hand_in(tables.world.say(fact, Header(NORDLICHT, NOW), STRANGER))
    (found,) = book_of("/parties.xlsx?text=stranger&cursor=ignored")
    assert found["name"] == "'=HYPERLINK(1)\ufffd"


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_a_long_list_is_written_by_a_worker_and_kept_a_week(
    tables: PlayedWorld, monkeypatch: pytest.MonkeyPatch, ending: str
) -> None:
    monkeypatch.setattr(taking, "LONG", 1)
    client = logged_in("auditor")
    answer = client.get(f"/arrivals.{ending}?sort=oldest")
    assert answer.status_code == 302
    work = Work.objects.get()
    assert (work.state, work.done, work.counted) == (State.DONE, 2, "rows")
    assert 'href="/long-work/' in client.get(answer["Location"]).content.decode()
    given: Any = client.get(work.link)
    data = b"".join(given.streaming_content)
    text = data.decode() if ending == "csv" else ""
    rows = cells_of(data) if ending == "xlsx" else list(csv.DictReader(io.StringIO(text)))
    assert len(rows) == 2
    assert f'filename="arrivals.{ending}"' in given["Content-Disposition"]
    assert logged_in("quality").get(work.link).status_code == 403
    shelf.place(work.pk, ending).touch()
    monkeypatch.setattr(shelf.time, "time", lambda: 4e9)
    assert shelf.tidy() >= 1
    assert client.get(work.link).status_code == 404


def test_a_long_list_asked_for_twice_is_written_once(
    tables: PlayedWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(taking, "LONG", 1)
    client = logged_in("auditor")
    client.get("/arrivals.csv?tier=")
    Work.objects.update(state=State.RUNNING)
    first = Work.objects.get()
    assert client.get("/arrivals.csv?tier=")["Location"] == f"/long-work/{first.pk}/"
    client.get("/register.csv")
    assert Work.objects.count() == 2


@pytest.mark.parametrize(
    ("accept", "asked", "is_csv"),
    [
        ("text/csv", "json", True),
        ("text/csv; charset=utf-8, */*", "json", True),
        ("*/*", "csv", True),
        ("application/json, text/csv", "json", False),
        ("", "json", False),
    ],
)
def test_a_program_asks_for_csv_in_two_ways(accept: str, asked: str, is_csv: bool) -> None:  # noqa: FBT001
    assert sheet.wanted(accept, asked) is is_csv


def bearer(party: PartyId) -> dict[str, str]:
    return {"Authorization": f"Bearer {tokens.issue(party, 'test')}"}


def test_the_api_gives_arrivals_as_csv(tables: PlayedWorld) -> None:
    client, headers = Client(), bearer(NORDLICHT)
    found = read(client.get("/api/v1/arrivals?format=csv&disposition=quarantine", headers=headers))
    assert [one["disposition"] for one in found] == ["quarantine"]
    assert found[0]["seller_name"] == "Tiderace Power Supply"
    again = client.get("/api/v1/arrivals", headers={**headers, "Accept": "text/csv"})
    assert len(read(again)) == 2
    assert client.get("/api/v1/arrivals?format=xml", headers=headers).status_code == 422
    ApiToken.objects.all().delete()


def test_a_firm_gets_neither_others_arrivals_nor_the_operators_names(tables: PlayedWorld) -> None:
    found = read(Client().get("/api/v1/arrivals?format=csv", headers=bearer(KESTREL)))
    assert found == []
    ApiToken.objects.all().delete()


def test_the_api_names_what_it_lists_to_the_operator(tables: PlayedWorld) -> None:
    found = Client().get("/api/v1/arrivals", headers=bearer(NORDLICHT)).json()["items"]
    assert {one["sellerName"] for one in found} == {"Tiderace Power Supply"}
    assert found[0]["seller"] == TIDERACE
    ApiToken.objects.all().delete()


def test_outside_firms_get_no_file(tables: PlayedWorld) -> None:
    for address in ("/arrivals.csv", "/register.csv", "/orders.csv"):
        assert logged_in("supplier").get(address).status_code == 403
        assert Client().get(address).status_code == 302


def test_each_list_has_a_button_that_keeps_its_filter(tables: PlayedWorld) -> None:
    body = logged_in("auditor").get("/arrivals/?disposition=quarantine&cursor=").content.decode()
    assert 'href="/arrivals.csv?disposition=quarantine"' in body
    for address in ("/lots/", "/orders/", "/parties/", "/places/", "/register/"):
        assert f'href="{address[:-1]}.csv' in logged_in("auditor").get(address).content.decode()


def test_filters_stay_when_one_pages_on(tables: PlayedWorld) -> None:
    row = next(one for one in tables.desk.views.rows() if one.place == SUBSTATION)
    models.ArrivalRow.objects.bulk_create(
        models.ArrivalRow(**asdict(replace(row, arrival=f"{row.arrival}-{n:04}")))
        for n in range(60)
    )
    client = logged_in("auditor")
    body = client.get(f"/arrivals/?place={SUBSTATION.key}&tier=2&sort=oldest").content.decode()
    link = body.partition('class="next" href="')[2].partition('"')[0].replace("&amp;", "&")
    assert "cursor=" in link
    second = client.get(f"/arrivals/{link}").content.decode()
    assert f'name="place" value="{SUBSTATION}"' in second
    assert "<option selected>2</option>" in second
    assert '<option value="oldest" selected>' in second
    assert second.count('class="subject"') == 62 - 50
