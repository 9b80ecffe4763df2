"""Accepting and installing on pages and by API: two people, two credentials, one record."""

import json
from datetime import timedelta

import pytest

pytest.importorskip("django")

from server.authenticator import Authenticator
from server.signing_site import Site, again, newest, site, text
from voltrail.actions import training
from voltrail.ids.subject import UnitId
from voltrail.statements.training import Training
from voltrail_world.cast import MERET, RUNA
from world_fixture import strict_shipment

__all__ = ["site"]

GOODS = strict_shipment("752")
ONE = UnitId.of("kestrel", GOODS.delivered[0])


def devices(site: Site) -> tuple[Authenticator, Authenticator]:
    made = []
    for name in ("runa", "meret"):
        device = Authenticator()
        assert site.adds(name, device).status_code == 302
        assert site.confirms("otto", device, ["acceptance"]).status_code == 302
        site.later(minutes=1)
        made.append(device)
    for person, assessor in ((RUNA, MERET), (MERET, RUNA)):
        ends = site.now() + timedelta(days=730)
        passed = Training(person, "goods-acceptance", site.now(), ends, assessor)
        training.train(site.desk, passed, site.now())
    return made[0], made[1]


def form(**more: str) -> dict[str, str]:
    plain = {
        "verb": "accept",
        "arrival": str(GOODS.arrival),
        "first": str(RUNA),
        "second": str(MERET),
    }
    return {**plain, **more}


def both_sign(site: Site, first: Authenticator, second: Authenticator) -> None:
    draft = newest()
    assert site.signs("runa", draft, first).status_code == 302
    assert again(draft).state == "open"
    assert site.signs("meret", draft, second).status_code == 302
    assert again(draft).state == "handed-in", again(draft).refusal
    site.later(minutes=1)


def test_two_people_accept_and_install_and_the_arrival_says_so(site: Site) -> None:
    site.seen.deliver(GOODS)
    first, second = devices(site)
    page = f"/arrivals/{GOODS.arrival.key}/"
    assert "Accept with a second person" in text(site.browser("meret").get(page))
    assert site.browser("meret").post("/acceptances/new/", form()).status_code == 302
    both_sign(site, first, second)
    told = text(site.browser("ines").get(page))
    assert "The goods were accepted." in told
    assert "Put units into service" in text(site.browser("meret").get(page))
    scanned = form(verb="install", arrival="", units=f"{ONE.key}\n")
    assert site.browser("runa").post("/acceptances/new/", scanned).status_code == 302
    both_sign(site, first, second)
    told = text(site.browser("ines").get(page))
    assert "1 unit went into service." in told
    assert ONE.key in told


def test_one_person_cannot_sign_twice_with_two_devices(site: Site) -> None:
    site.seen.deliver(GOODS)
    first, _ = devices(site)
    assert site.browser("meret").post("/acceptances/new/", form()).status_code == 302
    draft = newest()
    assert site.signs("runa", draft, first).status_code == 302
    more = Authenticator()
    assert site.adds("runa", more).status_code == 302
    assert site.confirms("otto", more, ["acceptance"]).status_code == 302
    site.later(minutes=1)
    assert site.signs("runa", draft, more).status_code == 403
    assert again(draft).state == "open"


def test_nobody_signs_with_the_device_of_the_other(site: Site) -> None:
    site.seen.deliver(GOODS)
    first, _ = devices(site)
    assert site.browser("meret").post("/acceptances/new/", form()).status_code == 302
    assert site.signs("meret", newest(), first).status_code == 403


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"verb": "wave"}, "does not say what is signed"),
        ({"second": str(RUNA)}, "Two different persons"),
        ({"second": ""}, "Two different persons"),
        ({"second": "urn:voltrail:person:p-nobody"}, "no key in force"),
        ({"arrival": "nonsense"}, "nonsense"),
        ({"arrival": "", "verb": "install", "units": ""}, "not known which arrival"),
        ({"verb": "install", "units": ""}, "1 to 500 units"),
        ({"verb": "install", "units": "kestrel:KP-1"}, "Nobody has accepted"),
    ],
)
def test_a_form_without_sense_is_refused_and_keeps_what_was_typed(
    site: Site, changes: dict[str, str], sentence: str
) -> None:
    site.seen.deliver(GOODS)
    devices(site)
    answer = site.browser("meret").post("/acceptances/new/", form(note="Seals whole.", **changes))
    assert answer.status_code in (400, 403, 404)
    assert sentence in text(answer)
    assert "Seals whole." in text(answer)


def test_goods_held_meanwhile_are_not_signed_for(site: Site) -> None:
    site.seen.deliver(GOODS)
    first, _ = devices(site)
    assert site.browser("meret").post("/acceptances/new/", form()).status_code == 302
    held = {"subject": str(GOODS.lot), "cause": "Swollen cells.", "case": "c-1"}
    assert site.browser("runa").post("/holds/new/", held).status_code == 302
    answer = site.signs("runa", newest(), first)
    assert answer.status_code == 409
    assert "can no longer be signed" in text(answer)


def test_an_auditor_asks_nobody(site: Site) -> None:
    site.seen.deliver(GOODS)
    assert "Accept with" not in text(site.browser("ines").get(f"/arrivals/{GOODS.arrival.key}/"))
    assert site.browser("ines").post("/acceptances/new/", form()).status_code == 403


def test_the_api_asks_both_with_the_operators_token_only(site: Site) -> None:
    from voltrail_server.api import tokens  # noqa: PLC0415 — Django is ready

    site.seen.deliver(GOODS)
    devices(site)
    body = json.dumps(
        {"verb": "accept", "arrival": str(GOODS.arrival), "acceptedBy": [str(RUNA), str(MERET)]}
    )
    asked = {}
    for party in ("nordlicht", "kestrel"):
        token = tokens.issue(f"urn:voltrail:party:{party}", "test")
        asked[party] = site.browser("runa").post(
            "/api/v1/acceptances",
            body,
            content_type="application/json",
            headers={"authorization": f"Bearer {token}"},
        )
    assert asked["kestrel"].status_code == 403
    assert asked["nordlicht"].status_code == 201
    assert asked["nordlicht"].json()["draft"] == newest().pk
