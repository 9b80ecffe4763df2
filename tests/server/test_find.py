"""The one box: scans and words lead to what they mean; many meanings are shown, none explained."""

from collections.abc import Iterator
from urllib.parse import quote

import pytest

pytest.importorskip("django")

from django.test import Client

from server.signing_site import text
from server.site_world import logged_in, site_desk, world_client
from voltrail.actions.desk import Desk
from voltrail.ids.subject import PartyId
from voltrail.projections import owners
from voltrail.projections.identities import Meant
from voltrail.wording import worded
from voltrail_world.story import stories
from world_fixture import NOW

__all__ = ["site_desk", "world_client"]

GOODS = stories()[1].shipment
SERIAL = GOODS.delivered[0]


def led(client: Client, typed: str) -> str:
    return client.get(f"/find/?q={quote(typed)}").headers.get("Location", "")


@pytest.mark.parametrize(
    "typed",
    [
        SERIAL,
        SERIAL.lower(),
        f"]C1{SERIAL}\r",
        f"(01)09506000134352(21){SERIAL}",
        f"https://id.kestrel.example/01/09506000134352/21/{SERIAL}",
        f"kestrel:{SERIAL}",
    ],
)
def test_a_scanned_serial_leads_to_the_unit(world_client: Client, typed: str) -> None:
    assert led(world_client, typed) == f"/units/kestrel:{SERIAL}/"


def test_a_code_with_lot_and_serial_offers_both(world_client: Client) -> None:
    code = f"(01)09506000134352(10){GOODS.lot.parts[1]}(21){SERIAL}"
    page = text(world_client.get(f"/find/?q={quote(code)}"))
    assert "more than one thing" in page
    assert f"/units/kestrel:{SERIAL}/" in page
    assert f"/lots/{GOODS.lot.key}/" in page


def test_a_statement_is_found_by_its_digest(world_client: Client, site_desk: Desk) -> None:
    digest = site_desk.entries.at([7])[0].parsed.envelope
    assert led(world_client, digest) == "/register/7/"


def test_a_certificate_is_found_by_its_number(world_client: Client, site_desk: Desk) -> None:
    key = next(iter(site_desk.views.keys("urn:voltrail:document:")))
    number = key.rpartition(":")[2]
    assert led(world_client, number) == f"/subjects/{key}/"


def test_the_beginning_of_a_number_shows_what_comes_close(world_client: Client) -> None:
    page = text(world_client.get("/find/?q=L26-1"))
    assert "These come close" in page
    assert "kestrel:L26-101" in page


@pytest.mark.parametrize("typed", ["nothing-like-this", "%", "'; drop", "ü" * 300, "]C1", "\x1d"])
def test_what_nobody_knows_is_explained_and_breaks_nothing(
    world_client: Client, typed: str
) -> None:
    answer = world_client.get(f"/find/?q={quote(typed)}")
    assert answer.status_code == 200
    assert "<h1>" in answer.content.decode()


def test_the_box_asks_a_bounded_number_of_questions(
    site_desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    from voltrail_server.reading import find as reading  # noqa: PLC0415 — Django is ready

    counted = list(counting(site_desk, monkeypatch))
    reading.find("nothing-like-this", NOW.date())
    assert len(counted[0]) < 9 * owners.MOST * 3


def counting(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    asked: list[str] = []
    keys = desk.views.keys

    def counted(*given: object) -> object:
        asked.append(str(given))
        return keys(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(desk.views, "keys", counted)
    yield asked


def test_the_api_finds_the_same(site_desk: Desk) -> None:
    found = logged_in("auditor").get(f"/api/v1/find?q={SERIAL}").json()
    assert [one["kind"] for one in found["exact"]] == ["unit"]


GTIN = "09521234000013"


def test_the_box_says_how_a_code_was_read(world_client: Client) -> None:
    page = text(world_client.get(f"/find/?q={quote(f'(01){GTIN}(21)nobody-has-this')}"))
    assert "One trade item (GTIN with serial)" in page
    assert "check digit right" in page
    assert f"https://id.gs1.org/01/{GTIN}/21/nobody-has-this" in page


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (f"(01){GTIN[:-1]}4(21){SERIAL}", "3 would be right"),
        (f"https://id.example/21/{SERIAL}/01/{GTIN}", "21 stands before the key"),
        ("\u041a\u0421-0001", "CYRILLIC CAPITAL LETTER KA"),
        ("0000003B3C0221953001CB24", "001CB240000003B3C0221953"),
    ],
)
def test_what_is_wrong_with_a_code_is_said_above_the_hits(
    world_client: Client, typed: str, said: str
) -> None:
    assert said in text(world_client.get(f"/find/?q={quote(typed)}"))


def test_a_wrong_code_is_read_before_its_serial_is_followed(world_client: Client) -> None:
    wrong = f"(01){GTIN[:-1]}4(21){SERIAL}"
    page = text(world_client.get(f"/find/?q={quote(wrong)}"))
    assert f"/units/kestrel:{SERIAL}/" in page


def test_plain_words_are_not_said_to_be_a_code(world_client: Client) -> None:
    assert "Canonical form" not in text(world_client.get("/find/?q=nothing-like-this"))


def test_the_api_says_how_a_code_was_read(site_desk: Desk) -> None:
    client = logged_in("auditor")
    code = f"(01){GTIN}(21)K1"
    found = client.get(f"/api/v1/find?q={quote(code)}").json()["code"]
    assert (found["scheme"], found["refusal"]) == ("sgtin", "")
    assert [one["name"] for one in found["parts"]] == ["gtin", "serial"]
    refused = client.get(f"/api/v1/find?q={quote(code.replace('13(', '14('))}").json()["code"]
    assert "3 would be right" in refused["refusal"]
    assert client.get("/api/v1/find?q=nothing-like-this").json()["code"] is None


def test_two_firms_that_claim_one_number_are_both_shown(
    world_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    from voltrail_server.reading import find as reading  # noqa: PLC0415 — Django is ready

    clash = worded("Two claim it.")
    both = Meant((PartyId.of("kestrel"), PartyId.of("tiderace")), (7,), clash, is_owned=True)
    monkeypatch.setattr(reading.identities, "meant", lambda *_: both)
    page = text(world_client.get("/find/?q=5493001KJTIIGC8Y1R12"))
    assert "Contradiction" in page
    assert "Two claim it." in page
    assert "party: kestrel" in page.casefold() or ">kestrel<" in page
    assert ">tiderace<" in page
    assert 'href="/register/7/"' in page


def test_a_code_whose_unit_nobody_recorded_is_not_taken_for_another_maker_s(
    world_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    from voltrail_server.reading import find as reading  # noqa: PLC0415 — Django is ready

    monkeypatch.setattr(reading.identities, "meant", lambda *_: Meant(is_owned=True))
    page = text(world_client.get(f"/find/?q={quote(f'(01){GTIN}(21){SERIAL}')}"))
    assert "Nothing on record is called that" in page
    assert f"/units/kestrel:{SERIAL}/" not in page


def test_a_label_of_a_unit_that_nobody_recorded_leads_nowhere(world_client: Client) -> None:
    assert led(world_client, "https://id.example/u/kestrel/nobody-has-this") == ""
