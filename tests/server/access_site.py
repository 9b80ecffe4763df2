"""The site with several administrators: who is invited, appointed, reset, locked; all undone."""

from collections.abc import Iterator

import pytest

from server.signing_site import BEFORE, PEOPLE, Site, site  # sets Django up, so it stands first

# isort: split
from axes.utils import reset
from django.http import HttpResponse

from voltrail.ids.subject import PersonId
from voltrail_server.importing.models import Import
from voltrail_server.keyring.models import KeyRequest
from voltrail_server.people import bindings
from voltrail_server.people.models import Account, Binding, Passkey, Session, Tally
from voltrail_server.signing.models import Draft
from voltrail_server.work.models import Work
from world_fixture import appoint

__all__ = ["access", "account", "site"]

SECOND = ("administrator", "urn:voltrail:person:p-olga")
GOOD = "nine kestrels over the quay"


@pytest.fixture
def access(site: Site, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """A site whose tables about people are empty at the end."""
    monkeypatch.setitem(PEOPLE, "olga", SECOND)
    _forget_everybody()
    appoint(site.desk, SECOND[0], PersonId.read(SECOND[1]), BEFORE)
    bindings.refold()
    site.browser("otto")
    yield site
    _forget_everybody()


def _forget_everybody() -> None:
    tables = (Binding, Tally, Session, Passkey, Draft, Import, Work, KeyRequest, Account)
    for table in tables:
        table.objects.all().delete()
    reset()


def account(name: str) -> Account:
    return Account.objects.get(username=name)


def number(name: str) -> int:
    return account(name).pk


def posts(site: Site, by: str, address: str, **given: object) -> HttpResponse:
    return site.browser(by).post(address, given)
