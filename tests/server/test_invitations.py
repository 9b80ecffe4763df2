"""A person is invited, comes in once by their link, and leaves; nothing on record is lost."""

import pytest

pytest.importorskip("django")

import re
from datetime import timedelta

from django.test import Client

from server.access_site import GOOD, access, account, number, posts, site
from server.authenticator import Authenticator
from server.signing_site import CHALLENGE, HOST, Site, found_in, text, unurl64
from voltrail.actions import show
from voltrail.errors import NotPermittedError
from voltrail.ids.subject import PersonId
from voltrail.statements.envelope import parse
from voltrail_server.people import functions, invitations
from voltrail_server.people.bindings import Wanted
from voltrail_server.people.invitations import Invited
from voltrail_server.people.models import Account, Binding, Invitation, Passkey
from voltrail_server.signing import leaving
from voltrail_world.cast import HALL

__all__ = ["access", "site"]

LINK = re.compile(r"http://localhost:8000(/join/[^/<]+/)")
NORA = {"name": "Nora Quist", "log_in": "nora", "function": "quality", "reason": "She joins us."}


def invited(site: Site, **given: object) -> str:
    """The path of the link that an invitation shows."""
    answer = posts(site, "otto", "/people/invite/", **{**NORA, **given})
    assert answer.status_code == 200, text(answer)
    return found_in(LINK, answer)


def visitor() -> Client:
    return Client(headers={"host": HOST})


def said_about(site: Site, name: str) -> list[str]:
    found = show.subject(site.desk, PersonId.read(account(name).person))
    return [getattr(one.fact, "act", getattr(one.fact, "verb", "")) for one in found]


def test_an_invited_person_chooses_a_password_and_is_in(access: Site) -> None:
    link, browser = invited(access, place=[str(HALL)]), visitor()
    assert "Your log-in name is nora" in text(browser.get(link))
    answer = browser.post(link, {"password": GOOD, "again": GOOD})
    assert (answer.status_code, answer["Location"]) == (302, "/me/")
    page = text(browser.get("/me/"))
    assert "Quality" in page
    assert account("nora").password.startswith("argon2")
    assert set(said_about(access, "nora")) == {"appoint", "invite", "open-account"}


def test_the_register_holds_a_pseudonym_and_no_name(access: Site) -> None:
    invited(access)
    person = account("nora").person
    assert re.fullmatch(r"urn:voltrail:person:p-[0-9a-f]{16}", person)
    entries = access.desk.entries
    raw = b"".join(parse(one.raw).payload for one in entries.entries(0, entries.size()))
    assert b"nora" not in raw.lower()
    assert b"quist" not in raw.lower()


def test_a_link_is_kept_as_a_digest_and_works_once(access: Site) -> None:
    link = invited(access)
    secret = link.split("/")[2]
    assert secret not in str(Invitation.objects.values().get())
    assert visitor().post(link, {"password": GOOD, "again": GOOD}).status_code == 302
    again = visitor().post(link, {"password": GOOD, "again": GOOD})
    assert (again.status_code, "used" in text(again)) == (404, True)


def test_nobody_logs_in_before_the_link_was_used(access: Site) -> None:
    invited(access)
    answer = visitor().post("/log-in/", {"username": "nora", "password": ""})
    assert answer.status_code == 200
    assert not account("nora").has_usable_password()
    assert not account("nora").is_active


def test_a_link_runs_out(access: Site) -> None:
    link = invited(access)
    access.later(days=8)
    assert visitor().get(link).status_code == 404
    assert visitor().post(link, {"password": GOOD, "again": GOOD}).status_code == 404


@pytest.mark.parametrize(
    ("password", "again", "sentence"),
    [
        (GOOD, GOOD + "x", "The two passwords differ"),
        ("short", "short", "too short"),
        ("123456789012", "123456789012", "entirely numeric"),
        ("nora-nora-nora", "nora-nora-nora", ""),
        ("", "", "too short"),
    ],
)
def test_a_weak_password_is_refused_and_the_link_stays(
    access: Site, password: str, again: str, sentence: str
) -> None:
    link = invited(access)
    answer = visitor().post(link, {"password": password, "again": again})
    if sentence:
        assert (answer.status_code, sentence in text(answer)) == (400, True)
        assert visitor().get(link).status_code == 200


def test_an_invited_person_comes_in_with_a_passkey_and_no_password(access: Site) -> None:
    link, browser, device = invited(access), visitor(), Authenticator()
    challenge = unurl64(found_in(CHALLENGE, browser.get(link)))
    answer = browser.post(f"{link}passkey/", device.made(challenge))
    assert (answer.status_code, answer["Location"]) == (302, "/me/"), text(answer)
    assert Passkey.objects.get().account == account("nora")
    assert not account("nora").has_usable_password()
    replayed = visitor().post(f"{link}passkey/", device.made(challenge))
    assert replayed.status_code in {404, 409}


def test_a_passkey_over_another_challenge_opens_nothing(access: Site) -> None:
    link, browser = invited(access), visitor()
    browser.get(link)
    answer = browser.post(f"{link}passkey/", Authenticator().made(b"not asked"))
    assert answer.status_code == 409
    assert not account("nora").is_active


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"name": " "}, "has no name"),
        ({"log_in": "No Spaces"}, "is no log-in name"),
        ({"log_in": "otto"}, "is taken"),
        ({"mail": "nowhere"}, "no mail address"),
        ({"function": []}, "No function"),
        ({"function": "emperor"}, "no function"),
        ({"reason": ""}, "No reason"),
    ],
)
def test_an_invitation_without_sense_leaves_nothing(
    access: Site, given: dict[str, object], sentence: str
) -> None:
    answer = posts(access, "otto", "/people/invite/", **{**NORA, **given})
    assert answer.status_code == 400
    assert sentence in text(answer)
    assert not Account.objects.filter(username="nora").exists()
    assert "Nora Quist" in text(answer) or "name" in given


def test_nobody_but_an_administrator_invites(access: Site) -> None:
    for name in ("vera", "meret", "ines"):
        assert posts(access, name, "/people/invite/", **NORA).status_code == 403
        assert access.browser(name).get("/people/invite/").status_code == 403


def test_an_administrator_is_not_invited_by_one_alone_where_there_are_two(access: Site) -> None:
    access.browser("olga")
    answer = posts(access, "otto", "/people/invite/", **{**NORA, "function": "administrator"})
    assert (answer.status_code, "made by two administrators" in text(answer)) == (403, True)


def test_another_link_ends_the_first(access: Site) -> None:
    first = invited(access)
    answer = posts(access, "otto", f"/people/{number('nora')}/link/")
    second = found_in(LINK, answer)
    assert visitor().get(first).status_code == 404
    assert visitor().get(second).status_code == 200


def test_an_invitation_that_is_taken_back_opens_nothing_and_its_functions_end(access: Site) -> None:
    link = invited(access)
    access.later(minutes=1)
    answer = posts(access, "otto", f"/people/{number('nora')}/link/back/")
    assert answer.status_code == 302
    assert visitor().get(link).status_code == 404
    assert Binding.objects.filter(person=account("nora").person, end_entry=None).count() == 0
    again = posts(access, "otto", f"/people/{number('nora')}/link/back/")
    assert again.status_code == 403


def test_links_that_lead_nowhere_are_counted_by_address(
    access: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(invitations, "MOST_WRONG", 3)
    link = invited(access)
    codes = [visitor().get("/join/guess/").status_code for _ in range(4)]
    assert codes == [404, 404, 404, 429] or codes[-1] == 429
    assert visitor().get(link).status_code == 429
    access.later(minutes=16)
    assert visitor().get(link).status_code == 200


def test_the_hook_for_mail_returns_invitation_and_link(access: Site) -> None:
    made, link = invitations.invite(
        account("otto"), Invited("Nora", "nora", "nora@x.example"), [Wanted("ot", reason="Why.")]
    )
    assert made.expires_at - access.now() == timedelta(days=7)
    assert link.startswith("http://localhost:8000/join/")


def test_a_person_who_leaves_takes_nothing_along(access: Site) -> None:
    device = access.passkey("meret")
    draft = access.sign_off("meret")
    signed = access.sign_off("meret")
    assert access.signs("meret", signed, device).status_code == 302
    page = text(access.browser("otto").get(f"/people/{number('meret')}/"))
    assert "To sign:" in page
    size = access.desk.entries.size()
    given = {"reason": "She moved to another firm."}
    assert posts(access, "otto", f"/people/{number('meret')}/leave/", **given).status_code == 302
    assert access.browser("meret").get("/me/").status_code == 302
    assert access.desk.entries.size() > size
    assert functions.names(account("meret")) == frozenset()
    draft.refresh_from_db()
    assert (draft.state, "has left" in draft.refusal) == ("withdrawn", True)
    signed.refresh_from_db()
    assert signed.state == "handed-in"
    access.later(minutes=1)
    assert leaving.theirs(account("meret")).count == 0
    assert "leave" in said_about(access, "meret")


def test_a_name_is_erased_and_the_pseudonym_stays(access: Site) -> None:
    access.browser("meret")
    person, address = account("meret").person, f"/people/{number('meret')}"
    assert posts(access, "otto", f"{address}/erase/").status_code == 403
    posts(access, "otto", f"{address}/leave/", reason="She moved.")
    assert posts(access, "otto", f"{address}/erase/").status_code == 302
    row = Account.objects.get(person=person)
    assert (row.display_name, row.mail, row.username) == ("", "", f"erased-{row.pk}")


def test_nobody_closes_their_own_account_nor_the_last_administrators(access: Site) -> None:
    answer = posts(access, "otto", f"/people/{number('otto')}/leave/", reason="Tired.")
    assert (answer.status_code, "their own account" in text(answer)) == (403, True)
    with pytest.raises(NotPermittedError, match="last administrator"):
        leaving.leave(None, account("otto"), "By hand.")


def test_the_list_says_who_is_here_and_leaves_as_a_file(access: Site) -> None:
    invited(access, place=[str(HALL)], ends="2027-06-01")
    page = text(access.browser("otto").get("/people/"))
    assert "Nora Quist" in page
    assert "until 2027-06-01 00:00Z" in page
    assert "Invited" in page
    only = text(access.browser("otto").get("/people/", {"function": "administrator"}))
    assert "Nora Quist" not in only
    sheet = b"".join(access.browser("otto").get("/people.csv").streaming_content).decode()
    assert sheet.startswith("name,log-in,state,functions")
    assert "nora" in sheet
    assert access.browser("meret").get("/people/").status_code == 403
    assert access.browser("meret").get(f"/people/{number('nora')}/").status_code == 403
    assert access.browser("otto").get("/people/99999999/").status_code == 404


KESTREL = "urn:voltrail:party:kestrel"
LIV = {"name": "Liv Moe", "log_in": "liv", "function": [], "party": KESTREL}


def test_somebody_of_a_firm_is_invited_and_sees_that_firms_page_alone(access: Site) -> None:
    assert f'<option value="{KESTREL}">' in text(access.browser("otto").get("/people/invite/"))
    link, browser = invited(access, **LIV), visitor()
    answer = browser.post(link, {"password": GOOD, "again": GOOD})
    assert (answer.status_code, answer["Location"]) == (302, "/")
    page = text(browser.get("/"))
    assert "kestrel" in page
    assert "belongs to no firm" not in page
    assert browser.get("/arrivals/").status_code == 403
    assert (account("liv").party, functions.names(account("liv"))) == (KESTREL, {"supplier"})
    shown = text(access.browser("otto").get(f"/people/{number('liv')}/"))
    assert KESTREL in shown


@pytest.mark.parametrize(
    ("changes", "status", "sentence"),
    [
        ({"function": ["quality"]}, 400, "holds no function here"),
        ({"party": "urn:voltrail:party:nordlicht"}, 400, "your own firm"),
        ({"party": "urn:voltrail:party:nobody-spoke"}, 404, "nobody-spoke"),
        ({"party": "kestrel"}, 400, "kestrel"),
        ({"party": ""}, 400, "No function is chosen."),
    ],
)
def test_a_firm_that_fits_nobody_is_refused_and_the_form_is_kept(
    access: Site, changes: dict[str, object], status: int, sentence: str
) -> None:
    answer = posts(access, "otto", "/people/invite/", **{**NORA, **LIV, **changes})
    assert answer.status_code == status, text(answer)
    assert sentence in text(answer)
    assert "Liv Moe" in text(answer)
    assert not Account.objects.filter(username="liv").exists()
