"""The key officer's pages: ask, confirm, restrict, see what a theft changes, end; worth."""

import base64
import json
from datetime import timedelta

import pytest

pytest.importorskip("django")

from django.core.files.uploadedfile import SimpleUploadedFile

from server.access_site import access, account, posts, site
from server.signing_site import Site, text
from voltrail.actions import firm_keys
from voltrail.errors import UnknownSubjectError
from voltrail.ids.subject import PartyId
from voltrail.trust import signer
from voltrail_server.api import tokens
from voltrail_server.keyring import ceremony
from voltrail_server.keyring.models import KeyRequest
from voltrail_world.cast import KESTREL
from world_fixture import clean_shipment

__all__ = ["access", "site"]

FIRM = PartyId.of("weircells")


def public_half(made: signer.LocalSigner | None = None, **changed: str) -> SimpleUploadedFile:
    key = (made or signer.generate()).public
    spki = base64.b64encode(key.spki).decode()
    found = {"issuer": str(FIRM), "algorithm": str(key.algorithm), "key": key.key_id, "spki": spki}
    return SimpleUploadedFile("weir.pub", json.dumps({**found, **changed}).encode())


def asks(site: Site, by: str = "otto", **more: object) -> object:
    given = {"file": public_half(), "reason": "Handed over by Ms Weir at the fair.", **more}
    return posts(site, by, "/keys/new/", **given)


def keys(site: Site) -> list[firm_keys.FirmKey]:
    return list(firm_keys.firm_keys(site.desk, FIRM, site.at))


def test_one_asks_another_confirms_and_the_key_is_on_record(access: Site) -> None:
    assert asks(access, kinds=["lot", "custody"]).status_code == 302
    number = KeyRequest.objects.get().pk
    assert "Somebody else confirms it." in text(access.browser("otto").get("/keys/"))
    alone = posts(access, "otto", f"/keys/{number}/confirm/")
    assert (alone.status_code, keys(access)) == (403, [])
    assert posts(access, "vera", f"/keys/{number}/confirm/").status_code == 302
    (found,) = keys(access)
    assert (found.state, found.bound.kinds) == ("active", ("custody", "lot"))
    assert posts(access, "vera", f"/keys/{number}/confirm/").status_code == 404
    assert "In force" in text(access.browser("ines").get(f"/keys/?party={FIRM}"))


def test_a_key_is_asked_for_once_and_refused_for_good(access: Site) -> None:
    made = signer.generate()
    asks(access, file=public_half(made))
    assert "waits already" in text(asks(access, by="vera", file=public_half(made)))
    number = KeyRequest.objects.get().pk
    assert posts(access, "vera", f"/keys/{number}/refuse/").status_code == 302
    assert posts(access, "vera", f"/keys/{number}/confirm/").status_code == 404
    assert asks(access, file=public_half(made)).status_code == 302


def test_what_waited_too_long_is_confirmed_no_more(access: Site) -> None:
    asks(access)
    access.browser("vera")
    access.at += timedelta(days=15)
    with pytest.raises(UnknownSubjectError):
        ceremony.confirm(account("vera"), KeyRequest.objects.get().pk)
    assert ceremony.waiting() == ()


@pytest.mark.parametrize(
    "changed",
    [
        {"file": SimpleUploadedFile("a.pub", b"{")},
        {"file": SimpleUploadedFile("a.pub", b"{}")},
        {"file": SimpleUploadedFile("a.pub", b" " * 20_000)},
        {"file": public_half(issuer="urn:voltrail:person:p-otto")},
        {"file": public_half(algorithm="rot13")},
        {"file": public_half(spki="***")},
        {"file": public_half(spki="")},
        {"reason": " "},
        {"kinds": ["decision"]},
        {"places": "here and there"},
        {"until": "2020-01-01T00:00"},
        {"until": "soon"},
    ],
)
def test_what_is_no_key_waits_for_nobody(access: Site, changed: dict[str, object]) -> None:
    assert asks(access, **changed).status_code == 400
    assert not KeyRequest.objects.exists()


def test_who_is_no_key_officer_changes_nothing(access: Site) -> None:
    for who in ("meret", "ines"):
        assert asks(access, by=who).status_code == 403
    assert not KeyRequest.objects.exists()


def test_what_a_theft_changes_is_shown_first_and_then_comes_to_pass(access: Site) -> None:
    access.seen.deliver(clean_shipment())
    (key,) = (one.key for one in firm_keys.firm_keys(access.desk, KESTREL, access.at))
    before = access.desk.entries.size()
    shown = text(access.browser("otto").get(f"/keys/{key}/doubt/?how=compromise"))
    assert "Suspect" in shown
    assert "Quarantine" in shown
    assert "nobody knows since when" in shown
    assert access.desk.entries.size() == before
    done = posts(
        access, "otto", f"/keys/{key}/end/", how="compromise", reason="Their laptop is gone."
    )
    assert done.status_code == 302
    (row,) = access.desk.views.rows()
    assert row.disposition == "quarantine"


def test_a_key_is_restricted_and_an_ending_without_sense_is_refused(access: Site) -> None:
    asks(access)
    posts(access, "vera", f"/keys/{KeyRequest.objects.get().pk}/confirm/")
    key, at = keys(access)[0].key, f"{access.at + timedelta(days=9):%Y-%m-%dT%H:%M}"
    wrong = posts(access, "otto", f"/keys/{key}/restrict/", reason="Why not.")
    assert wrong.status_code == 400
    access.at += timedelta(seconds=5)
    done = posts(access, "otto", f"/keys/{key}/restrict/", kinds=["lot"], reason="Lots only.")
    assert done.status_code == 302
    assert keys(access)[0].bound.kinds == ("lot",)
    for given, status in (({"how": "vanish"}, 400), ({"how": "compromise", "since": at}, 400)):
        assert (
            posts(access, "otto", f"/keys/{key}/end/", reason="No.", **given).status_code == status
        )
    assert access.browser("otto").get(f"/keys/{'0' * 64}/doubt/").status_code == 404


def test_the_page_of_an_entry_says_what_it_is_worth_now_and_what_it_was(access: Site) -> None:
    access.seen.deliver(clean_shipment())
    (key,) = (one.key for one in firm_keys.firm_keys(access.desk, KESTREL, access.at))
    index = next(
        one.index
        for one in access.desk.entries.entries(0, access.desk.entries.size())
        if one.parsed.issuer == KESTREL
    )
    today = f"{access.at:%Y-%m-%d}"
    access.at += timedelta(days=3)
    posts(access, "otto", f"/keys/{key}/end/", how="compromise", reason="Their laptop is gone.")
    page = access.browser("otto")
    assert "Suspect" in text(page.get(f"/register/{index}/"))
    assert "in force" in text(page.get(f"/register/{index}/?known={today}"))
    assert page.get(f"/register/{index}/?known=someday").status_code == 400


def test_a_program_asks_confirms_and_ends_for_persons(access: Site) -> None:
    access.browser("otto"), access.browser("vera"), access.browser("meret")
    head = {"Authorization": f"Bearer {tokens.issue(str(access.desk.operator), 'test')}"}
    browser = access.browser("ines")

    def send(path: str, **body: object) -> object:
        raw = json.dumps(body)
        return browser.post(f"/api/v1{path}", raw, "application/json", headers=head)

    half = json.loads(public_half().read())
    person = "urn:voltrail:person:p-{}".format
    told = {"public": half, "reason": "By courier."}
    assert send("/keys", by=person("meret"), **told).status_code == 403
    made = send("/keys", by=person("otto"), **told)
    assert made.status_code == 201
    path = f"/keys/requests/{made.json()['request']}/confirmation"
    assert send(path, by=person("otto")).status_code == 403
    assert send(path, by=person("vera")).status_code == 201
    ending = {"how": "compromise", "reason": "Gone."}
    assert send(f"/keys/{half['key']}/ending", by=person("vera"), **ending).status_code == 201
    assert keys(access)[0].state == "compromised"
    maker = {"Authorization": f"Bearer {tokens.issue(str(KESTREL), 'test')}"}
    assert browser.get("/api/v1/keys", headers=maker).status_code == 403
