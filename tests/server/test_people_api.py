"""People and permissions by API, and the verb `account` at the machine."""

import pytest

pytest.importorskip("django")

import argparse
from typing import Any

from django.test import Client

from server.access_site import GOOD, access, account, site
from server.signing_site import HOST, Site
from server.test_invitations import LINK
from voltrail.actions import show
from voltrail.errors import MalformedError, NotPermittedError, UnknownSubjectError
from voltrail.ids.subject import PartyId, PersonId
from voltrail_server import accounts
from voltrail_server.api import tokens
from voltrail_server.api.models import ApiToken
from voltrail_server.people import functions
from voltrail_server.people.models import Account, Binding

__all__ = ["access", "site"]


def ask(client: Client, address: str, **headers: str) -> tuple[int, Any]:
    found = client.get(f"/api/v1{address}", headers=headers)
    return found.status_code, found.json()


def test_may_answers_for_oneself_and_for_others(access: Site) -> None:
    access.browser("meret")
    status, told = ask(access.browser("otto"), "/may?act=person-invite")
    assert (status, told["allowed"], told["account"]) == (200, True, "otto")
    assert told["needsSecondFactor"] is True
    status, told = ask(access.browser("otto"), "/may?act=person-invite&person=meret")
    assert (told["allowed"], told["by"], told["needed"]) == (False, [], ["administrator"])
    assert "otto" in [one["account"] for one in told["who"]]
    assert ask(access.browser("otto"), "/may?act=fly")[0] == 404
    assert ask(access.browser("otto"), "/may")[0] == 422


def test_people_are_listed_for_those_who_may_read_them(access: Site) -> None:
    status, told = ask(access.browser("otto"), "/people")
    assert status == 200
    (otto,) = [one for one in told if one["account"] == "otto"]
    assert [one["function"] for one in otto["functions"]] == ["administrator"]
    assert ask(access.browser("meret"), "/people")[0] == 403
    assert ask(Client(), "/people")[0] == 401
    firm = {"Authorization": f"Bearer {tokens.issue(PartyId.of('kestrel'), 'test')}"}
    assert ask(Client(), "/people", **firm)[0] == 403
    assert ask(Client(), "/may?act=hold-place", **firm)[0] == 403
    own = {"Authorization": f"Bearer {tokens.issue(access.desk.operator, 'test')}"}
    assert ask(Client(), "/people", **own)[0] == 200
    assert ask(Client(), "/may?act=hold-place", **own)[0] == 404
    ApiToken.objects.all().delete()


def types(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    parser = argparse.ArgumentParser()
    accounts.declare(parser)
    assert accounts.account(parser.parse_args(words)) == 0
    return capsys.readouterr().out


def test_the_machine_adds_lists_and_renews(
    access: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    said = types(capsys, "add", "nora", "--role", "quality")
    assert "Added nora (quality), password " in said
    found = account("nora")
    assert found.person.startswith("urn:voltrail:person:p-")
    assert "nora" not in found.person
    row = Binding.objects.get(person=found.person)
    fact = show.entry(access.desk, row.entry).fact
    assert (fact.decided_by, "at the machine" in fact.reason) == ((), True)
    assert "quality" in types(capsys, "list")
    assert "Renewed nora" in types(capsys, "add", "nora")
    types(capsys, "add", "nora", "--role", "quality")
    assert Binding.objects.filter(person=found.person).count() == 1


def test_the_machine_lets_somebody_of_a_firm_in_and_says_of_which(
    access: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    firm = str(PartyId.of("kestrel"))
    types(capsys, "add", "liv", "--role", "supplier", "--party", firm)
    assert (account("liv").party, functions.is_outside(account("liv"))) == (firm, True)
    types(capsys, "add", "liv")
    assert account("liv").party == firm
    for words, said in (
        (("--role", "supplier"), "of which firm"),
        (("--role", "quality", "--party", firm), "Only somebody of a supplier"),
        (("--role", "supplier", "--party", "kestrel"), "identity"),
    ):
        with pytest.raises(MalformedError, match=said):
            types(capsys, "add", "sten", *words)
    assert not Account.objects.filter(username="sten").exists()


def test_the_machine_makes_a_link_and_says_so_in_the_register(
    access: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    types(capsys, "add", "nora", "--role", "quality")
    said = types(capsys, "reset-link", "nora")
    found = LINK.search(said)
    assert found
    browser = Client(headers={"host": HOST})
    assert browser.post(found[1], {"password": GOOD, "again": GOOD}).status_code == 302
    told = show.subject(access.desk, PersonId.read(account("nora").person))
    (reset,) = [one.fact for one in told if getattr(one.fact, "act", "") == "reset-sign-in"]
    assert (reset.by, "at the machine" in reset.reason) == ((), True)


def test_the_machine_closes_but_not_the_last_administrator(
    access: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    types(capsys, "add", "nora", "--role", "quality")
    assert "Closed nora." in types(capsys, "close", "nora")
    assert functions.names(account("nora")) == frozenset()
    with pytest.raises(NotPermittedError, match="last administrator"):
        types(capsys, "close", "otto")
    with pytest.raises(UnknownSubjectError):
        types(capsys, "close", "nobody")
    with pytest.raises(MalformedError, match="No account is named"):
        types(capsys, "reset-link")


def test_the_machine_folds_functions_again(
    access: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    types(capsys, "add", "nora", "--role", "quality")
    kept = Binding.objects.count()
    Binding.objects.all().delete()
    assert f"Folded {kept} functions" in types(capsys, "refold")
    assert functions.names(Account.objects.get(username="nora")) == {"quality"}
