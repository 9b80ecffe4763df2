"""Sessions: a new key at log-in, an end by idleness and by age, seen and ended by their person."""

import pytest

pytest.importorskip("django")

import logging
from datetime import datetime, timedelta

from django.conf import settings
from django.test import Client, RequestFactory
from django.utils import timezone

from server.access_site import GOOD, access, account, number, posts, site
from server.signing_site import HOST, Site, text

# isort: split
from axes.models import AccessAttempt

from voltrail.actions import show
from voltrail.ids.subject import PersonId
from voltrail_server.people import forms, limits, locks, sessions
from voltrail_server.people.models import Account, Session

__all__ = ["access", "site"]


class Clock:
    def __init__(self) -> None:
        self.at = timezone.now()

    def now(self) -> datetime:
        return self.at

    def later(self, **more: float) -> None:
        self.at += timedelta(**more)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(sessions.timezone, "now", made.now)
    return made


def open_account(name: str = "meret") -> None:
    found = account(name)
    found.set_password(GOOD)
    found.save()


def comes(name: str = "meret", agent: str = "", password: str = GOOD) -> Client:
    browser = Client(headers={"host": HOST, "user-agent": agent or "Firefox/140.0 (Linux)"})
    browser.post("/log-in/", {"username": name, "password": password})
    return browser


def is_in(browser: Client) -> bool:
    return browser.get("/me/").status_code == 200


def test_a_session_that_was_planted_is_not_the_one_that_is_logged_in(access: Site) -> None:
    access.browser("meret")
    open_account()
    browser = Client(headers={"host": HOST})
    browser.get("/log-in/")
    planted = browser.cookies["sessionid"].value
    browser.post("/log-in/", {"username": "meret", "password": GOOD})
    assert browser.cookies["sessionid"].value != planted
    thief = Client(headers={"host": HOST})
    thief.cookies["sessionid"] = planted
    assert not is_in(thief)
    assert is_in(browser)


def test_logging_out_ends_the_session_on_the_server(access: Site) -> None:
    access.browser("meret")
    open_account()
    browser = comes()
    key = browser.cookies["sessionid"].value
    browser.post("/log-out/")
    thief = Client(headers={"host": HOST})
    thief.cookies["sessionid"] = key
    assert not is_in(thief)


def test_a_session_ends_by_idleness(access: Site, clock: Clock) -> None:
    access.browser("meret")
    open_account()
    browser = comes()
    for _ in range(3):
        clock.later(minutes=50)
        assert is_in(browser)
    clock.later(minutes=61)
    assert not is_in(browser)


def test_a_session_ends_by_age_however_busy_it_is(access: Site, clock: Clock) -> None:
    access.browser("meret")
    open_account()
    browser = comes()
    for _ in range(14):
        clock.later(minutes=50)
        assert is_in(browser)
    clock.later(minutes=30)
    assert not is_in(browser)


def test_a_person_sees_two_devices_and_ends_one(access: Site) -> None:
    access.browser("meret")
    open_account()
    first = comes(agent="Mozilla/5.0 (Windows NT 10.0) Firefox/140.0")
    second = comes(agent="Mozilla/5.0 (Android 15) Chrome/140.0 Mobile")
    page = text(first.get("/me/"))
    assert "Firefox · Windows" in page
    assert "Chrome · Android" in page
    assert "127.0.0.1" in page
    other = Session.objects.get(device__contains="Android")
    shown = sessions.number_of(other.session_key)
    assert other.session_key not in page
    assert first.post(f"/me/sessions/{shown}/end/").status_code == 302
    assert is_in(first)
    assert not is_in(second)
    assert first.post(f"/me/sessions/{shown}/end/").status_code == 404


def test_nobody_ends_the_sessions_of_another_by_number(access: Site) -> None:
    access.browser("meret"), access.browser("ines")
    key = access.browser("ines").session.session_key
    answer = posts(access, "meret", f"/me/sessions/{sessions.number_of(key)}/end/")
    assert answer.status_code == 404
    assert is_in(access.browser("ines"))


def test_a_person_ends_all_the_others(access: Site) -> None:
    access.browser("meret")
    open_account()
    first, second = comes(), comes()
    assert first.post("/me/sessions/end/").status_code == 302
    assert is_in(first)
    assert not is_in(second)


def test_an_administrator_ends_a_persons_sessions_and_it_is_on_record(access: Site) -> None:
    browser = access.browser("meret")
    assert is_in(browser)
    assert posts(access, "otto", f"/people/{number('meret')}/sessions/end/").status_code == 302
    assert not is_in(browser)
    found = show.subject(access.desk, PersonId.read(account("meret").person))
    (said,) = [one.fact for one in found if getattr(one.fact, "act", "") == "end-sessions"]
    assert [str(one) for one in said.by] == [account("otto").person]


def test_a_new_password_ends_the_other_sessions_and_needs_the_old_one(access: Site) -> None:
    access.browser("meret")
    open_account()
    first, second = comes(), comes()
    new = {"password": "eleven terns by the mole", "again": "eleven terns by the mole"}
    wrong = first.post("/me/password/", {**new, "old": "no"})
    assert (wrong.status_code, "old password is another" in text(wrong)) == (403, True)
    assert first.post("/me/password/", {**new, "old": GOOD}).status_code == 302
    assert is_in(first)
    assert not is_in(second)
    assert is_in(comes(password=new["password"]))


def test_a_closed_account_is_out_at_once(access: Site) -> None:
    browser = access.browser("meret")
    Account.objects.filter(username="meret").update(is_active=False)
    assert not is_in(browser)


def test_wrong_passwords_lock_account_and_address_and_the_unlocking_is_on_record(
    access: Site,
) -> None:
    access.browser("meret")
    open_account()
    for _ in range(5):
        comes(password="wrong")
    locked = Client(headers={"host": HOST}).post(
        "/log-in/", {"username": "meret", "password": GOOD}
    )
    assert (locked.status_code, "tried too often" in text(locked)) == (429, True)
    assert locks.locked() == {"meret": ("127.0.0.1",)}
    assert "Locked" in text(access.browser("otto").get("/people/"))
    page = text(access.browser("otto").get(f"/people/{number('meret')}/"))
    assert "from 127.0.0.1" in page
    assert posts(access, "otto", f"/people/{number('meret')}/unlock/").status_code == 302
    assert is_in(comes())
    found = show.subject(access.desk, PersonId.read(account("meret").person))
    assert "unlock" in [getattr(one.fact, "act", "") for one in found]


def test_a_lock_of_one_address_is_no_lock_of_another(access: Site) -> None:
    access.browser("meret")
    open_account()
    for _ in range(5):
        comes(password="wrong")
    elsewhere = Client(headers={"host": HOST}, REMOTE_ADDR="10.7.7.7")
    answer = elsewhere.post("/log-in/", {"username": "meret", "password": GOOD})
    assert answer.status_code == 302


def test_a_lock_of_one_address_holds_for_its_ipv6_network(access: Site) -> None:
    access.browser("meret")
    open_account()

    def tries(address: str, password: str) -> int:
        browser = Client(headers={"host": HOST}, REMOTE_ADDR=address)
        return browser.post("/log-in/", {"username": "meret", "password": password}).status_code

    for last in range(5):
        tries(f"2001:db8:0:7::{last}", "wrong")
    assert tries("2001:db8:0:7:1:2:3:4", GOOD) == 429
    assert locks.locked() == {"meret": ("2001:db8:0:7::",)}
    assert tries("2001:db8:0:8::1", GOOD) == 302


def test_many_addresses_against_one_account_are_stopped_too(
    access: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(forms, "MOST_ACCOUNT", 4)
    access.browser("meret")
    open_account()
    for last in range(4):
        Client(headers={"host": HOST}, REMOTE_ADDR=f"10.7.7.{last}").post(
            "/log-in/", {"username": "meret", "password": "wrong"}
        )
    fresh = Client(headers={"host": HOST}, REMOTE_ADDR="10.9.9.9")
    answer = fresh.post("/log-in/", {"username": "meret", "password": GOOD})
    assert "tried too often" in text(answer)
    assert not is_in(fresh)


def test_one_address_against_many_accounts_is_stopped(
    access: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(forms, "MOST_ADDRESS", 3)
    browser = Client(headers={"host": HOST})
    for name in ("a", "b", "c"):
        browser.post("/log-in/", {"username": name, "password": "wrong"})
    answer = browser.post("/log-in/", {"username": "d", "password": "wrong"})
    assert "tried too often" in text(answer)
    assert limits.count("password address", "127.0.0.1", access.now()) == 4


def test_passwords_reach_no_log_and_no_table(
    access: Site, caplog: pytest.LogCaptureFixture
) -> None:
    secret = "harrier-in-the-reeds-9"
    access.browser("meret")
    with caplog.at_level(logging.DEBUG):
        comes(password=secret)
    assert secret not in caplog.text
    assert secret not in str(list(AccessAttempt.objects.values()))


def test_a_proxy_is_believed_only_where_it_is_set_up(
    access: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = RequestFactory().get("/", headers={"x-forwarded-for": "6.6.6.6, 10.1.1.1"})
    assert sessions.address_of(given) == "127.0.0.1"
    monkeypatch.setattr(settings, "VOLTRAIL_PROXIES", 1)
    assert sessions.address_of(given) == "10.1.1.1"
