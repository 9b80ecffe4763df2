"""
Every page that opens with an address, and what a demo must hold for each to have a subject.

The pictures, and the check that people with any means can use the pages, walk this one list. An
address in braces is filled in by what `prepare` did in the demo.
"""

import secrets
from collections.abc import Iterator, Mapping
from pathlib import Path

from server.browser import Browser

CLEAR, HELD = "nordlicht:2026-101", "nordlicht:2026-105"
LOT = "urn:voltrail:lot:kestrel:L26-107"
WORDS = "How arrivals stand"  # on the start page of everybody inside
FIRMS = "Number;Firm;Country;Role\nS 1;Weir Cells;DE;trader\nS 2;Holm Packs;Mars;trader\n"

# name of the address in urls.py → the addresses that show it
PAGES: dict[str, tuple[str, ...]] = {
    "start": ("/",),
    "find": ("/find/?q=kestrel",),
    "errors": ("/docs/errors",),
    "arrivals": ("/arrivals/", "/arrivals/?text=none"),
    "arrival": tuple(f"/arrivals/{one}/" for one in (CLEAR, HELD)),
    "arrival-serials": (f"/arrivals/{CLEAR}/serials/",),
    "arrival-decision": ("{decision}",),
    "lots": ("/lots/",),
    "lot": ("/lots/kestrel:L26-107/", "/lots/kestrel:L26-110/"),
    "orders": ("/orders/", "/orders/?show=refused"),
    "order-new": ("/orders/new/",),
    "order": ("/orders/nordlicht:PO-105/",),
    "parties": ("/parties/",),
    "party": ("/parties/tiderace/",),
    "places": ("/places/",),
    "place-new": ("/places/new/",),
    "place-classify": ("/places/nordlicht:hall-7/classify/",),
    "place": ("/places/nordlicht:hall-7/",),
    "unit": ("/units/kestrel:S900015/",),
    "unit-provenance": ("/units/kestrel:S900015/provenance/",),
    "passports": ("/passports/?about=urn%3Avoltrail%3Aunit%3Akestrel%3AS900015",),
    "moves": ("/moves/", "/moves/?place=urn:voltrail:place:nordlicht:hall-7"),
    "lot-units": ("/lots/kestrel:L26-101/units/",),
    "place-permission": ("/places/nordlicht:hall-7/permissions/",),
    "trace": ("/trace/?about=urn%3Avoltrail%3Aunit%3Akestrel%3AS900015",),
    "subject": ("/subjects/urn:voltrail:person:p-runa/",),
    "policy": ("/policy/",),
    "practices": ("/policy/practices/",),
    "policy-compare": ("/policy/compare/",),
    "proposal": ("{proposal}",),
    "proposal-control": ("{proposal}rules/CUS-01/",),
    "contradictions": ("/contradictions/", "/contradictions/?severity=L"),
    "holds": ("/holds/",),
    "hold-place": ("/holds/new/",),
    "hold": ("{hold}",),
    "hold-tag": ("{hold}tag/",),
    "recalls": ("/recalls/",),
    "recall-new": ("/recalls/new/", f"/recalls/new/?about={LOT}"),
    "drafts": ("/signing/",),
    "draft": ("{draft}",),
    "acceptance-ask": (f"/acceptances/new/?verb=accept&arrival=urn:voltrail:arrival:{CLEAR}",),
    "waivers": ("/exceptions/",),
    "waiver-ask": ("/exceptions/new/?control=CUS-01",),
    "works": ("/long-work/",),
    "work": ("{work}",),
    "imports": ("/import/",),
    "foreign": ("/foreign/",),
    "import": ("{import}",),
    "import-columns": ("{import}columns/",),
    "threats": ("/threats/",),
    "register": ("/register/",),
    "hand-in": ("/register/hand-in/",),
    "witnesses": ("/register/witnesses/",),
    "checkpoint-compare": ("/register/compare/",),
    "entry": ("/register/40/",),
    "sign-off": ("/register/40/sign-off/",),
    "me": ("/me/",),
    "notices": ("/notices/",),
    "own-notices": ("/me/notices/",),
    "remark-new": (f"/remarks/new/?about={LOT}",),
    "people": ("/people/",),
    "person-invite": ("/people/invite/",),
    "may": ("/people/may/", "/people/may/?act=order-place"),
    "requests": ("/people/requests/",),
    "firms": ("/people/firms/",),
    "scan": ("/scan/", "/scan/?text=kestrel:S900015", "/scan/?text=K-NEVER"),
    "firm-keys": ("/keys/", "/keys/?party=urn:voltrail:party:kestrel"),
    "firm-key-doubt": ("{doubt}",),
    "training": ("/people/training/",),
    "keys": ("/people/keys/",),
    "person": ("/people/1/",),
}
# Open to whoever is not logged in.
GATE: dict[str, tuple[str, ...]] = {"log-in": ("/log-in/",), "join": ("{join}",)}

_FILE = "hands out a file"
_FORM = "takes a form; opened plainly it shows nothing of its own"
# What a picture would not show.
NOT_OPENED: dict[str, str] = {
    "healthz": "answers programs, in JSON",
    "metrics": "answers programs, as text",
    "intake-link": "needs a link that only the API makes; its page has tests of its own",
    "log-in-code": "stands only between a password and a code",
    "log-in-provider": "leads to another site",
    "log-in-back": "comes from another site",
    "waiver": "needs an exception that two people signed; the demo has none",
    "waiver-snapshot": "needs an exception that two people signed; the demo has none",
    "notice": "marks a notice as read and leads to what it is about",
    "own-address-confirm": "needs a link that only a mail holds",
    "remark-file": _FILE,
    "work-file": _FILE,
    "element": "needs a unit whose maker bound a key to it; the demo has none",
    "move": "needs a move that somebody recorded; the demo has none",
    "lot-units-sheet": _FILE,
    "arrival-pack": _FILE,
    "arrival-labels": _FILE,
    "unit-label": _FILE,
    "trace-sheet": _FILE,
    "arrival-serials-sheet": _FILE,
    "contradictions-sheet": _FILE,
    "foreign-look": "needs a file that somebody uploaded; the demo has none",
    "recall": "needs a recall or a rehearsal; the demo has none",
    "recall-answer": "needs a recall or a rehearsal; the demo has none",
    "recall-report": _FILE,
    "recall-scope": _FILE,
    "time-receipt": _FILE,
    "time-token": _FILE,
    "policy-draft": _FILE,
    "draft-payload": _FILE,
    "people-csv": _FILE,
    "import-example": _FILE,
    "import-wrong": _FILE,
    "entry-statement": _FILE,
    "statement-pack": _FILE,
    "entry-proof": _FILE,
    "checkpoint": _FILE,
    "anchors": _FILE,
    "policy-simulate": "shows what came of an uploaded file",
    "proposal-simulate": "judges past arrivals anew; its answer is part of the proposal's page",
    "factor-begin": "begins codes for an account",
    "log-out": "ends the session that was begun",
    "join-passkey": _FORM,
    "join-provider": _FORM,
}


def walk(known: Mapping[str, str], pages: Mapping[str, tuple[str, ...]] = PAGES) -> Iterator[str]:
    """Yield every address of some pages, filled in."""
    for addresses in pages.values():
        yield from (one.format(**known) for one in addresses)


def log_in(browser: Browser, site: str, name: str, password: str) -> None:
    """Log a person in; whoever was in before is forgotten."""
    browser.call("Network.clearBrowserCookies")
    browser.open(f"{site}/log-in/")
    browser.fill("#id_username", name)
    browser.fill("#id_password", password)
    browser.click(".gate button")
    browser.wait_until("document.querySelector('.who button') !== null")


def prepare(
    browser: Browser, site: str, passwords: Mapping[str, str], folder: Path
) -> dict[str, str]:
    """Do in a demo what makes the pages that need it; return the addresses, for `walk`."""
    log_in(browser, site, "meret", passwords["meret"])
    known = {"draft": _draft(browser, site), "hold": _hold(browser, site)}
    log_in(browser, site, "otto", passwords["otto"])
    known["proposal"] = _sent(browser, f"{site}/policy/", "main form[action='/policy/proposals/']")
    known["join"] = _invited(browser, site)
    known["decision"] = _older_decision(browser, site)
    known["doubt"] = f"{_first_key(browser, site)}?how=compromise"
    return known | _imported(browser, site, folder)


def _first_key(browser: Browser, site: str) -> str:
    browser.open(f"{site}/keys/")
    return str(browser.value("document.querySelector('a[href*=\"/doubt/\"]').getAttribute('href')"))


def _older_decision(browser: Browser, site: str) -> str:
    browser.open(f"{site}/arrivals/{HELD}/")
    return str(
        browser.value("document.querySelector('a[href*=\"/decisions/\"]').getAttribute('href')")
    )


def choose(browser: Browser, selector: str, file: Path) -> None:
    """Choose a file, as a person does in the dialog."""
    root = browser.call("DOM.getDocument")["root"]["nodeId"]
    node = browser.call("DOM.querySelector", nodeId=root, selector=selector)["nodeId"]
    browser.call("DOM.setFileInputFiles", files=[str(file)], nodeId=node)


def _draft(browser: Browser, site: str) -> str:
    browser.open(f"{site}/register/40/sign-off/")
    browser.fill("#verb", "accept")
    return _led(browser, "main form.panel button")


def _hold(browser: Browser, site: str) -> str:
    browser.open(f"{site}/holds/new/")
    for field, text in {"subject": LOT, "cause": "Two cells are swollen.", "case": "c-7"}.items():
        browser.fill(f"#{field}", text)
    return _led(browser, "main form.panel button")


def _invited(browser: Browser, site: str) -> str:
    browser.open(f"{site}/people/invite/")
    browser.fill("[name=name]", "Nora Quist")
    browser.fill("[name=log_in]", "nora")
    browser.value("document.querySelector('[name=function][value=quality]').click()")
    browser.fill("[name=reason]", "She leads incoming inspection.")
    _led(browser, "main form.panel button.primary")
    return browser.text(".refusal .id code").removeprefix(site)


def _imported(browser: Browser, site: str, folder: Path) -> dict[str, str]:
    """Bring one list as far as its preview, and another one all the way."""
    found = {}
    for name in ("import", "work"):
        list_ = folder / f"{name}.csv"
        number = secrets.token_hex(4)  # a list that is the same would be known already
        list_.write_text(FIRMS.replace("S ", f"{number}-"), encoding="utf-8")
        browser.open(f"{site}/import/")
        choose(browser, "#file", list_)
        found[name] = _led(browser, "main form.panel button").removesuffix("columns/")
        _led(browser, "form.wide button")
    found["work"] = _led(browser, "form[action$='/confirm/'] button")
    return found


def _sent(browser: Browser, address: str, form: str) -> str:
    browser.open(address)
    return _led(browser, f"{form} button")


def _led(browser: Browser, button: str) -> str:
    """Press a button; return the path of the page that it leads to."""
    browser.value("window.before = true")
    browser.click(button)
    browser.wait_until("window.before === undefined && document.readyState === 'complete'")
    return str(browser.value("location.pathname"))
