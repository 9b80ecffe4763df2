"""Goods are moved by scan on a page, with seals and permissions, and found again by anybody."""

import json
from typing import Any

import pytest

pytest.importorskip("django")

from django.test import Client

from server.access_site import access, posts, site
from server.signing_site import Site, text
from server.test_scan import photo
from voltrail.ids.subject import PlaceId, UnitId
from voltrail.labels import link
from voltrail.labels.link import Label
from voltrail.statements.place import Environment, Grade, Place, PlaceClass
from voltrail.statements.statement import Header
from voltrail_server.api import tokens
from voltrail_server.people import bindings
from voltrail_server.people.models import Account
from voltrail_world.cast import ANSEL, KESTREL, MERET, NORDLICHT, RUNA
from world_fixture import NOW, clean_shipment

__all__ = ["access", "site"]

GOODS = clean_shipment()
ONE, TWO = (UnitId.of("kestrel", serial) for serial in GOODS.delivered[:2])
CAGE = PlaceId.of("nordlicht", "cage-1")


@pytest.fixture
def dock(access: Site) -> Site:
    """Goods at the dock, and a cage beside it."""
    access.seen.deliver(GOODS)
    fact = Place(
        CAGE,
        "The cage",
        PlaceClass.WAREHOUSE,
        NORDLICHT,
        Grade.LOW,
        Grade.LOW,
        Environment.CONTROLLED,
        "UTC",
    )
    access.seen.hand_in(access.seen.world.say(fact, Header(NORDLICHT, NOW), CAGE))
    return access


def form(*units: UnitId, **more: Any) -> dict[str, Any]:  # noqa: ANN401 — form data
    given = {"place": str(CAGE), "verb": "store", "unit": [str(one) for one in units]}
    return {**given, **more}


def recorded(dock: Site, *units: UnitId, **more: Any) -> str:  # noqa: ANN401 — form data
    answer = posts(dock, "meret", "/moves/record/", **form(*units, **more))
    assert answer.status_code == 302
    return str(answer["Location"])


def test_scans_come_one_after_another_and_nothing_is_recorded(dock: Site) -> None:
    size = dock.desk.entries.size()
    page = dock.browser("meret")
    assert "Where are you?" in text(page.get("/moves/"))
    here = text(posts(dock, "meret", "/moves/", text=CAGE.key))
    assert "The cage" in here
    first = posts(dock, "meret", "/moves/", place=str(CAGE), text=ONE.parts[1])
    assert "1 unit in hand" in text(first)
    shot = photo(link.address(Label(TWO), "any.example"))
    both = text(posts(dock, "meret", "/moves/", place=str(CAGE), unit=[str(ONE)], photo=shot))
    assert "2 units in hand" in both
    fewer = text(posts(dock, "meret", "/moves/", **form(ONE, TWO, drop=str(TWO))))
    assert "1 unit in hand" in fewer
    strange = posts(dock, "meret", "/moves/", place=str(CAGE), unit=[str(ONE)], text="K-NEVER")
    assert (strange.status_code, "1 unit in hand" in text(strange)) == (404, True)
    assert dock.desk.entries.size() == size


def test_a_container_code_is_told_from_a_unit_and_one_read_wrong_is_refused(dock: Site) -> None:
    page = text(posts(dock, "meret", "/moves/", place=str(CAGE), text="00095201230000000011"))
    assert "https://id.gs1.org/00/095201230000000011" in page
    wrong = posts(dock, "meret", "/moves/", place=str(CAGE), text="00095201230000000016")
    assert (wrong.status_code, "check digit of SSCC" in text(wrong)) == (400, True)


def test_a_frame_of_the_camera_is_read_and_not_kept(dock: Site) -> None:
    shot = photo(link.address(Label(ONE), "any.example"))
    found = posts(dock, "meret", "/moves/frame/", photo=shot)
    assert len(found.json()["codes"]) == 1
    assert posts(dock, "meret", "/moves/frame/").json() == {"codes": []}


def test_a_move_is_recorded_shown_found_again_and_undone(dock: Site) -> None:
    address = recorded(dock, ONE, TWO, seals_set="S-1")
    page = dock.browser("meret")
    assert "2 units are on record at" in text(page.get(address))
    assert "In store" in text(page.get(f"/units/{ONE.key}/"))
    here = text(page.get(f"/places/{CAGE.key}/"))
    assert ONE.key in here
    lot = text(page.get(f"/lots/{GOODS.lot.key}/units/"))
    assert "In store" in lot
    assert CAGE.key in lot
    answer = posts(dock, "meret", f"{address}undo/", why="Another shelf.")
    assert answer.status_code == 302
    assert "undone" in text(page.get(address))
    assert "In store" not in text(page.get(f"/units/{ONE.key}/"))


def test_the_list_of_a_lot_is_filtered_paged_and_taken_away(dock: Site) -> None:
    recorded(dock, ONE)
    page, address = dock.browser("meret"), f"/lots/{GOODS.lot.key}/units"
    only = text(page.get(f"{address}/", {"state": "stored", "place": str(CAGE)}))
    assert ONE.key in only
    assert TWO.key not in only
    assert "No unit fits." in text(page.get(f"{address}/", {"text": "NEVER"}))
    sheet = page.get(f"{address}.csv", {"state": "stored"})
    lines = b"".join(sheet.streaming_content).decode().splitlines()
    assert lines[0].startswith("unit,state,place,holder,since")
    assert len(lines) == 2
    assert page.get("/lots/kestrel:NEVER/units/").status_code == 404


def test_what_stands_against_a_move_is_told_and_what_was_scanned_stays(dock: Site) -> None:
    recorded(dock, ONE)
    answer = posts(dock, "meret", "/moves/record/", **form(ONE, TWO))
    page = text(answer)
    assert answer.status_code == 409
    assert "Not moved." in page
    assert "take it out first" in page
    assert "2 units in hand" in page
    for wrong in ({"place": ""}, {"verb": "fly"}):
        answer = posts(dock, "meret", "/moves/record/", **form(ONE, **wrong))
        assert (answer.status_code, "1 unit in hand" in text(answer)) == (400, True)


def test_a_changed_seal_holds_the_goods_and_the_page_says_so(dock: Site) -> None:
    recorded(dock, ONE, seals_set="S-1")
    hint = text(dock.browser("meret").get("/moves/", {"place": str(CAGE)}))
    assert "S-1" in hint
    address = recorded(dock, ONE, verb="take-out", seals_found="S-9")
    page = text(dock.browser("meret").get(address))
    assert "Held" in page
    assert "two persons lift the hold" in page
    answer = posts(dock, "meret", "/moves/record/", **form(ONE, verb="stage", seals_found="S-9"))
    assert answer.status_code == 409


def test_entry_is_allowed_and_ended_on_a_page(dock: Site) -> None:
    address = f"/places/{CAGE.key}/permissions/"
    page = dock.browser("meret")
    assert "This place is open" in text(page.get(address))
    me = Account.objects.get(username="meret").person
    own = posts(dock, "meret", address, people=[me])
    assert (own.status_code, "themselves" in text(own)) == (403, True)
    other = str(ANSEL) if me != str(ANSEL) else str(MERET)
    assert posts(dock, "meret", address, people=[other], reason="Racks.").status_code == 302
    assert "May enter" in text(page.get(address))
    refused = posts(dock, "meret", "/moves/record/", **form(ONE))
    assert (refused.status_code, "may not enter" in text(refused)) == (409, True)
    told = posts(dock, "meret", "/moves/record/", **form(ONE, report="1"))
    assert "Remembered" in text(told)
    number = json.loads(_asked(dock, f"places/{CAGE.key}/permissions").content)["permissions"][0]
    posts(dock, "meret", f"{address}end/", number=number["number"])
    assert "Ended" in text(page.get(address))
    assert posts(dock, "meret", address, people=[], ends="soon").status_code == 400


def _asked(dock: Site, route: str) -> Any:  # noqa: ANN401 — a response
    head = {"Authorization": f"Bearer {tokens.issue(str(NORDLICHT), 'test')}"}
    return Client().get(f"/api/v1/{route}", headers=head)


def _sent(route: str, body: dict[str, Any], party: Any = NORDLICHT) -> Any:  # noqa: ANN401
    head = {"Authorization": f"Bearer {tokens.issue(str(party), 'test')}"}
    return Client().post(f"/api/v1/{route}", json.dumps(body), "application/json", headers=head)


def test_a_program_of_the_operator_moves_asks_and_undoes(dock: Site) -> None:
    who = Account.objects.get_or_create(username="runa", defaults={"person": str(RUNA)})[0]
    bindings.by_hand(who, "quality")
    body = {"verb": "store", "to": str(CAGE), "by": str(RUNA), "units": [str(ONE)]}
    done = _sent("moves", body)
    assert (done.status_code, done.json()["units"]) == (201, [str(ONE)])
    again = _sent("moves", body)
    assert again.status_code == 409
    assert [one["name"] for one in again.json()["against"]] == ["step"]
    found = _asked(dock, f"units/{ONE.key}/whereabouts").json()
    assert (found["state"], found["place"]) == ("stored", str(CAGE))
    assert found["entry"] == done.json()["index"]
    lot = _asked(dock, f"lots/{GOODS.lot.key}/units").json()
    assert {"place": str(CAGE), "state": "stored", "holder": str(NORDLICHT), "items": 1} in lot[
        "counts"
    ]
    undone = _sent(f"moves/{done.json()['index']}/undo", {"by": str(RUNA), "why": "Wrong."})
    assert undone.status_code == 201
    assert _asked(dock, "units/kestrel:NEVER/whereabouts").json()["state"] is None
    assert _sent("moves", body, KESTREL).status_code == 403
    bad = _sent("moves", {"verb": "store"})
    assert (bad.status_code, bool(bad.json()["hint"])) == (400, True)
    theirs = _sent(f"places/{CAGE.key}/permissions", {"allowedBy": str(RUNA)})
    assert theirs.status_code == 400, "a permission names somebody"
