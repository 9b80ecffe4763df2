"""The site over the played world: a desk in memory, its rows in the server's own table."""

import os
from collections.abc import Iterator

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
from voltrail_server.people.models import Account
from voltrail_server.records import models
from world_fixture import played_world


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
    yield desk
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


def logged_in(role: str) -> Client:
    """A browser in which a person of a role is logged in."""
    account, _ = Account.objects.get_or_create(username=role, role=role)
    client = Client()
    client.force_login(account)
    return client


@pytest.fixture
def world_client(site_desk: Desk) -> Client:
    """A browser of somebody in quality."""
    return logged_in("quality")
