"""Every page over the played world: it answers, in our words, with nothing the policy forbids."""

import re
from urllib.parse import quote

import pytest

pytest.importorskip("django")

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from msgspec import structs

from server.site_world import logged_in, site_desk, world_client
from voltrail.actions.desk import Desk
from voltrail.projections.store import ArrivalRow
from voltrail_server.reading import arrivals
from voltrail_server.records import models

__all__ = ["site_desk", "world_client"]

LISTS = ["/arrivals/", "/lots/", "/orders/", "/parties/", "/places/", "/register/"]
FIXED = [
    "/",
    *LISTS,
    "/policy/",
    "/threats/",
    "/register/hand-in/",
    "/arrivals/?disposition=reject",
]
FORBIDDEN = re.compile(
    r"<[^>]*\sstyle=|<style|<script(?![^>]*\ssrc=)|<[^>]*\son[a-z]+=|https?://(?!in-toto)"
)
WORDS = {"release": "Release", "quarantine": "Quarantine", "reject": "Reject", "isolate": "Isolate"}


def key(subject: str) -> str:
    return subject.split(":", 3)[3]


def text_of(client: Client, address: str, status: int = 200) -> str:
    found = client.get(address)
    assert found.status_code == status, (address, found.content[:500])
    assert "default-src 'none'" in found["Content-Security-Policy"]
    return found.content.decode()


@pytest.mark.parametrize("address", FIXED)
def test_each_fixed_page_answers_without_inline_code(world_client: Client, address: str) -> None:
    body = text_of(world_client, address)
    assert not FORBIDDEN.search(body)
    assert "Skip to the content" in body


def test_each_arrival_page_says_its_word_sentence_and_layers(
    world_client: Client, site_desk: Desk
) -> None:
    for row in site_desk.views.rows():
        body = text_of(world_client, f"/arrivals/{key(row.arrival)}/")
        assert WORDS[row.disposition] in body
        assert "What would change it" in body or row.disposition == "release"
        assert f"/register/{row.decided}/" in body
        assert all(layer in body for layer in ("supplier", "custody", "attestation"))
        assert "voltrail pack check" in body
        assert not FORBIDDEN.search(body)


def test_an_older_decision_has_its_own_page(world_client: Client, site_desk: Desk) -> None:
    row = next(iter(site_desk.views.rows()))
    address = f"/arrivals/{key(row.arrival)}/decisions/"
    assert "Findings" in text_of(world_client, f"{address}{row.decided}/")
    assert "no decision about that arrival" in text_of(world_client, f"{address}0/", 404)


def test_each_entry_can_be_read_and_taken_away(world_client: Client, site_desk: Desk) -> None:
    for index in range(0, site_desk.entries.size(), 23):
        assert "in-toto.io/Statement" in text_of(world_client, f"/register/{index}/")
        (entry,) = site_desk.entries.at([index])
        assert world_client.get(f"/register/{index}/statement.json").content == entry.raw
        receipt = world_client.get(f"/api/v1/statements/{index}/receipt")
        assert receipt["Content-Type"].startswith("application/cose")
        assert b"tlog-proof" in world_client.get(f"/register/{index}/proof.txt").content
    assert "has no entry" in text_of(world_client, f"/register/{site_desk.entries.size()}/", 404)


def test_files_for_auditors_are_handed_out(world_client: Client, site_desk: Desk) -> None:
    row = next(iter(site_desk.views.rows()))
    pack = world_client.get(f"/arrivals/{key(row.arrival)}/pack.zip")
    assert pack["Content-Type"] == "application/zip"
    assert pack.content.startswith(b"PK")
    assert world_client.get("/checkpoint").status_code == 200
    assert b"anchors" in world_client.get("/anchors.json").content


def test_subject_pages_show_facts_and_arrivals(world_client: Client, site_desk: Desk) -> None:
    row = next(iter(site_desk.views.rows()))
    for desk, subject in [
        ("lots", row.lot),
        ("orders", row.order),
        ("parties", row.seller),
        ("places", row.place),
    ]:
        body = text_of(world_client, f"/{desk}/{key(subject)}/")
        assert subject in body
        assert "What is stated" in body
    assert row.product in text_of(world_client, f"/subjects/{row.product}/")


def test_the_search_box_leads_to_what_it_names(world_client: Client, site_desk: Desk) -> None:
    row = next(iter(site_desk.views.rows()))
    found = {
        row.lot: f"/lots/{key(row.lot)}/",
        row.product: f"/subjects/{row.product}/",
        "#12": "/register/12/",
        key(row.arrival).rpartition(":")[2]: f"/arrivals/{key(row.arrival)}/",
        key(row.order).rpartition(":")[2]: f"/orders/{key(row.order)}/",
        "hall-7": "/places/nordlicht:hall-7/",
        "KESTREL": "/parties/kestrel/",
        "Eider": "/places/nordlicht:substation-eider/",
    }
    for asked, led in found.items():
        assert world_client.get(f"/find/?q={quote(asked)}")["Location"] == led
    assert "is no identity" in text_of(world_client, "/find/?q=urn:voltrail:nothing")


def test_a_missing_subject_is_said_calmly(world_client: Client) -> None:
    body = text_of(world_client, "/arrivals/nobody:1/", 404)
    assert "No arrival urn:voltrail:arrival:nobody:1 is on record." in body
    assert "delivery note" in body
    text_of(world_client, "/nowhere/", 404)


def test_a_damaged_page_mark_is_refused(world_client: Client) -> None:
    for cursor in ("x", "WzFd", "bm9wZQ", "W251bGwsIG51bGxd"):
        text_of(world_client, f"/arrivals/?cursor={cursor}", 400)


def test_filters_narrow_and_texts_match_from_the_start(
    world_client: Client, site_desk: Desk
) -> None:
    rows = list(site_desk.views.rows())
    held = arrivals.listing(arrivals.Filter(disposition="quarantine"))
    assert len(held.items) == sum(row.disposition == "quarantine" for row in rows)
    one = arrivals.listing(arrivals.Filter(text=key(rows[0].arrival)))
    assert [row.arrival for row in one.items] == [rows[0].arrival]


def _many(row: ArrivalRow, count: int) -> None:
    models.ArrivalRow.objects.bulk_create(
        models.ArrivalRow(
            **structs.asdict(
                structs.replace(
                    row, arrival=f"{row.arrival}-{n:04}", received_at=f"2026-12-01T{n:06}Z"
                )
            )
        )
        for n in range(count)
    )


@pytest.mark.parametrize("sort", ["newest", "oldest", "arrival"])
def test_paging_shows_every_row_once(site_desk: Desk, sort: str) -> None:
    _many(next(iter(site_desk.views.rows())), 120)
    seen, cursor = [], ""
    while True:
        page = arrivals.listing(arrivals.Filter(), sort, cursor)
        seen += [row.arrival for row in page.items]
        cursor = page.next_cursor
        if not cursor:
            break
    assert len(seen) == len(set(seen)) == 120 + len(list(site_desk.views.rows()))


@pytest.mark.parametrize("address", LISTS)
def test_a_list_asks_as_often_for_many_rows_as_for_few(
    world_client: Client, site_desk: Desk, address: str
) -> None:
    world_client.get(address)  # names on record are kept once they were read
    with CaptureQueriesContext(connection) as few:
        world_client.get(address)
    _many(next(iter(site_desk.views.rows())), 600)
    with CaptureQueriesContext(connection) as many:
        body = text_of(world_client, address)
    assert len(many) == len(few) <= 8
    assert address != "/arrivals/" or "500+" in body


def test_a_policy_can_be_compared_drafted_and_tried(world_client: Client, site_desk: Desk) -> None:
    (index,) = [one.entry.index for one in site_desk.policies()]
    draft = world_client.get(f"/policy/{index}/draft.json").content
    tried = world_client.post("/policy/simulate/", {"file": SimpleUploadedFile("p.json", draft)})
    assert b"No arrival would be judged otherwise" in tried.content
    digest = re.search(r"<code>([0-9a-f]{64})</code>", text_of(world_client, "/policy/"))[1]
    same = text_of(world_client, f"/policy/compare/?old={digest}&new={digest}")
    assert "the same rules" in same


def test_only_some_roles_may_hand_in_a_policy(site_desk: Desk) -> None:
    empty = SimpleUploadedFile("p.json", b"{}")
    told = logged_in("facilities").post("/policy/propose/", {"file": empty})
    assert told.status_code == 403
    assert b"may not do this" in told.content
    assert logged_in("security").post("/policy/propose/", {}).status_code == 400


def test_a_nul_in_what_was_typed_is_refused_calmly(world_client: Client) -> None:
    answer = world_client.get("/arrivals/", {"begins": "a\0b"})
    assert answer.status_code == 400
    assert "NUL" in answer.content.decode()
