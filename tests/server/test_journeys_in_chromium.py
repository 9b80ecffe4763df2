"""Whole journeys in a real browser: in with a passkey, a scan, a list, two people at the dock."""

import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("django")

import tour

from server.browser import Browser
from voltrail_world.demo import playing

pytestmark = pytest.mark.chromium

PHONE = 360  # [px]


class Dock:
    """The demo, one browser, and the passkeys of people who come to it one after the other."""

    def __init__(self, browser: Browser, site: str, passwords: dict[str, str]) -> None:
        self.browser, self.site, self.passwords = browser, site, passwords
        self.device = browser.add_passkey_device()
        self.rings: dict[str, dict[str, Any]] = {}
        self.holder = ""

    def log_in(self, name: str) -> None:
        """Log in with a password, as on the first day."""
        tour.log_in(self.browser, self.site, name, self.passwords[name])

    def come(self, name: str) -> None:
        """Let somebody come with their own passkey in place of whoever was here, and log in."""
        self.put_away()
        ring = self.rings[name]
        self.browser.call("WebAuthn.addCredential", authenticatorId=self.device, credential=ring)
        self.holder = name
        self.browser.call("Network.clearBrowserCookies")
        self.open("/log-in/")
        self.browser.click("form[data-passkey=log-in] button")
        self.browser.wait_until("document.querySelector('.who button') !== null")

    def put_away(self) -> None:
        """Keep the passkey that is in the device, its counter too, and take it out."""
        found = self.browser.call("WebAuthn.getCredentials", authenticatorId=self.device)
        if self.holder:
            (self.rings[self.holder],) = found["credentials"]
        self.browser.call("WebAuthn.clearCredentials", authenticatorId=self.device)
        self.holder = ""

    def enrol(self, name: str) -> None:
        """Let somebody add a passkey, and an administrator confirm it."""
        self.log_in(name)
        self.open("/me/")
        self.browser.fill("#label", f"Phone of {name}")
        self.browser.click("form[data-passkey=add] button")
        self.browser.wait_for("Waits to be confirmed")
        self.holder, self.rings[name] = name, {}
        self.put_away()
        self.log_in("otto")
        self.open("/people/keys/")
        self.browser.wait_for(f"Phone of {name}")
        self.browser.click("form[action$='/confirm/'] button")
        self.browser.wait_for("Confirmed by")

    def open(self, address: str) -> None:
        self.browser.open(self.site + address)

    def sign(self, says: str) -> None:
        """Sign with the passkey in the device, and wait for what the page then says."""
        self.browser.click("form[data-passkey=sign] button")
        self.browser.wait_for(says)


@pytest.fixture(scope="module")
def dock(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dock]:
    folder = tmp_path_factory.mktemp("journeys")
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        port = door.getsockname()[1]
    with playing(folder / "demo", port) as demo, Browser(folder / "profile") as browser:
        passwords = {one.name: one.password for one in demo.accounts}
        made = Dock(browser, f"http://localhost:{port}", passwords)
        for name in ("meret", "runa"):
            made.enrol(name)
        yield made


def test_somebody_comes_in_with_a_passkey_alone(dock: Dock) -> None:
    dock.come("meret")
    assert "What waits for you" in dock.browser.text("main")
    assert "Meret" in dock.browser.text(".who")


def test_a_scan_on_any_page_leads_to_the_unit(dock: Dock) -> None:
    dock.log_in("meret")
    dock.open("/policy/")
    for letter in "S900015":
        dock.browser.call("Input.dispatchKeyEvent", type="keyDown", key=letter, text=letter)
        dock.browser.call("Input.dispatchKeyEvent", type="keyUp", key=letter)
    enter = {"key": "Enter", "code": "Enter", "windowsVirtualKeyCode": 13}
    dock.browser.call("Input.dispatchKeyEvent", type="keyDown", text="\r", **enter)
    dock.browser.wait_until("location.pathname === '/units/kestrel:S900015/'")
    assert "one is a clone" in dock.browser.wait_for("Do not install")


def test_a_list_shows_what_it_would_record_before_it_does(dock: Dock, tmp_path: Path) -> None:
    list_ = tmp_path / "firms.csv"
    list_.write_text(tour.FIRMS, encoding="utf-8")
    dock.log_in("otto")
    dock.open("/import/")
    tour.choose(dock.browser, "#file", list_)
    dock.browser.click("main form.panel button")
    dock.browser.wait_for("Which column is what?")
    dock.browser.click("form.wide button")
    shown = dock.browser.wait_for("Record the good rows (1)")
    assert "Weir Cells" in shown
    assert "'Mars' is no country" in shown
    dock.open("/parties/")
    assert "Weir Cells" not in dock.browser.text("main")


def test_two_people_accept_an_arrival_at_the_dock_with_two_passkeys(dock: Dock) -> None:
    dock.browser.size(PHONE)
    dock.come("meret")
    dock.open(f"/arrivals/{tour.CLEAR}/")
    dock.browser.click("#service a.button")
    dock.browser.wait_for("Two different people sign the same record")
    dock.browser.value(
        "(() => { const second = document.querySelector('#second');"
        " second.value = [...second.options].find((one) => one.text.startsWith('Runa')).value; })()"
    )
    dock.browser.click("main form.panel button.primary")
    dock.browser.wait_for("0 of 2 signed")
    dock.sign("1 of 2 signed")

    dock.come("runa")
    assert "Waits for your signature (1)" in dock.browser.text("main")
    dock.browser.click(".signature-line a.button")
    dock.browser.wait_for("Read it")
    dock.browser.click("main li a.button[href^='/signing/']")
    dock.browser.wait_for("Your signature")
    dock.sign("In the register")
    dock.open(f"/arrivals/{tour.CLEAR}/")
    assert "The goods were accepted." in dock.browser.text("#service")
    dock.browser.size(1280)
