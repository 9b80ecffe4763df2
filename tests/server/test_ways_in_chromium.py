"""In a real browser: an invited person makes a passkey, leaves, and comes back with it alone."""

from pathlib import Path

import pytest

pytest.importorskip("django")

from server.browser import Browser
from server.live_site import served
from server.test_signing_in_chromium import log_in, log_out

pytestmark = pytest.mark.chromium


def test_an_invited_person_comes_in_and_back_with_a_passkey(tmp_path: Path) -> None:
    with served(tmp_path / "data") as (site, passwords), Browser(tmp_path / "profile") as browser:
        browser.add_passkey_device()
        log_in(browser, site, "otto", passwords["otto"])
        browser.open(f"{site}/people/invite/")
        browser.fill("[name=name]", "Nora Quist")
        browser.fill("[name=log_in]", "nora")
        browser.value("document.querySelector('[name=function][value=quality]').click()")
        browser.fill("[name=reason]", "She leads incoming inspection.")
        browser.click("main form.panel button.primary")
        browser.wait_for("The one-time link.")
        link = browser.text(".refusal .id code")
        log_out(browser)

        browser.open(link)
        browser.wait_for("Welcome, Nora Quist")
        browser.click("form[data-passkey=add] button")
        browser.wait_for("Your functions")
        assert "Quality" in browser.text()
        assert "First passkey" in browser.text()
        log_out(browser)

        browser.open(f"{site}/log-in/?next=/me/")
        browser.click("form[data-passkey=log-in] button")
        browser.wait_for("Where you are logged in")
        assert "Nora Quist" in browser.text()
        browser.open(link)
        browser.wait_for("unknown, used, or out of date")
