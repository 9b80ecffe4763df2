"""A lost sign-in comes back by two administrators, neither of whom is the person."""

import pytest

pytest.importorskip("django")

from django.test import Client

from server.access_site import GOOD, access, account, number, posts, site
from server.authenticator import Authenticator
from server.signing_site import HOST, Site, found_in, text
from server.test_invitations import LINK
from voltrail.actions import show
from voltrail.ids.subject import PersonId
from voltrail_server.people.models import Passkey, Request

__all__ = ["access", "site"]

WHY = {"reason": "Her phone fell into the dock; I spoke with her."}


def asked(site: Site, by: str = "otto", about: str = "meret") -> Request:
    site.browser("olga"), site.browser(about)
    answer = posts(site, by, f"/people/{number(about)}/reset/", **WHY)
    assert answer.status_code == 302, text(answer)
    return Request.objects.latest("pk")


def test_two_administrators_give_a_new_link_and_both_are_on_record(access: Site) -> None:
    device = access.passkey("meret")
    request = asked(access)
    answer = posts(access, "olga", f"/people/requests/{request.pk}/", confirm="1")
    link = found_in(LINK, answer)
    assert access.browser("meret").get("/me/").status_code == 302
    browser = Client(headers={"host": HOST})
    assert "Back in, meret" in text(browser.get(link))
    assert browser.post(link, {"password": GOOD, "again": GOOD}).status_code == 302
    found = show.subject(access.desk, PersonId.read(account("meret").person))
    (said,) = [one.fact for one in found if getattr(one.fact, "act", "") == "reset-sign-in"]
    assert [str(one) for one in said.by] == [account("otto").person, account("olga").person]
    access.later(minutes=1)
    page = text(browser.get("/me/"))
    assert "Ended" in page
    assert device.key in page


def test_nobody_confirms_what_they_asked_for(access: Site) -> None:
    request = asked(access)
    answer = posts(access, "otto", f"/people/requests/{request.pk}/", confirm="1")
    assert (answer.status_code, "Nobody confirms" in text(answer)) == (403, True)
    assert "/join/" not in text(answer)


def test_nobody_resets_themselves_nor_confirms_it(access: Site) -> None:
    access.browser("olga")
    own = posts(access, "otto", f"/people/{number('otto')}/reset/", **WHY)
    assert (own.status_code, "their own sign-in" in text(own)) == (403, True)
    access.browser("meret")
    with_third = posts(access, "otto", f"/people/{number('olga')}/reset/", **WHY)
    assert "no second administrator" in text(with_third)


def test_one_administrator_alone_is_led_to_the_machine(access: Site) -> None:
    access.browser("meret")
    answer = posts(access, "otto", f"/people/{number('meret')}/reset/", **WHY)
    assert answer.status_code == 403
    assert "voltrail account reset-link" in text(answer)


def test_a_request_waits_once_and_not_for_ever(access: Site) -> None:
    request = asked(access)
    again = posts(access, "otto", f"/people/{number('meret')}/reset/", **WHY)
    assert (again.status_code, "asked for already" in text(again)) == (403, True)
    access.later(days=8)
    late = posts(access, "olga", f"/people/requests/{request.pk}/", confirm="1")
    assert late.status_code == 404
    assert asked(access).pk != request.pk


def test_a_no_ends_it(access: Site) -> None:
    request = asked(access)
    assert posts(access, "olga", f"/people/requests/{request.pk}/", refuse="1").status_code == 302
    answer = posts(access, "olga", f"/people/requests/{request.pk}/", confirm="1")
    assert answer.status_code == 404
    assert account("meret").requests.get().granted is False


def test_security_may_read_what_waits_and_confirm_nothing(access: Site) -> None:
    request = asked(access)
    assert "Reset a lost sign-in" in text(access.browser("vera").get("/people/requests/"))
    answer = posts(access, "vera", f"/people/requests/{request.pk}/", confirm="1")
    assert answer.status_code == 403


def test_a_reset_forgets_passkeys_that_nobody_confirmed(access: Site) -> None:
    access.adds("meret", Authenticator())
    request = asked(access)
    posts(access, "olga", f"/people/requests/{request.pk}/", confirm="1")
    assert not Passkey.objects.exists()
