"""The second factor: passkeys log in, codes are good once, and administrators must show one."""

import pytest

pytest.importorskip("django")

import hashlib
import json
import re
from typing import Any

import pyotp
from django.conf import settings
from django.test import Client

from server.access_site import GOOD, access, account, number, posts, site
from server.authenticator import PRESENT, Authenticator
from server.signing_site import CHALLENGE, HOST, Site, found_in, text, unurl64
from server.test_may import FORMS, address
from voltrail.actions import keys
from voltrail.ids.subject import PersonId
from voltrail_server.people import factor, may
from voltrail_server.people.models import Account, Factor, Passkey

__all__ = ["access", "site"]

SECRET = re.compile(r"<code>([A-Z2-7]{32})</code>")
CODE = re.compile(r"<li><code>([A-Z2-7-]+)</code></li>")


def visitor() -> Client:
    return Client(headers={"host": HOST})


def code_at(site: Site, secret: str) -> str:
    return pyotp.TOTP(secret).at(site.now())


def with_codes(site: Site, name: str) -> tuple[str, list[str]]:
    """A person's secret and recovery codes, set up on their own page."""
    browser = site.browser(name)
    assert browser.post("/me/codes/").status_code == 302
    page = browser.get("/me/codes/")
    assert "data:image/svg+xml" in page.content.decode()
    secret = found_in(SECRET, page)
    shown = browser.post("/me/codes/confirm/", {"code": code_at(site, secret)})
    assert shown.status_code == 200, text(shown)
    site.later(minutes=1)
    return secret, CODE.findall(shown.content.decode())


def with_password(name: str) -> None:
    found = account(name)
    found.set_password(GOOD)
    found.save()


def types_password(name: str) -> tuple[Client, Any]:
    browser = visitor()
    return browser, browser.post("/log-in/", {"username": name, "password": GOOD})


def challenge(browser: Client) -> bytes:
    return unurl64(found_in(CHALLENGE, browser.get("/log-in/")))


def is_in(browser: Client) -> bool:
    return browser.get("/me/").status_code == 200


def test_a_password_alone_does_not_pass_where_codes_are_on(access: Site) -> None:
    secret, _ = with_codes(access, "meret")
    with_password("meret")
    browser, answer = types_password("meret")
    assert answer["Location"] == "/log-in/code/"
    assert not is_in(browser)
    assert browser.post("/log-in/code/", {"code": "000000"}).status_code == 403
    done = browser.post("/log-in/code/", {"code": code_at(access, secret)})
    assert (done.status_code, done["Location"]) == (302, "/")
    assert is_in(browser)


def test_a_code_is_good_once(access: Site) -> None:
    secret, _ = with_codes(access, "meret")
    with_password("meret")
    code = code_at(access, secret)
    first, _ = types_password("meret")
    second, _ = types_password("meret")
    assert first.post("/log-in/code/", {"code": code}).status_code == 302
    replayed = second.post("/log-in/code/", {"code": code})
    assert (replayed.status_code, "was used" in text(replayed)) == (403, True)
    access.later(seconds=30)
    assert second.post("/log-in/code/", {"code": code_at(access, secret)}).status_code == 302


def test_a_recovery_code_is_good_once_and_kept_as_a_digest(access: Site) -> None:
    _, codes = with_codes(access, "meret")
    with_password("meret")
    assert len(set(codes)) == factor.CODES
    assert codes[0] not in str(list(account("meret").codes.values()))
    browser, _ = types_password("meret")
    assert browser.post("/log-in/code/", {"code": codes[0].lower()}).status_code == 302
    other, _ = types_password("meret")
    assert other.post("/log-in/code/", {"code": codes[0]}).status_code == 403


def test_wrong_codes_are_counted_for_the_account(access: Site) -> None:
    secret, _ = with_codes(access, "meret")
    with_password("meret")
    browser, _ = types_password("meret")
    for _ in range(factor.MOST_WRONG):
        assert browser.post("/log-in/code/", {"code": "111111"}).status_code == 403
    right = browser.post("/log-in/code/", {"code": code_at(access, secret)})
    assert right.status_code == 429


def test_the_code_page_forgets_a_password_that_was_long_ago(access: Site) -> None:
    secret, _ = with_codes(access, "meret")
    with_password("meret")
    browser, _ = types_password("meret")
    access.later(minutes=6)
    answer = browser.post("/log-in/code/", {"code": code_at(access, secret)})
    assert answer["Location"] == "/log-in/"
    assert visitor().get("/log-in/code/")["Location"] == "/log-in/"


def test_the_secret_is_sealed_at_rest(access: Site, settings_key: str) -> None:
    secret, _ = with_codes(access, "meret")
    row = Factor.objects.get()
    assert secret not in row.sealed
    assert settings_key not in row.sealed


@pytest.fixture
def settings_key() -> str:
    return str(settings.SECRET_KEY)


def test_codes_go_off_with_a_code_only(access: Site) -> None:
    secret, codes = with_codes(access, "meret")
    browser = access.browser("meret")
    assert browser.post("/me/codes/end/", {"code": "123456"}).status_code == 403
    fresh = browser.post("/me/codes/new/", {"code": codes[0]})
    assert len(CODE.findall(fresh.content.decode())) == factor.CODES
    assert browser.post("/me/codes/end/", {"code": codes[1]}).status_code == 403
    assert browser.post("/me/codes/end/", {"code": code_at(access, secret)}).status_code == 302
    assert not Factor.objects.exists()


def test_a_passkey_logs_in_and_counts_as_both_factors(access: Site) -> None:
    device = Authenticator()
    assert access.adds("vera", device).status_code == 302
    browser = visitor()
    given = {**device.answer(challenge(browser)), "next": "/holds/"}
    answer = browser.post("/log-in/passkey/", given)
    assert (answer.status_code, answer["Location"]) == (302, "/holds/"), text(answer)
    assert is_in(browser)
    assert browser.session["factor"] == "passkey"


@pytest.mark.parametrize(
    "changed",
    [
        {"flags": PRESENT},
        {"origin": "http://localhost:9999"},
        {"host": "elsewhere"},
        {"more": (("crossOrigin", True),)},
    ],
)
def test_a_passkey_that_answers_elsewhere_or_unverified_opens_nothing(
    access: Site, changed: dict[str, Any]
) -> None:
    device = Authenticator()
    access.adds("vera", device)
    wrong = Authenticator(device.own, device.credential, **changed)
    browser = visitor()
    answer = browser.post("/log-in/passkey/", wrong.answer(challenge(browser)))
    assert answer.status_code in {403, 409}
    assert not is_in(browser)


def test_an_answer_is_good_for_one_page_and_once(access: Site) -> None:
    device = Authenticator()
    access.adds("vera", device)
    browser = visitor()
    answer = device.answer(challenge(browser))
    assert browser.post("/log-in/passkey/", answer).status_code == 302
    stolen = visitor()
    challenge(stolen)
    assert stolen.post("/log-in/passkey/", answer).status_code == 409
    nothing = visitor().post("/log-in/passkey/", answer)
    assert nothing.status_code == 409


def test_a_proof_for_a_new_passkey_is_no_log_in(access: Site) -> None:
    device = Authenticator()
    access.adds("vera", device)
    browser = visitor()
    challenge(browser)
    nonce = browser.session["log-in-nonce"]
    wrong = keys.challenge(PersonId.read(account("vera").person), nonce)
    answer = device.answer(hashlib.sha256(wrong).digest())
    assert browser.post("/log-in/passkey/", answer).status_code == 409


def test_a_passkey_nobody_added_and_one_that_ended_open_nothing(access: Site) -> None:
    browser, stranger = visitor(), Authenticator()
    assert browser.post("/log-in/passkey/", stranger.answer(challenge(browser))).status_code == 403
    device = access.passkey("meret")
    access.browser("vera").post("/me/keys/end/", {"key": device.key})
    access.later(minutes=1)
    answer = browser.post("/log-in/passkey/", device.answer(challenge(browser)))
    assert answer.status_code == 403
    assert "opens no account" in text(answer)
    broken = {"credential": device.credential, "assertion": json.dumps({"a": 1})}
    challenge(browser)
    assert browser.post("/log-in/passkey/", broken).status_code == 400


def test_administrators_must_show_a_second_factor_once_their_grace_is_over(access: Site) -> None:
    Account.objects.filter(username="otto").update(made_here=False)
    access.browser("ines")
    given = {"function": "quality", "reason": "Why not."}
    address = f"/people/{number('ines')}/functions/"
    refused = posts(access, "otto", address, **given)
    assert (refused.status_code, "needs a second factor" in text(refused)) == (403, True)
    assert "Set up a second factor" in text(access.browser("otto").get("/me/"))
    with_codes(access, "otto")
    assert posts(access, "otto", address, **given).status_code == 302


def test_a_session_without_the_second_factor_adds_no_other_way_in(access: Site) -> None:
    assert access.adds("otto", Authenticator()).status_code == 302
    access.browsers.clear()  # a log-in that shows nothing; the first days excuse nobody here
    refused = access.adds("otto", Authenticator())
    assert (refused.status_code, "showed your second factor" in text(refused)) == (403, True)
    assert Passkey.objects.count() == 1


SHOWN = sorted(act for act in FORMS if may.of(act).factor is not may.NOT_ASKED and act in may.MAY)


def test_what_adds_or_removes_a_way_in_or_gives_power_is_among_them() -> None:
    begins = (
        "person-",
        "request-",
        "key-",
        "pass-",
        "firm-key-",
        "passkey-",
        "factor-",
        "own-deputy",
        "own-identity",
    )
    expected = {act for act in may.MAY if act.startswith(begins)}
    expected |= {"own-password", "own-address", "training-record"}
    assert set(SHOWN) == expected
    assert may.of("import-people").factor is may.NEEDED


@pytest.mark.parametrize("act", SHOWN)
def test_every_form_about_ways_in_and_functions_asks_for_the_factor_one_has(
    access: Site, act: str
) -> None:
    assert access.adds("otto", Authenticator()).status_code == 302
    with_codes(access, "otto")
    access.browsers.clear()
    answer = access.browser("otto").post(address(FORMS[act]))
    assert (answer.status_code, "showed your second factor" in text(answer)) == (403, True)


def test_whoever_adds_a_first_passkey_has_shown_it(access: Site) -> None:
    assert access.adds("meret", Authenticator()).status_code == 302
    assert access.browser("meret").post("/me/codes/").status_code == 302


def test_an_ended_passkey_is_no_factor_and_locks_nobody_in(access: Site) -> None:
    device = access.passkey("meret")
    posts(access, "otto", "/me/keys/end/", key=device.key)
    access.later(minutes=1)
    access.browsers.clear()
    assert access.adds("meret", Authenticator()).status_code == 302


def test_the_policy_can_be_switched_off(access: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "VOLTRAIL_SECOND_FACTOR", False)
    Account.objects.filter(username="otto").update(made_here=False)
    access.browser("ines")
    given = {"function": "quality", "reason": "Why not."}
    address = f"/people/{number('ines')}/functions/"
    assert posts(access, "otto", address, **given).status_code == 302


def test_one_authenticator_on_two_accounts_logs_in_nobody(access: Site) -> None:
    device = Authenticator()
    access.adds("vera", device)
    row = Passkey.objects.get()
    access.browser("meret")
    row.pk, row.account = None, account("meret")
    row.save()
    browser = visitor()
    answer = browser.post("/log-in/passkey/", device.answer(challenge(browser)))
    assert answer.status_code == 403
