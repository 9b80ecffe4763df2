"""A hold is placed on a page, and two persons lift it, each with an own signature."""

import pytest

pytest.importorskip("django")

from server.authenticator import Authenticator
from server.signing_site import Site, again, newest, site, text
from voltrail.actions import show
from world_fixture import clean_shipment

__all__ = ["site"]

SHIPMENT = clean_shipment()


def placed(site: Site, name: str = "runa", **more: str) -> int:
    given = {"subject": str(SHIPMENT.lot), "cause": "Cells were stolen.", "case": "c-1", **more}
    answer = site.browser(name).post("/holds/new/", given)
    assert answer.status_code == 302, text(answer)
    return int(answer["Location"].split("/")[2])


def lifts(site: Site, name: str, hold: int, device: Authenticator) -> None:
    answer = site.browser(name).post(f"/holds/{hold}/lift/", {"more": f"#{hold}, 3"})
    assert answer.status_code == 302, text(answer)
    assert site.signs(name, newest(), device).status_code == 302
    assert again(newest()).state == "handed-in"
    site.later(minutes=1)


def disposition(site: Site) -> str:
    row = site.desk.views.row(SHIPMENT.arrival)
    assert row is not None
    return row.disposition


def test_two_persons_lift_a_hold_and_the_goods_are_released(site: Site) -> None:
    assert site.seen.deliver(SHIPMENT).fact.disposition == "release"
    first, second = site.passkey("runa"), site.passkey("meret")
    hold = placed(site)
    assert disposition(site) == "quarantine"
    page = text(site.browser("meret").get(f"/holds/{hold}/"))
    assert "0 of two persons have lifted it" in page
    assert "Cells were stolen." in page
    lifts(site, "runa", hold, first)
    assert disposition(site) == "quarantine"
    assert "1 of two persons have lifted it" in text(site.browser("ines").get("/holds/"))
    assert "You have lifted it." in text(site.browser("runa").get(f"/holds/{hold}/"))
    lifts(site, "meret", hold, second)
    assert disposition(site) == "release"
    assert "Lifted" in text(site.browser("ines").get(f"/holds/{hold}/"))


def test_one_person_lifts_once(site: Site) -> None:
    device, hold = site.passkey("runa"), placed(site)
    lifts(site, "runa", hold, device)
    answer = site.browser("runa").post(f"/holds/{hold}/lift/", {"entry": "3"})
    assert answer.status_code == 403
    assert "Another person lifts the hold too." in text(answer)


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({}, "lifted on evidence"),
        ({"more": "seven"}, "something that is no entry"),
        ({"more": "99999999"}, "no entry 99999999"),
    ],
)
def test_a_hold_is_lifted_on_evidence_only(
    site: Site, given: dict[str, str], sentence: str
) -> None:
    hold = placed(site)
    answer = site.browser("runa").post(f"/holds/{hold}/lift/", given)
    assert sentence in text(answer)


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"subject": ""}, "does not say what is held"),
        ({"subject": "urn:voltrail:place:nordlicht:hall-7"}, "A place cannot be held."),
        ({"subject": "lot 7"}, "is no identity"),
        ({"cause": " "}, "no cause"),
        ({"case": "no case"}, "is no identity"),
    ],
)
def test_a_hold_says_what_is_held_and_why(site: Site, given: dict[str, str], sentence: str) -> None:
    size = site.desk.entries.size()
    form = {"subject": str(SHIPMENT.lot), "cause": "Stolen.", "case": "c-2", **given}
    answer = site.browser("runa").post("/holds/new/", form)
    assert answer.status_code == 400
    assert sentence in text(answer)
    assert site.desk.entries.size() == size


def test_a_hold_by_serials_and_firmware_is_placed(site: Site) -> None:
    hold = placed(site, serialFrom="A1", serialTo="A9", firmwareVersion="4.2.0")
    page = text(site.browser("meret").get(f"/holds/{hold}/"))
    assert all(word in page for word in ("From serial", "A1", "Firmware", "4.2.0"))


def test_holds_of_one_subject_are_found(site: Site) -> None:
    placed(site)
    assert "c-1" in text(site.browser("ines").get(f"/holds/?about={SHIPMENT.lot}"))
    other = text(site.browser("ines").get("/holds/?about=urn:voltrail:lot:kestrel:other"))
    assert "Nothing is held that names this." in other


def test_a_hold_on_a_lot_is_found_from_its_arrival_and_its_units(site: Site) -> None:
    site.seen.deliver(SHIPMENT)
    placed(site)
    (arrived,) = [row for row in site.desk.views.rows() if row.lot == SHIPMENT.lot]
    assert "c-1" in text(site.browser("ines").get(f"/holds/?about={arrived.arrival}"))
    serials = show.arrival(site.desk, SHIPMENT.arrival).facts
    unit = next(f"{one.fact.serials[0]}" for one in serials if getattr(one.fact, "serials", ()))
    address = f"/holds/?about=urn:voltrail:unit:{SHIPMENT.lot.parts[0]}:{unit}"
    assert "c-1" in text(site.browser("ines").get(address))
    page = text(site.browser("meret").get(f"/arrivals/{SHIPMENT.arrival.key}/"))
    assert "Holds, and placing one" in page
    assert "Sign off this decision" in page
    read = text(site.browser("ines").get(f"/arrivals/{SHIPMENT.arrival.key}/"))
    assert "Sign off this decision" not in read


def test_an_auditor_places_no_hold(site: Site) -> None:
    assert site.browser("ines").get("/holds/new/").status_code == 403
    assert site.browser("ines").post("/holds/new/", {}).status_code == 403


def test_an_entry_that_is_no_hold_has_no_hold_page(site: Site) -> None:
    assert site.browser("ines").get("/holds/3/").status_code == 404


def test_the_tag_of_a_hold_carries_a_code_that_leads_back_to_it(site: Site) -> None:
    body = {"subject": str(clean_shipment("781").lot), "cause": "Swollen cells.", "case": "c-7"}
    placed = site.browser("runa").post("/holds/new/", body)
    number = placed["Location"].split("/")[2]
    page = site.browser("ines").get(f"/holds/{number}/tag/").content.decode()
    assert "HELD. DO NOT USE." in page
    assert "<svg" in page
    assert f"http://localhost:8000/holds/{number}/" in page
    assert "Print the tag" in text(site.browser("ines").get(f"/holds/{number}/"))
