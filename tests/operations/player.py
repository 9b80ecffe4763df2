"""A child process that fills an installation: a played world, files, people, a session."""

import os
import sys
from datetime import timedelta
from itertools import islice

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "voltrail_server.settings")

import django
from django.apps import apps

if not apps.ready:
    django.setup()

from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore

from voltrail.actions import prove
from voltrail_server import wiring
from voltrail_server.operations import upgrading
from voltrail_server.people import bindings
from voltrail_server.people.models import Account
from voltrail_server.signing.models import Draft, Proposal, State
from voltrail_world.cast import NORDLICHT, ORIGIN, RUNA, born
from voltrail_world.play import play
from voltrail_world.story import FIRST_DAY, script

FILES = 40  # [original files]


def main(acts: int) -> None:
    """Make the installation and play so many acts."""
    upgrading.upgrade(None, wiring.now())
    world = born()
    identity = wiring.Identity(NORDLICHT, ORIGIN)
    pem = world.keys[NORDLICHT].pem()
    wiring.initialise(settings.VOLTRAIL_DATA, identity, pem, FIRST_DAY - timedelta(days=60))
    desk = wiring.desk()
    play(desk, islice(script(world), acts))
    for number in range(FILES):
        desk.blobs.put(f"original file {number}\n".encode() * (number + 1))
    _people()
    prove.checkpoint(desk)


def _people() -> None:
    runa = Account.objects.create_user("runa", "a-long-password-1", person=str(RUNA))
    bindings.by_hand(runa, "security")
    at = wiring.now()
    draft = Draft.objects.create(
        payload=b"\x00\xff draft",
        kind="urn:voltrail:predicate:waiver:v1",
        purpose="Für später",
        needed=2,
        created_by=runa,
        created_at=at,
        expires_at=at + timedelta(days=3),
        state=State.OPEN,
    )
    content = {"limits": {"a": 1, "ü": [True, None]}}
    Proposal.objects.create(
        title="A policy",
        content=content,
        created_by=runa,
        created_at=at,
        changed_at=at,
        draft=draft,
    )
    session = SessionStore()
    session["who"] = "runa"
    session.create()


if __name__ == "__main__":
    main(int(sys.argv[1]))
