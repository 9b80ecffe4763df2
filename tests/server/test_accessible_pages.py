"""Every page in a real browser, wide and narrow, light and dark: WCAG 2.2 AA as axe-core checks it.

One server and one browser for all; the demo of the invented supply chain gives each page a subject.
"""

import base64
import json
import socket
from collections.abc import Iterator
from importlib import resources
from pathlib import Path

import pytest

pytest.importorskip("django")
pytest.importorskip("axe_core_python")

import tour

from server.browser import Browser
from voltrail_world.demo import playing

pytestmark = pytest.mark.chromium

AXE = resources.files("axe_core_python").joinpath("axe.min.js").read_text(encoding="utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
RUN = (
    "axe.run(document, {runOnly: {type: 'tag', values: RULES}, resultTypes: ['violations']})"
    ".then((found) => found.violations.map((one) => ({id: one.id, nodes: one.nodes.map("
    "(node) => node.target.join(' ') + ': ' + (node.any[0] || node.all[0] || node.none[0] || {})"
    ".message)})))"
).replace("RULES", json.dumps(RULES))
# `webauthn` stands in HTML's own list since 2023; this axe-core is older and does not know it.
KNOWN = {("/log-in/", "autocomplete-valid")}
NARROWEST = 320  # [px] WCAG 2.2, 1.4.10
WIDER = (
    "[...document.querySelectorAll('body *')].filter((one) => one.getBoundingClientRect().right"
    " > innerWidth + 1 && !one.closest('.river, .jump, pre, .hidden, .sprite, [tabindex]'))"
    ".slice(0, 3).map((one) => one.outerHTML.slice(0, 120))"
)
STOPS = 'a[href], button, input, select, summary, [tabindex="0"]'
SEEN = (
    "(() => { const one = document.activeElement; const style = getComputedStyle(one);"
    " const box = one.getBoundingClientRect(); return {name: one.tagName, id: one.id,"
    " text: (one.innerText || one.value || one.id || '').trim().slice(0, 60),"
    " href: one.getAttribute('href'),"
    " outlined: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2,"
    " inside: box.bottom > 0 && box.top < innerHeight }; })()"
)


class Stage:
    """The demo in a browser, with one of each thing that a page needs."""

    def __init__(
        self, browser: Browser, site: str, passwords: dict[str, str], folder: Path
    ) -> None:
        self.browser, self.site, self.passwords = browser, site, passwords
        self.known = tour.prepare(browser, site, passwords, folder)

    def log_in(self, name: str) -> Browser:
        tour.log_in(self.browser, self.site, name, self.passwords[name])
        return self.browser

    def open(self, address: str) -> None:
        self.browser.open(self.site + address)

    def look(self, address: str, *, both: bool = True) -> tuple[list[str], list[str]]:
        """What axe-core finds on a page, and what is wider than the narrowest screen."""
        self.open(address)
        self.browser.value(f"{AXE}; true")
        found = []
        for width, dark in ((1280, both), (360, not both)):
            self.browser.size(width)
            self.dark(on=dark)
            found += [
                f"{address} {width} {one['id']}: {'; '.join(one['nodes'][:3])}"
                for one in self.browser.value(RUN)
                if (address, one["id"]) not in KNOWN
            ]
        self.browser.size(NARROWEST)
        too_wide = self.browser.value("document.documentElement.scrollWidth > innerWidth")
        return found, [f"{address}: {self.browser.value(WIDER)}"] if too_wide else []

    def dark(self, *, on: bool) -> None:
        scheme = {"name": "prefers-color-scheme", "value": "dark" if on else "light"}
        self.browser.call("Emulation.setEmulatedMedia", features=[scheme])

    def tab_to(self, wanted: str, most: int = 90) -> list[dict[str, str]]:
        """Press Tab until the focus stands on something; return all it stood on before."""
        passed = []
        for _ in range(most):
            self.browser.press("Tab", 9)
            at = self.browser.value(SEEN)
            passed.append(at)
            if wanted in (at["text"], at["id"], at["href"]):
                return passed
        raise AssertionError(f"{wanted} is not reached: {[one['text'] for one in passed]}")


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    folder = tmp_path_factory.mktemp("pages")
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        port = door.getsockname()[1]
    with (
        playing(folder / "demo", port) as demo,
        Browser(folder / "profile") as browser,
    ):
        passwords = {one.name: one.password for one in demo.accounts}
        yield Stage(browser, f"http://localhost:{port}", passwords, folder)


@pytest.fixture(scope="module")
def looked(stage: Stage) -> tuple[list[str], list[str]]:
    """Every page, looked at once: broken rules, and what is too wide."""
    stage.log_in("otto")
    seen = [stage.look(page, both=False) for page in tour.walk(stage.known)]
    for name in ("ansel", "meret", "fenna", "odo", "ivo", "runa", "ines", "liv"):
        stage.log_in(name)
        seen.append(stage.look("/"))
    stage.browser.call("Network.clearBrowserCookies")
    seen += [stage.look(page) for page in tour.walk(stage.known, tour.GATE)]
    stage.dark(on=False)
    return [one for each, _ in seen for one in each], [one for _, each in seen for one in each]


def test_no_page_breaks_wcag(looked: tuple[list[str], list[str]]) -> None:
    assert not looked[0], "\n".join(looked[0])


def test_nothing_scrolls_sideways_on_the_narrowest_screen(
    looked: tuple[list[str], list[str]],
) -> None:
    assert not looked[1], "\n".join(looked[1])


def test_contrast_holds_with_the_other_pairs_of_width_and_mode(stage: Stage) -> None:
    stage.log_in("runa")
    pages = ("/arrivals/", f"/arrivals/{tour.HELD}/", stage.known["hold"], "/policy/")
    found = [one for page in pages for one in stage.look(page)[0]]
    stage.dark(on=False)
    assert not found, "\n".join(found)


def test_a_form_is_reached_filled_and_sent_without_a_mouse(stage: Stage) -> None:
    stage.browser.size(1280)
    stage.log_in("meret")
    stage.open("/")
    first = stage.tab_to("#main")[0]
    assert first["text"] == "Skip to the content"
    stage.browser.enter()
    assert stage.browser.value("document.activeElement.id") == "main"
    stage.open("/holds/new/")
    passed = stage.tab_to("subject")
    assert all(one["outlined"] and one["inside"] for one in passed), passed
    stage.browser.call("Input.insertText", text=tour.LOT)
    for field, text in (("cause", "By keyboard alone."), ("case", "c-8")):
        stage.tab_to(field)
        stage.browser.call("Input.insertText", text=text)
    stage.tab_to("Place the hold")
    stage.browser.enter()
    assert "By keyboard alone." in stage.browser.wait_for("By keyboard alone.")


def test_the_focus_is_seen_everywhere_and_never_caught(stage: Stage) -> None:
    stage.browser.size(360)
    stage.log_in("meret")
    stage.open(f"/arrivals/{tour.HELD}/")
    stops = stage.browser.value(f"document.querySelectorAll({json.dumps(STOPS)}).length")
    passed = stage.tab_to("#main", most=3) + stage.tab_to("/anchors.json", most=stops)
    assert all(one["outlined"] for one in passed), [one for one in passed if not one["outlined"]]
    stage.tab_to("#main", most=stops)  # round and back to the beginning


def test_who_wants_no_motion_gets_none(stage: Stage) -> None:
    stage.log_in("meret")
    still = {"name": "prefers-reduced-motion", "value": "reduce"}
    stage.browser.call("Emulation.setEmulatedMedia", features=[still])
    stage.open("/")
    assert (
        stage.browser.value("getComputedStyle(document.documentElement).scrollBehavior") == "auto"
    )
    assert stage.browser.value("document.getAnimations().length") == 0
    stage.dark(on=False)


def test_a_tag_prints_on_one_page_and_an_arrival_on_a_few(stage: Stage) -> None:
    stage.browser.size(1280)
    stage.log_in("meret")
    tag = printed(stage, stage.known["hold"] + "tag/")
    arrival = printed(stage, f"/arrivals/{tour.HELD}/")
    assert pages_of(tag) == 1
    assert 1 < pages_of(arrival) <= 14  # paper folds nothing away


def printed(stage: Stage, address: str) -> bytes:
    stage.open(address)
    return base64.b64decode(stage.browser.call("Page.printToPDF")["data"])


def pages_of(pdf: bytes) -> int:
    assert pdf.startswith(b"%PDF-")
    return pdf.count(b"/Type /Page\n") + pdf.count(b"/Type /Page ")
