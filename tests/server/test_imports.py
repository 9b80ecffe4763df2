"""Lists brought in: seen before they are recorded, recorded once, never read as released."""

import csv
import io
import logging
import zipfile
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

pytest.importorskip("django")

from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from openpyxl import Workbook

from server.table_world import logged_in, tables
from voltrail.actions import bring, show
from voltrail.errors import MalformedError, StaleEvidenceError
from voltrail.ids.subject import OrderId, PartyId, UnitId
from voltrail.projections.fold import view
from voltrail.readers import registry
from voltrail.statements.order import Order, OrderAttempt
from voltrail.statements.party import Party
from voltrail.statements.place import Place
from voltrail.statements.product import Product
from voltrail_server import wiring
from voltrail_server.api import tokens
from voltrail_server.importing import files, imports, plans, workbook
from voltrail_server.importing.command import Wanted, run
from voltrail_server.importing.models import Import, SavedMapping, State
from voltrail_server.jobs.rebuild import rebuild as refolded
from voltrail_server.people import functions
from voltrail_server.people.models import Account
from voltrail_server.work import queue
from voltrail_server.work.models import Work
from voltrail_world.cast import HALL, KESTREL, NORDLICHT, RACK
from world_fixture import NOW, PlayedWorld, clean_shipment

__all__ = ["tables"]

FIRMS = b"number,name,country,roles\nacme,Acme Cells,DE,Hersteller\nbolt,Bolt Trade,NL,broker\n"
STOCK = (
    b"Hersteller;Seriennummer;Standort;Einbaudatum\n"
    b"kestrel;OLD-1;hall-7;17.05.2019\n"
    b"Kestrel Cellworks;OLD-2;Data hall 7;18.05.2019\n"
)


def text(answer: HttpResponse) -> str:
    return " ".join(answer.content.decode().replace("&#x27;", "'").split())


def upload(client: Client, kind: str, data: bytes, name: str = "list.csv") -> HttpResponse:
    file = SimpleUploadedFile(name, data)
    return client.post("/import/upload/", {"kind": kind, "file": file})


def uploaded(client: Client, kind: str, data: bytes, name: str = "list.csv") -> Import:
    answer = upload(client, kind, data, name)
    assert answer.status_code == 302, text(answer)
    return newest()


def newest() -> Import:
    found = Import.objects.order_by("-created_at", "-pk").first()
    assert found is not None
    return found


def chosen(found: Import, **more: str) -> dict[str, str]:
    columns = {
        f"column-{name}": str(one["column"])
        for name, one in found.sources.items()
        if one.get("column") is not None
    }
    return {**columns, **more}


def previewed(client: Client, found: Import, **more: str) -> str:
    answer = client.post(f"/import/{found.pk}/columns/", chosen(found, **more))
    assert answer.status_code == 302, text(answer)
    return text(client.get(f"/import/{found.pk}/"))


def brought(client: Client, kind: str, data: bytes, **more: str) -> Import:
    found = uploaded(client, kind, data)
    if found.state == State.UPLOADED:
        previewed(client, found, **more)
    answer = client.post(f"/import/{found.pk}/confirm/")
    assert answer.status_code == 302, text(answer)
    found.refresh_from_db()
    assert found.state == State.DONE, Work.objects.get(pk=found.work).sentence
    return found


@pytest.fixture(autouse=True)
def _clock(tables: PlayedWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a second pass between any two looks at the clock."""
    ticks = iter(range(1, 1_000_000))
    monkeypatch.setattr(wiring, "now", lambda: NOW + timedelta(seconds=next(ticks)))


def firm(tables: PlayedWorld, name: str) -> Any:  # noqa: ANN401 — a recorded firm
    desk = tables.desk
    return view(desk.entries, desk.views, PartyId.of(name)).newest(Party)


def test_nothing_is_recorded_before_somebody_says_yes(tables: PlayedWorld) -> None:
    client, size = logged_in("procurement"), tables.desk.entries.size()
    found = uploaded(client, "suppliers", FIRMS)
    assert found.state == State.UPLOADED
    seen = text(client.get(f"/import/{found.pk}/"))
    assert "Which column is what?" in seen
    assert "acme, bolt" in seen
    page = previewed(client, found)
    assert "Record the good rows (2)" in page
    assert "Acme Cells" in page
    assert tables.desk.entries.size() == size
    assert tables.desk.blobs.get(found.digest) == FIRMS
    answer = client.post(f"/import/{found.pk}/confirm/")
    assert "Recorded: 2." in text(client.get(answer["Location"]))
    assert tables.desk.entries.size() == size + 2
    one = firm(tables, "acme")
    assert (one.fact.name, one.fact.country) == ("Acme Cells", "DE")
    assert found.digest in one.header.reason
    assert "row 2" in one.header.reason
    assert "See what is on record" in text(client.get(f"/import/{found.pk}/"))


def test_the_same_list_again_records_nothing_and_a_changed_row_says_what_changed(
    tables: PlayedWorld,
) -> None:
    client = logged_in("procurement")
    brought(client, "suppliers", FIRMS, name="SAP")
    size = tables.desk.entries.size()
    same = brought(client, "suppliers", FIRMS)
    assert tables.desk.entries.size() == size
    assert (same.counts["same"], same.counts["recorded"], same.mapping) == (2, 0, "SAP")
    changed = uploaded(client, "suppliers", FIRMS.replace(b"Bolt Trade", b"Bolt Trading"))
    assert changed.state == State.READY, "an identical header takes the saved columns unasked"
    page = text(client.get(f"/import/{changed.pk}/"))
    assert "<del>Bolt Trade</del> → <ins>Bolt Trading</ins>" in page
    client.post(f"/import/{changed.pk}/confirm/")
    assert tables.desk.entries.size() == size + 1
    desk = tables.desk
    facts = view(desk.entries, desk.views, PartyId.of("bolt")).every(Party)
    assert [one.withdrawn_by for one in facts] == [size, None]
    assert facts[1].header.supersedes == facts[0].entry.digest


def test_a_saved_mapping_is_only_offered_for_another_header(tables: PlayedWorld) -> None:
    client = logged_in("procurement")
    brought(client, "suppliers", FIRMS, name="SAP")
    other = b"roles,extra,number,name,country\nbroker,1,cog,Cog AG,CH\n"
    found = uploaded(client, "suppliers", other)
    assert found.state == State.UPLOADED
    page = text(client.get(f"/import/{found.pk}/"))
    assert "Begin from columns that were saved" in page
    client.post(f"/import/{found.pk}/columns/", {"start": "SAP"})
    found.refresh_from_db()
    assert found.sources["name"] == {"column": 3}
    assert SavedMapping.objects.count() == 1


def test_fields_that_the_list_does_not_give_stay_as_they_were(tables: PlayedWorld) -> None:
    client, desk = logged_in("facilities"), tables.desk
    before = view(desk.entries, desk.views, HALL).newest(Place)
    assert before is not None
    rows = b"number,name,class,impact,lead time,environment,time zone,run time\n"
    rows += b"hall-7,Data hall 7,RZ,hoch,lang,klimatisiert,Europe/Berlin,4 Std\n"
    found = brought(client, "places", rows)
    assert found.counts["changed"] == 1
    after = view(desk.entries, desk.views, HALL).newest(Place)
    assert after is not None
    assert str(after.fact.required_run_time) == "4 h"
    assert after.fact.name == before.fact.name
    again = brought(client, "places", rows.replace(b",4 Std", b","))
    assert again.counts["same"] == 1, "an empty cell says nothing"


def test_products_find_their_maker_by_name(tables: PlayedWorld) -> None:
    rows = (
        b"Hersteller,Modell,Baureihe,Zellchemie,Nennkapazit\xe4t [Ah]\n"
        b'Kestrel Cellworks,KX-9,KX,LFP,"280,5"\nnobody,KX-8,KX,LFP,1\n'
    )
    found = brought(logged_in("procurement"), "products", rows)
    assert (found.counts["new"], found.counts["wrong"]) == (1, 1)
    desk = tables.desk
    about = RACK.of("kestrel", "KX-9")
    one = view(desk.entries, desk.views, about).newest(Product)
    assert one is not None
    assert (one.fact.maker, str(one.fact.rated_capacity)) == (KESTREL, "280.5 A.h")


def test_an_order_from_an_unqualified_supplier_is_refused_and_the_attempt_recorded(
    tables: PlayedWorld,
) -> None:
    client, desk = logged_in("procurement"), tables.desk
    rows = (
        b"PO,Item,Supplier,Site,Qty\n"
        b"4711,KR-48,kestrel,hall-7,40\n"
        b"4712,KP-24,tiderace,substation-eider,4\n"
        b"4713,KR-48,kestrel,hall-7,none\n"
        b"4714,KR-48,unheard-of,hall-7,1\n"
    )
    found = uploaded(client, "orders", rows)
    page = previewed(client, found, **{"value-channel": "direct"})
    assert "Would be refused now" in page
    assert "No firm unheard-of is on record." in page
    client.post(f"/import/{found.pk}/confirm/")
    found.refresh_from_db()
    assert (found.counts["recorded"], found.counts["refused"], found.counts["wrong"]) == (1, 2, 1)
    placed = view(desk.entries, desk.views, OrderId.of("nordlicht", "4711"))
    assert placed.newest(Order) is not None
    tried = view(desk.entries, desk.views, OrderId.of("nordlicht", "4714"))
    assert tried.newest(Order) is None
    assert tried.newest(OrderAttempt) is not None
    assert "unheard-of" in text(client.get(f"/import/{found.pk}/"))
    again = brought(client, "orders", rows.replace(b"hall-7,40", b"hall-7,50"))
    assert again.counts["changed"] == 1
    facts = view(desk.entries, desk.views, OrderId.of("nordlicht", "4711")).standing(Order)
    assert [one.fact.quantity for one in facts] == [50]


def test_an_order_on_which_goods_have_come_is_not_changed(tables: PlayedWorld) -> None:
    going = clean_shipment()
    number = going.order.parts[-1]
    rows = f"order,product,seller,place,quantity,channel\n{number},{RACK.key},kestrel,hall-7,9,x\n"
    found = uploaded(logged_in("procurement"), "orders", rows.encode())
    page = previewed(logged_in("procurement"), found)
    assert "Goods have come on order" in page
    assert "nothing to record" in page


def test_existing_stock_is_one_statement_and_reads_as_unproven(tables: PlayedWorld) -> None:
    client, desk = logged_in("facilities"), tables.desk
    size = desk.entries.size()
    found = brought(client, "stock", STOCK)
    assert (found.counts["recorded"], desk.entries.size()) == (2, size + 1)
    page = text(client.get("/units/kestrel:OLD-2/"))
    assert "Unproven, in service before Voltrail" in page
    assert 'href="/places/nordlicht:hall-7/"' in page
    assert "2019-05-18" in page
    assert "hue-release" not in page
    answer = show.may_install(desk, UnitId.of("kestrel", "OLD-1"), NOW)
    assert (answer.allowed, answer.entries) == (False, (size,))
    brought(client, "stock", STOCK)
    assert desk.entries.size() == size + 1
    moved = STOCK.replace(b"OLD-1;hall-7", b"OLD-1;Office on the quay")
    again = uploaded(client, "stock", moved)
    page = previewed(client, again)
    assert "<del>nordlicht:hall-7</del> → <ins>nordlicht:office-kai</ins>" in page
    client.post(f"/import/{again.pk}/confirm/")
    row = show.brought(desk, UnitId.of("kestrel", "OLD-1"))
    assert row is not None
    assert row.place == "nordlicht:office-kai"
    before = desk.views.digest()
    refolded(desk, wiring.now())
    assert desk.views.digest() == before


def test_a_unit_that_was_in_service_and_arrives_again_is_a_clone(tables: PlayedWorld) -> None:
    serial = clean_shipment().delivered[0]
    unit = UnitId.of("kestrel", serial)
    assert show.may_install(tables.desk, unit, NOW).allowed
    rows = f"maker,serial,place\nkestrel,{serial},hall-7\n".encode()
    brought(logged_in("facilities"), "stock", rows)
    answer = show.may_install(tables.desk, unit, NOW)
    assert not answer.allowed
    assert "one is a clone" in answer.sentence
    assert "Do not install" in text(logged_in("quality").get(f"/units/{unit.key}/"))


def test_people_get_accounts_that_nobody_can_log_in_to(tables: PlayedWorld) -> None:
    rows = b"e-mail,name,function\nlena.b@nordlicht.example,Lena Brand,Qualit\xe4t\n"
    assert upload(logged_in("quality"), "people", rows).status_code == 403
    size = tables.desk.entries.size()
    brought(logged_in("administrator"), "people", rows)
    made = Account.objects.get(username="lena.b")
    assert (made.display_name, made.is_active, made.has_usable_password()) == (
        "Lena Brand",
        False,
        False,
    )
    assert [one.function for one in functions.granted(made)] == ["quality"]
    assert "lena" not in made.person
    assert tables.desk.entries.size() == size + 1, "the function is an entry"
    last = tables.desk.entries.entries(size, size + 1)
    assert b"lena" not in b"".join(one.raw for one in last).lower()
    last = Import.objects.get()
    assert tables.desk.blobs.get(last.digest) is None, "names do not go where they cannot be erased"
    assert logged_in("administrator").get(f"/import/{last.pk}/wrong.csv").status_code == 404
    again = brought(logged_in("administrator"), "people", rows.replace(b"Brand", b"Brandt"))
    assert again.counts["changed"] == 1
    assert Account.objects.get(username="lena.b").person == made.person
    assert logged_in("quality").get(f"/import/{again.pk}/").status_code == 403


def test_days_that_read_in_two_ways_are_asked_for(tables: PlayedWorld) -> None:
    client = logged_in("facilities")
    rows = b"maker,serial,place,since\nkestrel,A1,hall-7,03/04/2019\n"
    found = uploaded(client, "stock", rows)
    assert "Say whether the day or the month comes first." in previewed(client, found)
    page = previewed(client, found, **{"day-first": "yes"})
    assert "2019-04-03" in page


def test_wrong_rows_are_taken_away_with_their_reason_and_run_nowhere(tables: PlayedWorld) -> None:
    client = logged_in("procurement")
    rows = b"number,name,country,roles\n=1+1,@x,DE,broker\nok,\tTab,DE,nonsense\n"
    found = uploaded(client, "suppliers", rows)
    previewed(client, found)
    answer = client.get(f"/import/{found.pk}/wrong.csv")
    body = b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]
    told = list(csv.DictReader(io.StringIO(body, newline=""), strict=True))
    assert [one["row"] for one in told] == ["2", "3"]
    assert told[0]["number"] == "'=1+1"
    assert told[0]["name"] == "'@x"
    assert "none of the words known here" in told[1]["what is wrong"]


def test_an_import_may_be_dropped_and_is_then_over(tables: PlayedWorld) -> None:
    client = logged_in("procurement")
    found = uploaded(client, "suppliers", FIRMS)
    assert client.post(f"/import/{found.pk}/drop/").status_code == 302
    assert "Nothing of this file was recorded." in text(client.get(f"/import/{found.pk}/"))
    assert client.post(f"/import/{found.pk}/confirm/").status_code == 409
    assert client.post(f"/import/{found.pk}/columns/", chosen(found)).status_code == 409
    assert client.get(f"/import/{found.pk}/columns/").status_code == 409


def test_a_yes_that_is_sent_twice_is_one_import(tables: PlayedWorld) -> None:
    client = logged_in("procurement")
    found = brought(client, "suppliers", FIRMS)
    size = tables.desk.entries.size()
    assert client.post(f"/import/{found.pk}/confirm/")["Location"] == f"/long-work/{found.work}/"
    assert (Work.objects.count(), tables.desk.entries.size()) == (1, size)


def test_the_first_page_teaches_and_every_example_reads(tables: PlayedWorld) -> None:
    client = logged_in("administrator")
    page = text(client.get("/import/"))
    assert "Begin with your suppliers" in page
    for kind in registry.READERS:
        answer = client.get(f"/import/example/{kind}.csv")
        assert answer.content.count(b"\r\n") == 3
    assert client.get("/import/example/cars.csv").status_code == 400


# ------------------------------------------------------------------------------------ workbooks
def book(*rows: list[Any], more: bool = False) -> bytes:
    made = Workbook()
    for row in rows:
        made.active.append(row)
    if more:
        made.create_sheet("Second")
    kept = io.BytesIO()
    made.save(kept)
    return kept.getvalue()


def with_parts(data: bytes, parts: Mapping[str, bytes]) -> bytes:
    """The same workbook with some parts replaced or added."""
    kept = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as old,
        zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for one in old.infolist():
            if one.filename not in parts:
                new.writestr(one, old.read(one))
        for name, part in parts.items():
            new.writestr(name, part)
    return kept.getvalue()


SHEET = "xl/worksheets/sheet1.xml"


def test_a_workbook_goes_the_same_way(tables: PlayedWorld) -> None:
    data = book(
        ["maker", "serial", "place", "since", "lot"],
        ["kestrel", 1001, "hall-7", date(2019, 3, 4), None],
        [],
        ["kestrel", 1002.0, "hall-7", "=TODAY()", "L1"],
        more=True,
    )
    client = logged_in("facilities")
    found = uploaded(client, "stock", data, "stock.csv")
    assert found.digest != found.rows_digest
    assert "formulas" in found.remarks[0]
    assert "Of 2 worksheets" in found.remarks[1]
    page = previewed(client, found)
    assert "Record the good rows (2)" in page
    assert "2019-03-04" in page
    assert tables.desk.blobs.get(found.digest) == data


def test_a_large_workbook_is_read_by_a_worker(
    tables: PlayedWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imports, "LARGE", 10)
    client = logged_in("procurement")
    data = book(["number", "name", "country", "roles"], ["acme", "Acme", "DE", "broker"])
    answer = upload(client, "suppliers", data)
    found = newest()
    assert (found.state, found.work) == (State.UPLOADED, None)
    assert tables.desk.blobs.get(found.digest) == data
    assert "Record the good rows (1)" in previewed(client, found)
    assert Work.objects.get().title == "Reading list.csv"
    answer = upload(client, "suppliers", b"PK\x03\x04 broken")
    work = Work.objects.first()
    assert work is not None
    assert "The workbook cannot be read." in text(client.get(f"/long-work/{work.pk}/"))
    broken = newest()
    assert broken.state == State.FAILED
    said = text(client.get(f"/import/{broken.pk}/"))
    assert "The workbook cannot be read. " in said.replace("</p><p>", " ")
    assert "Save the list as CSV" in said
    assert "The work that read it" in said
    assert "See how far the reading is" not in said
    assert "Could not be read" in text(client.get("/import/"))
    assert tables.desk.blobs.get(broken.digest) is None
    assert client.post(f"/import/{broken.pk}/drop/").status_code == 302
    assert answer.status_code == 302


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "The file is empty."),
        (b"\xd0\xcf\x11\xe0" + b"0" * 100, "before 2007"),
        (b"%PDF-1.7", "is a PDF"),
        (b"PK\x03\x04 broken", "cannot be read"),
        (b"number,name,country,roles\n", "a header and no rows"),
        (with_parts(book([1]), {"xl/workbook.xml": b""}), "cannot be read"),
        (
            with_parts(book(["a"], ["b"]), {SHEET: b'<!DOCTYPE x [<!ENTITY a "b">]><worksheet/>'}),
            "declares what no list needs",
        ),
        (
            with_parts(book(["a"], ["b"]), {SHEET: b" " * 3_000_000 + b"<!DOCTYPE x><worksheet/>"}),
            "unpacks to far more",
        ),
        (
            with_parts(book(["a"]), {SHEET: b"<?xml version='1.0' encoding='utf-16'?>"}),
            "declares what no list needs",
        ),
        (with_parts(book(["a"]), {SHEET: b"\xff\xfe<\0"}), "declares what no list needs"),
        (with_parts(book(["a"]), {"xl/media/x.bin": b"\0" * 30_000_000}), "unpacks to far more"),
    ],
)
def test_what_is_no_list_is_refused_by_its_content(
    tables: PlayedWorld, data: bytes, sentence: str
) -> None:
    answer = upload(logged_in("procurement"), "suppliers", data, "list.xlsx")
    assert answer.status_code == 400
    assert sentence in text(answer)
    assert Import.objects.count() == 0


def test_a_zip_that_is_no_workbook_is_refused() -> None:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w") as made:
        made.writestr("readme.txt", "hello")
    with pytest.raises(MalformedError, match="no workbook"):
        files.opened(kept.getvalue())


def test_a_workbook_with_far_too_many_rows_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "MAX_ROWS", 2)
    with pytest.raises(MalformedError, match="more than 2 rows"):
        files.opened(book(["a"], ["1"], ["2"], ["3"]))


def test_a_workbook_that_lies_about_its_size_is_read_as_it_is() -> None:
    plain = book(["a", "b"], ["1", "2"])
    with zipfile.ZipFile(io.BytesIO(plain)) as package:
        part = package.read(SHEET)
    lying = part.replace(b'ref="A1:B2"', b'ref="A1:XFD1048576"')
    assert lying != part
    found, _ = files.opened(with_parts(plain, {SHEET: lying}))
    assert (found.columns, found.rows) == (("a", "b"), [["1", "2"]])


# --------------------------------------------------------------------------- programs and commands
def test_a_program_uploads_reads_and_confirms(tables: PlayedWorld) -> None:
    headers = {"Authorization": f"Bearer {tokens.issue(NORDLICHT, 'test')}"}
    rows = FIRMS + b"cog,,CH,broker\n"
    address = "/api/v1/imports?" + urlencode({"kind": "suppliers", "name": "erp.csv"})
    client = Client()
    made = client.post(address, rows, content_type="text/csv", headers=headers)
    assert made.status_code == 201, made.content
    found = made.json()
    assert found["counts"] == {"new": 2, "changed": 0, "same": 0, "wrong": 1}
    assert found["wrong"][0]["row"] == 4
    done = client.post(f"/api/v1/imports/{found['id']}/confirm", headers=headers)
    assert done.status_code == 202
    work = client.get(f"/api/v1/work/{done.json()['work']}", headers=headers).json()
    assert (work["state"], work["result"]["counts"]["recorded"]) == ("done", 2)
    after = client.get(f"/api/v1/imports/{found['id']}", headers=headers).json()
    assert (after["state"], after["counts"]["recorded"]) == ("done", 2)
    people = "/api/v1/imports?kind=people"
    assert client.post(people, b"x", content_type="text/csv", headers=headers).status_code == 422
    named = uploaded(logged_in("administrator"), "people", b"username,name,function\na,A,it\n")
    assert client.post(f"/api/v1/imports/{named.pk}/confirm", headers=headers).status_code == 403
    stranger = {"Authorization": f"Bearer {tokens.issue(KESTREL, 'test')}"}
    assert client.post(address, rows, content_type="text/csv", headers=stranger).status_code == 403


def test_a_program_sends_a_large_workbook_and_takes_saved_columns(
    tables: PlayedWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imports, "LARGE", 10)
    brought(logged_in("procurement"), "suppliers", FIRMS, name="SAP")
    headers = {"Authorization": f"Bearer {tokens.issue(NORDLICHT, 'test')}"}
    data = book(["roles", "number", "name", "country"], ["broker", "acme", "Acme", "DE"])
    sent = {"content_type": "application/octet-stream", "headers": headers}
    made = Client().post("/api/v1/imports?kind=suppliers&mapping=SAP", data, **sent).json()
    assert (made["state"], made["counts"]["changed"]) == ("ready", 1)
    assert made["sources"]["roles"] == {"column": 0}
    lost = Client().post("/api/v1/imports?kind=suppliers&mapping=none", data, **sent).json()
    assert lost["state"] == "uploaded"


def test_an_import_whose_reading_failed_says_so_and_is_not_confirmed(
    tables: PlayedWorld, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(imports, "LARGE", 10)
    headers = {"Authorization": f"Bearer {tokens.issue(NORDLICHT, 'test')}"}
    sent = {"content_type": "application/octet-stream", "headers": headers}
    bomb = with_parts(book(["a"]), {"xl/media/x.bin": b"\0" * 30_000_000})
    with caplog.at_level(logging.WARNING):
        made = Client().post("/api/v1/imports?kind=suppliers", bomb, **sent)
    assert made.status_code == 201, made.content
    address = f"/api/v1/imports/{made.json()['id']}"
    found = Client().get(address, headers=headers).json()
    work = Client().get(f"/api/v1/work/{found['work']}", headers=headers).json()
    assert (found["state"], work["state"]) == ("failed", "failed")
    assert found["problem"] == made.json()["problem"] == f"{work['sentence']} {work['hint']}"
    assert "unpacks to far more" in found["problem"]
    answer = Client().post(f"{address}/confirm", headers=headers)
    assert answer.status_code == 409
    assert "could not be read" in answer.json()["detail"]
    assert "upload a list that can be read" in answer.json()["hint"]
    lines = [one for one in caplog.records if one.name.endswith("work.runner")]
    assert ["unpacks to far more" in one.getMessage() for one in lines] == [True]
    assert lines[0].exc_info is None


def test_a_failed_reading_that_is_tried_again_is_read(
    tables: PlayedWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imports, "LARGE", 10)
    data = book(["number", "name", "country", "roles"], ["acme", "Acme", "DE", "broker"])

    def breaks(_: bytes) -> None:
        raise OSError

    with monkeypatch.context() as broken:
        broken.setattr(files, "opened", breaks)
        made = imports.upload(None, "suppliers", "list.xlsx", data, queue.begin)
    work = imports.failure(made)
    assert (made.state, work is None) == (State.FAILED, False)
    assert work is not None
    queue.again(work)
    after = imports.find(made.pk)
    assert (after.state, imports.failure(after)) == (State.UPLOADED, None)


def test_an_import_that_is_being_read_is_not_confirmed_yet(tables: PlayedWorld) -> None:
    found = imports.upload(None, "suppliers", "list.csv", FIRMS)
    Import.objects.filter(pk=found.pk).update(state=State.READING)
    with pytest.raises(StaleEvidenceError, match="still being read"):
        imports.confirm(None, found)


def test_the_command_refuses_a_list_that_cannot_be_read(
    tables: PlayedWorld, tmp_path: Path
) -> None:
    path = tmp_path / "firms.xlsx"
    path.write_bytes(b"PK\x03\x04 broken")
    with pytest.raises(MalformedError, match="cannot be read") as refusal:
        run(Wanted("suppliers", str(path)))
    assert refusal.value.hint
    assert not Import.objects.exists()


def test_the_command_shows_first_and_records_when_told(
    tables: PlayedWorld,
    tmp_path: Any,  # noqa: ANN401 — a folder
) -> None:
    path = tmp_path / "firms.csv"
    path.write_bytes(FIRMS)
    size = tables.desk.entries.size()
    shown = run(Wanted("suppliers", str(path), check=True))
    assert (shown["counts"]["new"], shown["recorded"]) == (2, False)
    assert tables.desk.entries.size() == size
    done = run(Wanted("suppliers", str(path)))
    assert (done["recorded"], done["counts"]["recorded"]) == (True, 2)
    assert tables.desk.entries.size() == size + 2


def test_what_came_to_stand_meanwhile_is_not_said_again(tables: PlayedWorld) -> None:
    client, desk = logged_in("procurement"), tables.desk
    first = uploaded(client, "suppliers", FIRMS)
    previewed(client, first)
    found = plans.plan(imports.find(first.pk)).changes
    brought(client, "suppliers", FIRMS)
    size = desk.entries.size()
    origin = bring.Origin("0" * 64, None, wiring.now())
    assert bring.bring(desk, found, origin, wiring.now()) == (None, None)
    assert desk.entries.size() == size
