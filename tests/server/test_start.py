"""The start page of each function, and the one page of another firm."""

import pytest

pytest.importorskip("django")


from server.signing_site import text
from server.site_world import account_of, logged_in, site_desk
from server.table_world import tables
from voltrail.actions.desk import Desk
from voltrail_server import wiring
from voltrail_server.api import tokens
from voltrail_server.operations import acts
from voltrail_server.people.models import Account
from voltrail_server.work import queue
from voltrail_world.cast import KESTREL, TIDERACE
from world_fixture import NOW, PlayedWorld

__all__ = ["site_desk", "tables"]

SECTIONS = {
    "procurement": ("Qualifications that end soon", "Orders that were refused"),
    "quality": ("Held longest", "What holds arrivals"),
    "facilities": ("Released: accept, then put into service", "Held at your places"),
    "ot": ("Isolated", "Firmware that is not told"),
    "it": ("How the server is", "The last backup", "Invited, not here yet"),
    "security": ("Holds that stand", "Keys that wait", "Red flags"),
    "auditor": ("each with its pack", "Versions of the policy", "Exceptions in force"),
    "administrator": ("Waits for a second", "Invited, not here yet", "Keys that wait"),
}


@pytest.fixture(autouse=True)
def _at_now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wiring, "now", lambda: NOW)


@pytest.mark.parametrize("role", SECTIONS)
def test_each_function_finds_what_matters_to_it_and_no_more(site_desk: Desk, role: str) -> None:
    page = text(logged_in(role).get("/"))
    assert all(title in page for title in SECTIONS[role])
    foreign = {one for other in SECTIONS.values() for one in other} - set(SECTIONS[role])
    assert not [title for title in foreign if title in page]


def test_a_duty_leads_to_its_step_and_an_overdue_one_says_so(site_desk: Desk) -> None:
    page = text(logged_in("procurement").get("/"))
    assert "#playbook" in page
    assert "Overdue" in page


def test_a_released_arrival_offers_its_acceptance(site_desk: Desk) -> None:
    page = text(logged_in("facilities").get("/"))
    assert (
        "/acceptances/new/?verb=accept&amp;arrival=urn:voltrail:arrival:nordlicht:2026-101" in page
    )


def test_a_backup_on_record_is_told_with_its_age(tables: PlayedWorld) -> None:
    client = logged_in("it")
    assert "No backup is on record" in text(client.get("/"))
    index = acts.kept(tables.desk, "root", "", NOW).index
    assert f"/register/{index}/" in text(client.get("/"))


def test_work_that_goes_on_is_told_to_who_began_it(site_desk: Desk) -> None:
    client = logged_in("quality")
    account = Account.objects.get(username="quality")
    made = queue.Work.objects.create(
        verb="rebuild", title="Views are built anew", started_by=account, created_at=NOW
    )
    assert "Views are built anew" in text(client.get("/"))
    assert "Views are built anew" not in text(logged_in("security").get("/"))
    made.delete()


def outsider(party: str) -> Account:
    made = account_of("supplier")
    made.party = party
    made.save(update_fields=["party"])
    return made


def test_a_firm_sees_what_is_asked_of_it_and_nothing_of_others(site_desk: Desk) -> None:
    outsider(str(KESTREL))
    tokens.issue_link(str(KESTREL), "Lot records of autumn", predicate_types=())
    tokens.issue_link(str(TIDERACE), "Receipts of Tiderace", predicate_types=())
    page = text(logged_in("supplier").get("/"))
    assert "Obtain lot record" in page
    assert "lot kestrel:L26-107" in page
    assert "Lot records of autumn" in page
    assert "Receipts of Tiderace" not in page
    assert "What you handed in, newest first" in page
    assert "Menu" not in page
    assert "sodalith" not in page
    assert "brackwater" not in page.partition("What you handed in")[0]
    assert "The register holds" not in page


def test_an_account_of_no_firm_is_told_so(site_desk: Desk) -> None:
    outsider("")
    assert "belongs to no firm yet" in text(logged_in("supplier").get("/"))


def test_the_menu_holds_what_a_person_may_open(site_desk: Desk) -> None:
    quality = text(logged_in("quality").get("/arrivals/"))
    assert 'href="/people/keys/"' not in quality
    assert '<a href="/arrivals/" aria-current="page">' in quality
    assert 'href="/people/keys/"' in text(logged_in("security").get("/arrivals/"))
    deep = text(logged_in("quality").get("/arrivals/nordlicht:2026-101/"))
    assert '<a href="/arrivals/" aria-current="true">' in deep
