"""The site with people who sign: a fresh world's desk, a clock that tests move, own browsers."""

import base64
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "voltrail_server.settings")

import django
from django.apps import apps

if not apps.ready:
    django.setup()

from django.core.management import call_command
from django.http import HttpResponse
from django.test import Client

from server.authenticator import Authenticator
from voltrail.actions import signing
from voltrail.actions.desk import Desk
from voltrail.ids.subject import PersonId
from voltrail_server import wiring
from voltrail_server.people import bindings
from voltrail_server.people.models import Account, Binding, Passkey
from voltrail_server.signing.models import Draft, Proposal
from voltrail_world.cast import ANSEL, MERET, RUNA
from voltrail_world.story import OPENING
from world_fixture import NOW, PlayedWorld, appoint, fresh_world

PEOPLE = {
    "runa": ("security", str(RUNA)),
    "ansel": ("procurement", str(ANSEL)),
    "meret": ("quality", str(MERET)),
    "ines": ("auditor", "urn:voltrail:person:p-ines"),
    "otto": ("administrator", "urn:voltrail:person:p-otto"),
    "vera": ("security", "urn:voltrail:person:p-vera"),
}
BEFORE = OPENING + timedelta(days=1)  # everybody had their function before anything was ordered
HOST = "localhost:8000"
CHALLENGE = re.compile(r'data-challenge="([^"]+)"')


@dataclass
class Site:
    """A world behind the site, the clock, and a browser for each person."""

    seen: PlayedWorld
    at: datetime = NOW
    browsers: dict[tuple[str, str], Client] = field(default_factory=dict)

    @property
    def desk(self) -> Desk:
        return self.seen.desk

    def now(self) -> datetime:
        return self.at

    def later(self, **more: float) -> None:
        self.at += timedelta(**more)

    def browser(self, name: str, host: str = HOST) -> Client:
        """The browser of a person, at the site's own address."""
        if (name, host) not in self.browsers:
            role, person = PEOPLE[name]
            account, _ = Account.objects.get_or_create(username=name, person=person)
            bindings.by_hand(account, role)  # stated before, but for who came to the list later
            made = Client(headers={"host": host})
            made.force_login(account)
            self.browsers[name, host] = made
        return self.browsers[name, host]

    def adds(self, name: str, device: Authenticator) -> HttpResponse:
        """What the site answers when a person adds a passkey."""
        return self.browser(name).post("/me/passkeys/", device.made(self.challenge(name)))

    def challenge(self, name: str) -> bytes:
        """The challenge on a person's own page."""
        return unurl64(found_in(CHALLENGE, self.browser(name).get("/me/")))

    def confirms(
        self, by: str, device: Authenticator, may: list[str] | None = None
    ) -> HttpResponse:
        """What the site answers when a person confirms a waiting passkey."""
        row = Passkey.objects.filter(key=device.key, entry=None).last()
        number = 0 if row is None else row.pk
        given = ["hold-lift", "policy", "sign-off"] if may is None else may
        return self.browser(by).post(f"/people/keys/{number}/confirm/", {"may": given})

    def passkey(self, name: str, by: str = "otto") -> Authenticator:
        """A passkey of a person, confirmed and in the register."""
        device = Authenticator()
        assert self.adds(name, device).status_code == 302
        assert self.confirms(by, device).status_code == 302
        self.later(minutes=1)
        return device

    def signs(self, name: str, draft: Draft, device: Authenticator) -> HttpResponse:
        """What the site answers when a person signs a draft with a passkey."""
        challenge = bytes.fromhex(signing.fingerprint(bytes(draft.payload)))
        return self.browser(name).post(f"/signing/{draft.pk}/sign/", device.answer(challenge))

    def sign_off(self, name: str, index: int = 3) -> Draft:
        """A new draft with which a person agrees to an entry."""
        given = {"verb": "accept", "note": "Seen."}
        answer = self.browser(name).post(f"/register/{index}/sign-off/", given)
        assert answer.status_code == 302, answer.content
        return newest()


def newest() -> Draft:
    found = Draft.objects.first()
    assert found is not None
    return found


def again(draft: Draft) -> Draft:
    return Draft.objects.get(pk=draft.pk)


def text(answer: HttpResponse) -> str:
    return " ".join(answer.content.decode().replace("&#x27;", "'").split())


def found_in(pattern: re.Pattern[str], answer: HttpResponse) -> str:
    found = pattern.search(answer.content.decode())
    assert found, answer.content.decode()
    return found[1]


def unurl64(given: str) -> bytes:
    return base64.urlsafe_b64decode(given + "=" * (-len(given) % 4))


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """A site of the test's own."""
    call_command("migrate", verbosity=0, interactive=False)
    made = Site(fresh_world())
    monkeypatch.setattr(wiring, "desk", lambda: made.desk)
    monkeypatch.setattr(wiring, "now", made.now)
    for role, person in PEOPLE.values():
        appoint(made.desk, role, PersonId.read(person), BEFORE)
    bindings.refold()
    yield made
    Proposal.objects.all().delete()
    Draft.objects.all().delete()
    Binding.objects.all().delete()
    Account.objects.filter(username__in=PEOPLE).delete()
