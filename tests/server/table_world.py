"""The site over real tables: a desk on Django's stores, undone when the test ends."""

from collections.abc import Iterator

import pytest
from django.core.management import call_command
from django.db import transaction
from msgspec.structs import replace

from server.site_world import account_of, logged_in
from voltrail_server import wiring
from voltrail_server.people import bindings
from voltrail_server.records.store import DjangoEntries
from voltrail_server.records.views import DjangoViews
from voltrail_world.arrivals import acts_of
from voltrail_world.cast import born
from voltrail_world.play import desk_of, play
from voltrail_world.story import groundwork, stories
from world_fixture import NOW, PlayedWorld, appoint_all, clean_shipment

__all__ = ["account_of", "logged_in"]


@pytest.fixture
def tables(monkeypatch: pytest.MonkeyPatch) -> Iterator[PlayedWorld]:
    """A world with its groundwork laid and two arrivals, in the server's own tables."""
    call_command("migrate", verbosity=0, interactive=False)
    with transaction.atomic():
        world = born()
        desk = replace(desk_of(world), entries=DjangoEntries(), views=DjangoViews(), _kept={})
        monkeypatch.setattr(wiring, "desk", lambda: desk)
        monkeypatch.setattr(wiring, "now", lambda: NOW)
        seen = PlayedWorld(world, desk, play(desk, groundwork(world)))
        going = (clean_shipment(), replace(stories()[4].shipment, number="703"))
        acts = [act for one in going for act in acts_of(world, one)]
        play(desk, sorted(acts, key=lambda act: act.at))
        appoint_all(desk)
        bindings.refold()
        yield seen
        transaction.set_rollback(True)
