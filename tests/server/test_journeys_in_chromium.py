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

PHONE, DESK = 360, 1280  # [px]
BY_KEYS = "nordlicht:2026-102"  # released, and accepted by nobody in the story


class Dock:
    """The demo, one browser, and the passkeys of people who come to it one after the other."""

    def __init__(self, browser: Browser, site: str, passwords: dict[str, str]) -> None:
        self.browser, self.site, self.passwords = browser, site, passwords
        self.device = browser.add_passkey_device()
        self.rings: dict[str, dict[str, Any]] = {}
        self.holder = ""
        self.by_keys = False

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
        self.takes("form[data-passkey=log-in] button")
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

    def takes(self, selector: str) -> None:
        """Click a button or a link, or reach it with the keyboard and press Enter."""
        if not self.by_keys:
            self.browser.click(selector)
            return
        self.browser.tab_to(selector)
        self.browser.enter()

    def chooses(self, selector: str, begins: str) -> None:
        """Choose in a list with the keyboard: down until what begins with a text."""
        self.browser.tab_to(selector)
        for _ in range(20):
            shown = self.browser.value("document.activeElement.selectedOptions[0].text")
            if shown.startswith(begins):
                return
            self.browser.press("ArrowDown", 40)
        raise AssertionError(f"Nothing in {selector} begins with {begins}.")

    def sign(self, says: str) -> None:
        """Sign with the passkey in the device, and wait for what the page then says."""
        self.takes("form[data-passkey=sign] button")
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
        dock.browser.press(letter, text=letter)
    dock.browser.enter()
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
    dock.browser.size(DESK)


@pytest.fixture
def by_keys(dock: Dock, monkeypatch: pytest.MonkeyPatch) -> Dock:
    """The dock without a mouse: whoever clicks fails."""

    def no_mouse(_: str) -> None:
        raise AssertionError("There is no mouse here.")

    monkeypatch.setattr(dock.browser, "click", no_mouse)
    monkeypatch.setattr(dock, "by_keys", True)
    return dock


def test_two_people_accept_an_arrival_with_the_keyboard_alone(by_keys: Dock) -> None:
    dock = by_keys
    dock.browser.size(DESK)
    dock.come("meret")
    dock.open(f"/arrivals/{BY_KEYS}/")
    dock.takes("#service a.button")
    dock.browser.wait_for("Two different people sign the same record")
    dock.browser.tab_to("[name=verb]")
    assert dock.browser.value("document.activeElement.value") == "accept"
    dock.chooses("#first", "Meret")
    dock.chooses("#second", "Runa")
    dock.browser.tab_to("#note")
    dock.browser.call("Input.insertText", text="By keyboard alone.")
    dock.takes("main form.panel button.primary")
    dock.browser.wait_for("0 of 2 signed")
    dock.sign("1 of 2 signed")

    dock.come("runa")
    dock.takes(".signature-line a.button")
    dock.browser.wait_for("Read it")
    dock.takes("main li a.button[href^='/signing/']")
    assert "By keyboard alone." in dock.browser.wait_for("Your signature")
    dock.sign("In the register")
    dock.open(f"/arrivals/{BY_KEYS}/")
    assert "By keyboard alone." in dock.browser.text("#service")
    assert "Put units into service" in dock.browser.text("#service")


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_somebody_of_a_firm_sees_that_firms_page_and_nothing_else(dock: Dock, width: int) -> None:
    dock.browser.size(width)
    dock.log_in("liv")
    shown = dock.browser.wait_for("What is asked of you")
    assert "Obtain lot record" in shown
    assert "lot kestrel:L26-107" in shown
    assert "Lot records of autumn" in shown
    assert "What you handed in, newest first" in shown
    assert "sodalith" not in shown
    assert dock.browser.value("document.documentElement.scrollWidth <= innerWidth")
    links = dock.browser.value(
        "[...document.querySelectorAll('header a, main a')].map((one) => one.getAttribute('href'))"
    )
    assert not [one for one in links if one.startswith("/") and one != "/"], links
    dock.open("/arrivals/")
    assert "for the operator's own people" in dock.browser.text("main")
    dock.browser.size(DESK)
