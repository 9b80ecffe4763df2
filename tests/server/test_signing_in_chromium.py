"""In a real browser: a passkey is made, confirmed by another, and signs an entry's sign-off."""

from pathlib import Path

import pytest

pytest.importorskip("django")

from server.browser import Browser
from server.live_site import served

pytestmark = pytest.mark.chromium


def log_in(browser: Browser, site: str, name: str, password: str) -> None:
    browser.open(f"{site}/log-in/")
    browser.fill("#id_username", name)
    browser.fill("#id_password", password)
    browser.click(".gate button")
    browser.wait_for("How arrivals stand")


def log_out(browser: Browser) -> None:
    browser.click(".who button")
    browser.wait_for("Log in")


def test_a_passkey_is_enrolled_confirmed_and_signs(tmp_path: Path) -> None:
    with served(tmp_path / "data") as (site, passwords), Browser(tmp_path / "profile") as browser:
        browser.add_passkey_device()
        log_in(browser, site, "meret", passwords["meret"])
        browser.open(f"{site}/me/")
        browser.fill("#label", "Dock phone")
        browser.click("form[data-passkey=add] button")
        browser.wait_for("Waits to be confirmed")
        log_out(browser)

        log_in(browser, site, "otto", passwords["otto"])
        browser.open(f"{site}/people/keys/")
        browser.wait_for("Dock phone")
        browser.click("form[action$='/confirm/'] button")
        browser.wait_for("Confirmed by urn:voltrail:person:otto.")
        log_out(browser)

        log_in(browser, site, "meret", passwords["meret"])
        browser.open(f"{site}/me/")
        browser.wait_for("In force")
        browser.open(f"{site}/register/0/sign-off/")
        browser.fill("#verb", "accept")
        browser.click("main form button")
        browser.wait_for("0 of 1 signed")
        browser.click("form[data-passkey=sign] button")
        browser.wait_for("In the register")
        browser.open(f"{site}/register/4/")  # after three appointments and the key
        shown = browser.wait_for("signed: accept")
        assert "urn:voltrail:person:meret" in shown


def test_an_address_in_numbers_leads_to_the_sites_own_name(tmp_path: Path) -> None:
    with served(tmp_path / "data") as (site, passwords), Browser(tmp_path / "profile") as browser:
        numbers = site.replace("localhost", "127.0.0.1")
        log_in(browser, numbers, "meret", passwords["meret"])
        browser.open(f"{numbers}/me/")
        browser.wait_for("Passkeys work under this site's own name only")
        browser.click("a[href^='http://localhost']")
        browser.wait_for("Log in")
        assert browser.value("location.host") == site.removeprefix("http://")
