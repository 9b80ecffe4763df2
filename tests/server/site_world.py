"""The site over the played world: a desk in memory, its rows in the server's own table."""

import os
from collections.abc import Iterator
from contextlib import suppress

import pytest

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "voltrail_server.settings")

import django
from django.apps import apps

if not apps.ready:
    django.setup()

from django.core.management import call_command
from django.test import Client
from msgspec import structs

from voltrail.actions.desk import Desk
from voltrail_server import wiring
from voltrail_server.people import bindings
from voltrail_server.people.models import Account, Binding
from voltrail_server.records import models
from world_fixture import person_in, played_world


class _Undone(Exception):  # noqa: N818 — no error
    """The end of a test."""


@pytest.fixture
def site_desk(monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    """The played world's desk, plugged in where pages ask for one."""
    call_command("migrate", verbosity=0, interactive=False)
    desk = played_world().desk
    monkeypatch.setattr(wiring, "desk", lambda: desk)
    models.ArrivalRow.objects.bulk_create(
        models.ArrivalRow(**structs.asdict(row)) for row in desk.views.rows()
    )
    models.Link.objects.bulk_create(linked(desk))
    bindings.refold()
    with suppress(_Undone), desk.entries.transaction():
        yield desk
        raise _Undone  # what a test states is not in the world of the next one
    Binding.objects.all().delete()
    models.ArrivalRow.objects.all().delete()
    models.Link.objects.all().delete()


def linked(desk: Desk) -> Iterator[models.Link]:
    """Every link of a desk in memory, as rows of the server's own table."""
    keys, after = desk.views.keys, ""
    while found := keys("", after):
        for key in found:
            for index in desk.views.indices(key):
                yield models.Link(key=key, index=index)
        after = found[-1]


def account_of(role: str) -> Account:
    """The account of a person whom the register says to hold a function."""
    given = {"person": str(person_in(role))}
    account, _ = Account.objects.get_or_create(username=role, defaults=given)
    bindings.by_hand(account, role)
    return account


def logged_in(role: str) -> Client:
    """A browser in which a person of a role is logged in."""
    client = Client()
    client.force_login(account_of(role))
    return client


@pytest.fixture
def world_client(site_desk: Desk) -> Client:
    """A browser of somebody in quality."""
    return logged_in("quality")
