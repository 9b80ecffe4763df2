"""Pages in German: chosen, remembered, whole; and programs answered in English all the same."""

import re
from collections.abc import Iterator
from functools import cache
from html import unescape
from pathlib import Path

import pytest

pytest.importorskip("django")

import polib
from django.conf import settings
from django.test import Client
from django.utils import translation

import voltrail_server
from server.browser import Browser
from server.live_site import served
from server.site_world import logged_in, site_desk, world_client
from server.test_default_deny import EVERY, closed
from voltrail.actions.desk import Desk
from voltrail_server.operations import catalogues
from voltrail_server.panels import words
from voltrail_server.people.language import speaking
from voltrail_server.people.models import Account

__all__ = ["site_desk", "world_client"]

SOURCES = Path(voltrail_server.__file__).parent
GERMAN = {"Accept-Language": "de"}
NOT_READ = re.compile(r"<(script|style|pre|code|svg)\b.*?</\1>", re.DOTALL)
RECORDED = frozenset({"No firmware"})  # begins of sentences that were signed in English


@pytest.fixture(autouse=True)
def _english_again() -> Iterator[None]:
    yield
    translation.activate(settings.LANGUAGE_CODE)


@cache
def english() -> frozenset[str]:
    """Every text of the catalogue that German says otherwise, in the form that a page shows."""
    entries = polib.pofile(str(SOURCES / "locale/de/LC_MESSAGES/django.po"))
    return frozenset(
        one.msgid for one in entries if one.msgid not in {one.msgstr, ""} and "%(" not in one.msgid
    )


def told(client: Client, address: str, **head: str) -> str:
    """What the middle of a page says; nothing where the address answers with a file."""
    with closed(client.get(address, headers={**GERMAN, **head})) as answer:
        if "html" not in answer["Content-Type"]:
            return ""
        body = answer.content.decode()
    return NOT_READ.sub("\0", body.partition("<main")[2].partition("</main>")[0])


def texts(page: str) -> set[str]:
    found = (unescape(one).strip() for one in re.sub(r"<[^>]*>", "\0", page).split("\0"))
    return {one for one in found if one}


def test_no_german_page_shows_a_text_that_german_has(site_desk: Desk) -> None:
    client, left = logged_in("administrator"), {}
    names = set(Account.objects.values_list("username", flat=True))
    for address in EVERY:
        if not address.startswith("/api/"):
            found = texts(told(client, address)) & english() - RECORDED - names
            if found:
                left[address] = sorted(found)
    assert not left


def test_every_page_says_its_language(world_client: Client) -> None:
    assert '<html lang="de">' in world_client.get("/register/", headers=GERMAN).content.decode()
    assert '<html lang="en">' in world_client.get("/register/").content.decode()


JUDGED = ("release", "quarantine", "reject", "isolate")


def test_the_four_words_of_judgement_are_always_the_same() -> None:
    with translation.override("de"):
        said = [
            words.disposition(one).text for one in ("release", "quarantine", "reject", "isolate")
        ]
        leads = [words.said(one) for one in ("quarantine", "reject", "isolate")]
    assert said == ["Freigeben", "Quarantäne", "Zurückweisen", "Isolieren"]
    assert leads == said[1:]


def test_a_control_that_holds_is_not_a_list_of_holds() -> None:
    with translation.override("de"):
        assert words.outcome("holds").text == "Erfüllt"
        assert translation.gettext("Holds") == "Sperren"


def test_a_choice_is_kept_without_a_log_in(site_desk: Desk) -> None:
    client = Client()
    answer = client.post("/language/", {"language": "de", "next": "/log-in/?next=/long-work/"})
    assert answer["Location"] == "/log-in/?next=/long-work/"
    assert answer.cookies["language"]["httponly"]
    assert "Anmelden" in client.get("/log-in/").content.decode()
    client.post("/language/", {"language": "en"})
    assert "Log in" in client.get("/log-in/", headers=GERMAN).content.decode()


def test_a_choice_stands_on_the_account_and_counts_in_another_browser(site_desk: Desk) -> None:
    logged_in("quality").post("/language/", {"language": "de"})
    account = Account.objects.get(username="quality")
    assert account.language == "de"
    elsewhere = logged_in("quality")
    assert '<html lang="de">' in elsewhere.get("/register/").content.decode()
    with speaking(account):
        assert translation.gettext("Hold") == "Sperre"
    with speaking(None):
        assert translation.gettext("Hold") == "Hold"
    Account.objects.filter(username="quality").update(language="")


@pytest.mark.parametrize("asked", ["", "xx", "de-x-y", "../en", "DE", "de\0"])
def test_a_language_nobody_speaks_here_is_refused(site_desk: Desk, asked: str) -> None:
    answer = Client().post("/language/", {"language": asked})
    assert answer.status_code == 400
    assert "language" not in answer.cookies


@pytest.mark.parametrize(
    "back",
    ["https://elsewhere.example/", "//elsewhere.example", "javascript:x", "\\\\x", "", "x\0"],
)
def test_the_switch_leads_to_this_site_only(site_desk: Desk, back: str) -> None:
    answer = Client().post("/language/", {"language": "de", "next": back})
    assert answer["Location"] == "/"


def test_the_switch_asks_for_its_secret(site_desk: Desk) -> None:
    strict = Client(enforce_csrf_checks=True)
    assert strict.post("/language/", {"language": "de"}).status_code == 403


def test_programs_are_answered_in_english(site_desk: Desk) -> None:
    answer = Client().get("/api/v1/arrivals", headers=GERMAN)
    assert answer["Content-Language"] == "en"


def test_an_error_is_told_in_german_and_a_recorded_value_stays(world_client: Client) -> None:
    page = world_client.get("/subjects/kestrel:L26-101/", headers=GERMAN).content.decode()
    assert "Fehlerhaft aufgebaut" in page
    assert "kestrel:L26-101" in page


def test_catalogues_are_made_once_by_any_process(tmp_path: Path) -> None:
    sources = SOURCES / "locale"
    home = catalogues.compiled(sources, tmp_path)
    made = home / "de/LC_MESSAGES/django.mo"
    before = made.stat().st_mtime_ns
    assert catalogues.compiled(sources, tmp_path) == home
    assert made.stat().st_mtime_ns == before
    assert not list(made.parent.glob(".*"))


def test_a_changed_catalogue_is_another_folder(tmp_path: Path) -> None:
    folder = tmp_path / "locale/de/LC_MESSAGES"
    folder.mkdir(parents=True)
    file = folder / "django.po"
    file.write_text('msgid ""\nmsgstr "Language: de\\n"\n\nmsgid "a"\nmsgstr "b"\n')
    first = catalogues.compiled(tmp_path / "locale", tmp_path / "kept")
    file.write_text(file.read_text().replace('"b"', '"c"'))
    second = catalogues.compiled(tmp_path / "locale", tmp_path / "kept")
    assert first != second
    assert (first / "de/LC_MESSAGES/django.mo").exists()


WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
NARROW = (
    "/",
    "/arrivals/",
    "/long-work/",
    "/policy/",
    "/holds/",
    "/exceptions/",
    "/import/",
    "/me/",
    "/people/may/",
)


@pytest.mark.chromium
def test_german_fits_a_phone(tmp_path: Path) -> None:
    with (
        served(tmp_path / "data") as (site, passwords),
        Browser(tmp_path / "profile", width=360) as browser,
    ):
        browser.open(f"{site}/log-in/")
        browser.fill("#id_username", "otto")
        browser.fill("#id_password", passwords["otto"])
        browser.click(".gate button")
        browser.wait_for("How arrivals stand")
        browser.value('document.cookie = "language=de; path=/"')
        for address in NARROW:
            browser.open(site + address)
            assert browser.value("document.documentElement.lang") == "de", address
            assert browser.value(WIDE) <= 0, address
            browser.screenshot(tmp_path / f"{address.strip('/').replace('/', '-')}.png")


def test_what_pages_count_and_link_by_does_not_change_with_the_language(
    world_client: Client, site_desk: Desk
) -> None:
    for row in list(site_desk.views.rows())[:3]:
        address = f"/arrivals/{row.arrival.split(':', 3)[3]}/"
        both = [
            world_client.get(address, headers={"Accept-Language": one}).content.decode()
            for one in ("en", "de")
        ]
        marks = [re.findall(r'(?:id|class|href|value|name)="([^"]*)"', page) for page in both]
        marks = [[one for one in found if "csrf" not in one and len(one) < 64] for found in marks]
        assert marks[0] == marks[1], address


def test_a_policy_marks_its_modes_alike_in_every_language(world_client: Client) -> None:
    page = world_client.get("/policy/", headers=GERMAN).content.decode()
    assert 'class="mode-required">verlangt<' in page
