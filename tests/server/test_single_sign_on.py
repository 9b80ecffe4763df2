"""Single sign-on against a real provider in its own process: who is let in, linked, refused."""

import pytest

pytest.importorskip("django")
pytest.importorskip("idpyoidc")

import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit, urlunsplit

import requests
from django.conf import settings
from django.http import HttpResponse
from django.test import Client

from server.access_site import access, account, number, posts, site
from server.signing_site import HOST, Site, text
from server.test_invitations import invited
from voltrail.actions import show
from voltrail.ids.subject import PersonId
from voltrail_server.people.models import LinkedIdentity

__all__ = ["access", "site"]

BACK = "http://localhost:8000/log-in/provider/back/"
CLIENT, SECRET = "voltrail", "a-secret-of-the-test"
PATIENCE_S = 30  # [s] for the provider to answer first
Browser = Client


@dataclass
class Provider:
    """The provider's address, and the hand that says who is logged in there."""

    issuer: str

    def control(self, **told: object) -> None:
        requests.post(f"{self.issuer}/control", json=told, timeout=10).raise_for_status()


@pytest.fixture(scope="module")
def running() -> Iterator[Provider]:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        port = door.getsockname()[1]
    program = Path(__file__).with_name("oidc_provider.py")
    child = subprocess.Popen(
        [sys.executable, str(program), str(port), CLIENT, SECRET, BACK],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        until_it_answers(port, child)
        yield Provider(f"http://127.0.0.1:{port}")
    finally:
        child.terminate()
        child.wait(timeout=20)


def until_it_answers(port: int, child: "subprocess.Popen[bytes]") -> None:
    ends = time.monotonic() + PATIENCE_S
    while time.monotonic() < ends and child.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError("The provider did not answer.")


@pytest.fixture
def provider(running: Provider, monkeypatch: pytest.MonkeyPatch, access: Site) -> Provider:
    monkeypatch.setattr(settings, "VOLTRAIL_OIDC_ISSUER", running.issuer)
    monkeypatch.setattr(settings, "VOLTRAIL_OIDC_CLIENT_ID", CLIENT)
    monkeypatch.setattr(settings, "VOLTRAIL_OIDC_CLIENT_SECRET", SECRET)
    monkeypatch.setattr(settings, "VOLTRAIL_OIDC_NAME", "Quay ID")
    running.control(user="nora")
    return running


def visitor() -> Browser:
    return Client(headers={"host": HOST})


def goes(browser: Browser, start: str = "/log-in/provider/") -> str:
    """The address that the provider sends a browser back to."""
    away = browser.get(start)
    assert away.status_code == 302, text(away)
    answer = requests.get(away["Location"], allow_redirects=False, timeout=10)
    back = urlsplit(answer.headers["Location"])
    return urlunsplit(("", "", back.path, back.query, ""))


def through(browser: Browser, start: str = "/log-in/provider/") -> HttpResponse:
    return browser.get(goes(browser, start))


def is_in(browser: Browser) -> bool:
    return browser.get("/me/").status_code == 200


def linked(site: Site) -> None:
    """Nora, who came in through her invitation and the provider."""
    browser = visitor()
    answer = through(browser, f"{invited(site)}provider/")
    assert (answer.status_code, answer["Location"]) == (302, "/me/"), text(answer)
    assert is_in(browser)


def test_an_invited_person_comes_in_by_the_provider_and_later_again(
    access: Site, provider: Provider
) -> None:
    linked(access)
    row = LinkedIdentity.objects.get()
    assert (row.account, row.issuer) == (account("nora"), provider.issuer)
    browser = visitor()
    assert "Log in with Quay ID" in text(browser.get("/log-in/"))
    answer = through(browser, "/log-in/provider/?next=/holds/")
    assert answer["Location"] == "/holds/"
    assert is_in(browser)
    acts = show.subject(access.desk, PersonId.read(account("nora").person))
    assert "link-identity" in [getattr(one.fact, "act", "") for one in acts]


def test_the_request_carries_state_nonce_and_a_challenge_and_never_the_secret(
    access: Site, provider: Provider
) -> None:
    asked = parse_qs(urlsplit(visitor().get("/log-in/provider/")["Location"]).query)
    assert asked["code_challenge_method"] == ["S256"]
    assert len(asked["nonce"][0]) >= 20
    assert len(asked["state"][0]) >= 20
    assert asked["redirect_uri"] == [BACK]
    assert SECRET not in json.dumps(asked)


def test_a_stranger_is_told_what_to_do(access: Site, provider: Provider) -> None:
    provider.control(user="stranger")
    browser = visitor()
    answer = through(browser)
    assert answer.status_code == 403
    assert "no account here is linked to that" in text(answer)
    assert "link it on your own page" in text(answer)
    assert not is_in(browser)


@pytest.mark.parametrize(
    "change",
    [
        {"nonce": "another"},
        {"nonce": None},
        {"exp": 1_700_000_000},
        {"exp": None},
        {"aud": "another-client"},
        {"aud": ["another-client"]},
        {"aud": ["voltrail", "another"], "azp": "another"},
        {"iss": "http://127.0.0.1:1"},
        {"iss": None},
        {"sub": None},
        {"sub": "x" * 300},
        {"iat": 4_000_000_000},
    ],
    ids=str,
)
def test_a_token_that_is_not_for_this_log_in_opens_nothing(
    access: Site, provider: Provider, change: dict[str, Any]
) -> None:
    linked(access)
    provider.control(change=change)
    browser = visitor()
    assert through(browser).status_code in {403, 409}
    assert not is_in(browser)


def test_a_token_signed_by_a_stranger_opens_nothing(access: Site, provider: Provider) -> None:
    linked(access)
    provider.control(foreignKey=True)
    browser = visitor()
    answer = through(browser)
    assert (answer.status_code, "does not fit what was asked" in text(answer)) == (409, True)
    assert not is_in(browser)


def test_a_state_of_another_browser_opens_nothing(access: Site, provider: Provider) -> None:
    linked(access)
    back = goes(visitor())
    victim = visitor()
    victim.get("/log-in/provider/")
    assert victim.get(back).status_code == 409
    assert not is_in(victim)
    assert visitor().get(back).status_code == 409


def test_an_answer_is_taken_once(access: Site, provider: Provider) -> None:
    linked(access)
    browser = visitor()
    back = goes(browser)
    assert browser.get(back).status_code == 302
    again = visitor()
    assert again.get(back).status_code == 409


def test_a_refusal_of_the_provider_is_told(access: Site, provider: Provider) -> None:
    browser = visitor()
    browser.get("/log-in/provider/")
    assert browser.get("/log-in/provider/back/?error=access_denied").status_code == 409
    assert browser.get("/log-in/provider/back/").status_code == 409


def test_one_identity_leads_to_one_account(access: Site, provider: Provider) -> None:
    linked(access)
    browser = access.browser("meret")
    browser.post("/me/identity/")
    assert "Go on to Quay ID" in text(browser.get("/me/"))
    answer = through(browser)
    assert (answer.status_code, "one identity, one account" in text(answer)) == (403, True)
    assert LinkedIdentity.objects.count() == 1


def test_a_person_links_themselves_only_after_asking_for_it(
    access: Site, provider: Provider
) -> None:
    browser = access.browser("meret")
    answer = through(browser)
    assert (answer.status_code, "nobody asked to link you" in text(answer)) == (403, True)
    browser.post("/me/identity/")
    assert through(browser)["Location"] == "/me/"
    assert LinkedIdentity.objects.get().account == account("meret")
    assert browser.post("/me/identity/end/").status_code == 302
    assert not LinkedIdentity.objects.exists()


def test_a_mail_address_links_nobody(access: Site, provider: Provider) -> None:
    invited(access, mail="nora@quay.example")
    provider.control(change={"email": "nora@quay.example", "email_verified": True})
    browser = visitor()
    assert through(browser).status_code == 403
    assert not is_in(browser)


def test_an_identity_that_the_provider_has_not_verified_is_not_linked(
    access: Site, provider: Provider
) -> None:
    provider.control(change={"email": "x@quay.example", "email_verified": False})
    link = invited(access)
    browser = visitor()
    answer = through(browser, f"{link}provider/")
    assert (answer.status_code, "has not verified" in text(answer)) == (403, True)
    assert not account("nora").is_active
    assert visitor().get(link).status_code == 200


def test_an_administrator_ends_a_link_and_makes_none(access: Site, provider: Provider) -> None:
    linked(access)
    subject = LinkedIdentity.objects.get().subject
    access.browser("meret")
    assert posts(access, "otto", f"/people/{number('nora')}/identity/").status_code == 302
    posts(access, "otto", f"/people/{number('meret')}/identity/", subject=subject)
    assert not LinkedIdentity.objects.exists()
    assert through(visitor()).status_code == 403


def test_a_closed_account_stays_closed_for_the_provider(access: Site, provider: Provider) -> None:
    linked(access)
    posts(access, "otto", f"/people/{number('nora')}/leave/", reason="She moved.")
    assert through(visitor()).status_code == 403


def test_a_second_factor_counts_where_the_provider_says_so(
    access: Site, provider: Provider
) -> None:
    linked(access)
    plain, strong = visitor(), visitor()
    through(plain)
    assert plain.session["factor"] == ""
    provider.control(change={"amr": ["pwd", "otp"]})
    through(strong)
    assert strong.session["factor"] == "provider"


def test_a_provider_that_is_silent_or_another_one_is_told(
    access: Site, provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "VOLTRAIL_OIDC_ISSUER", f"{provider.issuer}/")
    answer = visitor().get("/log-in/provider/")
    assert (answer.status_code, "names another issuer" in text(answer)) == (424, True)
    monkeypatch.setattr(settings, "VOLTRAIL_OIDC_ISSUER", "http://127.0.0.1:1")
    answer = visitor().get("/log-in/provider/")
    assert (answer.status_code, "does not answer" in text(answer)) == (424, True)
