"""In a real browser: a list is uploaded, confirmed, and its page keeps itself up to date."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("django")

from server.browser import Browser
from server.live_site import served

pytestmark = pytest.mark.chromium
FIRMS = "Lieferanten-Nr.;Firma;Land;Rolle\nS 1;Müller;DE;Händler\nS 2;Berg;Mars;Händler\n"


def choose(browser: Browser, selector: str, file: Path) -> None:
    """Choose a file, as a person does in the dialog."""
    root = browser.call("DOM.getDocument")["root"]["nodeId"]
    node = browser.call("DOM.querySelector", nodeId=root, selector=selector)["nodeId"]
    browser.call("DOM.setFileInputFiles", files=[str(file)], nodeId=node)


def work(folder: Path) -> None:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("VOLTRAIL_")}
    words = [sys.executable, "-m", "voltrail.cli.main", "work", "--until-empty"]
    subprocess.run(words, env={**kept, "VOLTRAIL_DATA": str(folder)}, check=True, timeout=120)


def test_a_list_is_brought_in_and_the_page_follows_the_work(tmp_path: Path) -> None:
    folder, list_ = tmp_path / "data", tmp_path / "firms.csv"
    list_.write_text(FIRMS, encoding="cp1252")
    with served(folder) as (site, passwords), Browser(tmp_path / "profile") as browser:
        browser.open(f"{site}/log-in/")
        browser.fill("#id_username", "otto")
        browser.fill("#id_password", passwords["otto"])
        browser.click(".gate button")
        browser.wait_for("How arrivals stand")
        browser.open(f"{site}/import/")
        choose(browser, "#file", list_)
        browser.click("main form.panel button")
        assert "Windows-1252" in browser.wait_for("Which column is what?")
        browser.click("form.wide button")
        shown = browser.wait_for("Record the good rows (1)")
        assert "'Mars' is no country" in shown
        browser.click("form[action$='/confirm/'] button")
        browser.wait_for("It waits for a worker.")
        browser.value("window.same = true")
        browser.value("window.refused = []")
        browser.value(
            "document.addEventListener('securitypolicyviolation',"
            " (one) => window.refused.push(one.violatedDirective))"
        )
        work(folder)
        browser.wait_for("Recorded: 1.")
        assert browser.value("window.same") is True, "the page was not loaded again"
        assert browser.value("window.refused") == []
        assert browser.value("document.querySelectorAll('style').length") == 0
        assert browser.value("document.querySelector('[hx-trigger]')") is None
        browser.click(".going a.primary")
        browser.wait_for("See what is on record")
        browser.open(f"{site}/parties/")
        browser.wait_for("Müller")
