"""One administrator alone must not become two persons, nor take another person's place."""

import pytest

pytest.importorskip("django")

from types import SimpleNamespace

from server.access_site import GOOD, access, account, number, posts, site  # sets Django up

# isort: split
import pyotp
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.files.uploadedfile import SimpleUploadedFile

from server.authenticator import Authenticator
from server.signing_site import CHALLENGE, Site, found_in, text, unurl64
from server.test_imports import chosen, newest
from server.test_invitations import invited, visitor
from voltrail.actions import classify, courses, signing
from voltrail.ids.subject import PersonId
from voltrail.projections.tier import tier_of
from voltrail_server.people import bindings, factor, functions, gate
from voltrail_server.people.bindings import Wanted
from voltrail_server.people.models import Account, Binding, Request
from voltrail_world.cast import HALL, OFFICE

__all__ = ["access", "site"]


def names_of(name: str) -> frozenset[str]:
    return functions.names(account(name))


def test_an_administrator_links_no_other_person_to_a_subject_of_their_own(
    access: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "VOLTRAIL_OIDC_ISSUER", "https://id.example")
    monkeypatch.setattr(settings, "VOLTRAIL_OIDC_CLIENT_ID", "voltrail")
    access.browser("olga")
    posts(access, "otto", f"/people/{number('olga')}/identity/", subject="ottos-second-login")
    request = SimpleNamespace(user=AnonymousUser(), session={}, META={})
    claims = {"sub": "ottos-second-login", "amr": ["mfa"]}
    try:
        found: Account | None = gate.by_provider(request, claims, "")
    except Exception:  # noqa: BLE001 — any refusal is what is wanted
        found = None
    assert found != account("olga"), "Otto, alone, now logs in as Olga with a strong factor"


def test_an_administrator_who_removes_the_others_is_not_alone_by_that(access: Site) -> None:
    access.browser("olga")
    row = Binding.objects.get(person=account("olga").person)
    page = f"/people/{number('olga')}/functions/{row.number}/end/"
    posts(access, "otto", page, reason="Not needed.")
    posts(access, "otto", f"/people/{number('otto')}/functions/", function="quality", reason="x y")
    posts(access, "otto", f"/people/{number('otto')}/functions/", function="security", reason="x y")
    assert names_of("otto") == {"administrator"}, "Otto gave himself functions, alone"


def test_one_administrator_does_not_make_and_arm_a_second_person(access: Site) -> None:
    access.browser("olga")  # there are two administrators, one is enough
    link, ghost, device = invited(access, function="facilities"), visitor(), Authenticator()
    assert ghost.post(link, {"password": GOOD, "again": GOOD}).status_code == 302
    challenge = unurl64(found_in(CHALLENGE, ghost.get("/me/")))
    assert ghost.post("/me/passkeys/", device.made(challenge)).status_code == 302
    access.confirms("otto", device, ["acceptance", "waiver"])
    person = account("nora").person
    course = {"person": number("nora"), "course": "goods-acceptance"}
    posts(access, "otto", "/people/training/new/", **course)
    access.later(minutes=1)
    at = access.now()
    able = PersonId.read(person) in signing.signers(access.desk, "acceptance", at)
    trained = courses.is_trained(access.desk, PersonId.read(person), "goods-acceptance", at)
    assert not (able and trained), "Otto alone invited, armed and trained his second signature"


def _imports(access: Site, by: str, kind: str, data: bytes) -> None:
    browser = access.browser(by)
    file = SimpleUploadedFile("list.csv", data)
    answer = browser.post("/import/upload/", {"kind": kind, "file": file})
    assert answer.status_code == 302, text(answer)
    found = newest()
    browser.post(f"/import/{found.pk}/columns/", chosen(found))
    answer = browser.post(f"/import/{found.pk}/confirm/")
    assert answer.status_code == 302, text(answer)
    found.refresh_from_db()
    assert found.state == "done", text(browser.get(f"/import/{found.pk}/"))[-1500:]


PEOPLE = b"username,name,function\nghost,Ghost Hand,administrator\nmeret,Meret,administrator\n"


def test_a_list_of_people_makes_no_administrator(access: Site) -> None:
    access.browser("olga"), access.browser("meret")
    size = access.desk.entries.size()
    _imports(access, "otto", "people", PEOPLE)
    made = account("ghost")
    told = {
        "ghost": sorted(names_of("ghost")),
        "meret": sorted(names_of("meret")),
        "entries": access.desk.entries.size() - size,
        "no second factor for": factor.has_grace(made, access.now()),
    }
    assert "administrator" not in told["ghost"], told
    assert "administrator" not in told["meret"], told


PLACES = (
    b"Number,Name,Class,Impact,Replacement lead time,Environment\n"
    b"hall-7,Data hall 7,data-center,low,low,controlled\n"
)


def test_a_list_of_places_makes_no_tier_lighter(access: Site) -> None:
    def tier() -> int:
        found = classify.standing(access.desk, HALL)
        assert found is not None
        return tier_of(found.fact)

    before = tier()
    file = SimpleUploadedFile("list.csv", PLACES)
    browser = access.browser("ansel")  # procurement may not classify places at all
    answer = browser.post("/import/upload/", {"kind": "places", "file": file})
    assert answer.status_code == 403, text(answer)
    assert tier() <= before, f"tier {before} became {tier()} on one buyer's word"


def test_a_function_at_one_place_classifies_no_other(access: Site) -> None:
    access.browser("meret")
    bindings.grant(account("meret"), Wanted("ot", (str(OFFICE),), reason="One office."), ())
    (row,) = Binding.objects.filter(function="quality")
    bindings.end(None, row.number, "Everywhere was too much.")
    form = {
        "name": "Data hall 7",
        "place_class": "data-center",
        "impact": "high",
        "lead_time": "high",
        "environment": "harsh",
        "zone": "UTC",
        "reason": "Elsewhere.",
    }
    answer = posts(access, "meret", f"/places/{HALL.key}/classify/", **form)
    assert answer.status_code == 403, "A function at one office classified a data hall"


def test_a_password_alone_removes_the_second_factor_and_makes_another(access: Site) -> None:
    """Invited administrators have no grace; Olga has a passkey nobody confirmed yet."""
    access.browser("olga")
    assert access.adds("olga", Authenticator()).status_code == 302
    olga = account("olga")
    olga.made_here = False
    olga.set_password(GOOD)
    olga.save()
    thief = visitor()
    assert thief.post("/log-in/", {"username": "olga", "password": GOOD}).status_code == 302
    access.browser("meret")
    end = f"/people/{number('meret')}/sessions/end/"
    assert thief.post(end).status_code == 403  # guarded: no factor was shown
    assert thief.post("/me/codes/").status_code == 403  # and none may be added
    thief.post(f"/me/passkeys/{olga.passkeys.get().pk}/remove/")
    thief.post("/me/codes/")
    secret = factor.waiting(account("olga"))
    if secret:
        code = pyotp.TOTP(secret).at(access.now())
        thief.post("/me/codes/confirm/", {"code": code})
    assert thief.post(end).status_code == 403, "a password alone now passes the second factor"


def test_a_session_without_the_factor_links_no_identity(
    access: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    access.browser("olga")
    assert access.adds("olga", Authenticator()).status_code == 302
    olga = account("olga")
    olga.made_here = False
    olga.set_password(GOOD)
    olga.save()
    thief = visitor()
    thief.post("/log-in/", {"username": "olga", "password": GOOD})
    answer = thief.post("/me/identity/")
    assert answer.status_code == 403, "linking a provider's identity asks for no second factor"


def test_an_administrator_who_left_opens_no_account_they_had_prepared(access: Site) -> None:
    access.browser("olga")
    link = invited(access, function="facilities")
    answer = posts(access, "olga", f"/people/{number('otto')}/leave/", reason="Otto leaves.")
    assert answer.status_code == 302, text(answer)
    browser = visitor()
    browser.post(link, {"password": GOOD, "again": GOOD})
    assert browser.get("/me/").status_code != 200, "Otto has left, and is in as nora"


def test_what_a_leaving_administrator_asked_for_is_not_confirmed_later(access: Site) -> None:
    access.browser("olga"), access.browser("meret")
    page = f"/people/{number('meret')}/functions/"
    posts(access, "otto", page, function="administrator", reason="Before I go.")
    posts(access, "olga", f"/people/{number('otto')}/leave/", reason="Otto leaves.")
    waiting = Request.objects.filter(settled_at=None)
    for one in waiting:
        posts(access, "olga", f"/people/requests/{one.pk}/", confirm="1")
    assert "administrator" not in names_of("meret"), "decided by Olga and by nobody who is here"


def test_a_password_alone_hands_no_guarded_function_to_an_accomplice(access: Site) -> None:
    """Vera confirms keys and has a passkey; the thief has her password and an account, Ansel's."""
    access.browser("vera"), access.browser("ansel")
    assert access.adds("vera", Authenticator()).status_code == 302
    vera = account("vera")
    vera.made_here = False
    vera.set_password(GOOD)
    vera.save()
    thief = visitor()
    thief.post("/log-in/", {"username": "vera", "password": GOOD})
    assert thief.post(f"/people/{number('ansel')}/sessions/end/").status_code == 403
    thief.post(
        "/me/deputies/",
        {
            "function": "security",
            "deputy": number("ansel"),
            "ends": f"{access.now():%Y}-12-24",
            "reason": "Leave.",
        },
    )
    assert "security" not in names_of("ansel"), "who may confirm keys grew without a second factor"


def test_a_session_gives_an_account_no_first_password(access: Site) -> None:
    """Olga logs in with a passkey alone; somebody has a session of hers that showed no factor."""
    access.browser("olga")
    assert access.adds("olga", Authenticator()).status_code == 302
    olga = account("olga")
    olga.made_here = False
    olga.set_unusable_password()
    olga.save()
    thief = visitor()
    thief.force_login(olga)
    thief.post("/me/password/", {"old": "", "password": GOOD, "again": GOOD})
    assert not account("olga").has_usable_password(), "a session became a password"
