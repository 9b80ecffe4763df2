"""
The ceremony of a firm's key: one asks, another confirms; one alone restricts and ends.

Taking away is quick and needs one person, giving needs two. Each is on record by the operator's
key. Does not know pages.
"""

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from voltrail import canonical
from voltrail.actions import firm_keys
from voltrail.actions.firm_keys import Bound, Ending
from voltrail.actions.keys import Material
from voltrail.actions.record import Registered
from voltrail.errors import MalformedError, NotPermittedError, UnknownSubjectError
from voltrail.ids.subject import PartyId, PersonId, PlaceId
from voltrail_server import wiring
from voltrail_server.keyring.models import KeyRequest
from voltrail_server.people import passkeys
from voltrail_server.people.models import Account

LASTS = timedelta(days=14)  # our choice: ADR 0040
MAX_PUBLIC_HALF = 16_384  # [bytes] of a .pub file


@dataclass(frozen=True, slots=True)
class Asked:
    """A public half as its firm sent it, and what it should be bound to, and why."""

    party: PartyId
    material: Material
    bound: Bound
    reason: str


def read_public_half(data: bytes) -> tuple[PartyId, Material]:
    """Return the firm and the key in a .pub file, as `voltrail key new` writes it."""
    if len(data) > MAX_PUBLIC_HALF:
        raise MalformedError("The public half is too long.", hint="Send the .pub file alone.")
    found = canonical.parse(data, what="public half")
    texts = [found.get(name) for name in ("issuer", "algorithm", "spki")]
    issuer, algorithm, spki = (text if isinstance(text, str) else "" for text in texts)
    try:
        material = Material(algorithm, base64.b64decode(spki, validate=True))
    except ValueError as error:
        raise MalformedError("The public half is not base64.", hint="Send it again.") from error
    return PartyId.read(issuer), material


def ask(by: Account, asked: Asked) -> KeyRequest:
    """Keep a firm's key until a second person confirms that it is the firm's."""
    key = firm_keys.check_key(wiring.desk(), asked.material, asked.bound)
    if not asked.reason.strip():
        raise MalformedError(
            _("Nobody said how the key came here."),
            hint=_("Say who handed it over, and how you know that it is theirs."),
        )
    at = wiring.now()
    KeyRequest.objects.filter(settled_at=None, expires_at__lte=at).update(settled_at=at)
    made = KeyRequest(
        party=asked.party,
        algorithm=asked.material.algorithm,
        spki=base64.b64encode(asked.material.spki).decode(),
        key=key,
        kinds=list(asked.bound.kinds),
        places=list(asked.bound.places),
        valid_until=asked.bound.valid_until,
        reason=asked.reason.strip()[:400],
        asked_by=passkeys.person_of(by),
        asked_at=at,
        expires_at=at + LASTS,
    )
    try:
        with transaction.atomic():
            made.save()
    except IntegrityError as error:
        raise NotPermittedError(
            _("This key waits already."), hint=_("Somebody else confirms it.")
        ) from error
    return made


def waiting() -> tuple[KeyRequest, ...]:
    """Return the keys that wait for a second person, oldest first."""
    rows = KeyRequest.objects.filter(settled_at=None, expires_at__gt=wiring.now())
    return tuple(rows.order_by("pk"))


def confirm(by: Account, number: int) -> KeyRequest:
    """Enrol a firm's key on the word of somebody who did not ask for it."""
    person = passkeys.person_of(by)
    with transaction.atomic(), wiring.desk().entries.transaction():
        found = _locked(number)
        if found.asked_by == person:
            raise NotPermittedError(
                _("You asked for this yourself."), hint=_("Somebody else confirms it.")
            )
        found.entry = _enrolled(found, person).index
        _settle(found, person)
    return found


def refuse(by: Account, number: int) -> KeyRequest:
    """Say no; whoever asked may take their own request back in the same way."""
    with transaction.atomic():
        found = _locked(number)
        _settle(found, passkeys.person_of(by))
    return found


def restrict(by: Account, key: str, bound: Bound, reason: str) -> Registered:
    """Leave a firm's key less than it had, from now on."""
    person = passkeys.person_of(by)
    return firm_keys.restrict_firm_key(wiring.desk(), key, bound, person, reason, wiring.now())


def end(by: Account, key: str, ending: Ending, reason: str) -> Registered:
    """End a firm's key; every arrival that rests on it is judged again."""
    person = passkeys.person_of(by)
    return firm_keys.end_firm_key(wiring.desk(), key, ending, person, reason, wiring.now())


def read_bound(kinds: list[str], places: list[str], until: datetime | None) -> Bound:
    """Return what a key may state, from the texts of a form or a program."""
    if until is not None and until <= wiring.now():
        raise MalformedError(_("That end is past."), hint=_("Choose a later time, or none."))
    return Bound(tuple(kinds), tuple(PlaceId.read(one) for one in places), until)


def ending_of(given: Mapping[str, Any]) -> Ending:
    """Return how a key ends: `how`, and the times `since` and `until` where they are given."""
    return Ending(str(given.get("how", "")), given.get("since"), given.get("until"))


def _enrolled(found: KeyRequest, person: PersonId) -> Registered:
    bound = Bound(
        tuple(found.kinds), tuple(PlaceId.read(one) for one in found.places), found.valid_until
    )
    return firm_keys.enrol_firm_key(
        wiring.desk(),
        PartyId.read(found.party),
        Material(found.algorithm, base64.b64decode(found.spki)),
        bound,
        (PersonId.read(found.asked_by), person),
        wiring.now(),
    )


def _locked(number: int) -> KeyRequest:
    rows = KeyRequest.objects.select_for_update().filter(pk=number, settled_at=None)
    found = rows.filter(expires_at__gt=wiring.now()).first()
    if found is None:
        raise UnknownSubjectError(_("This key waits no more."), hint=_("Look at the list of keys."))
    return found


def _settle(found: KeyRequest, person: PersonId) -> None:
    found.settled_by, found.settled_at = person, wiring.now()
    found.save(update_fields=["settled_by", "settled_at", "entry"])
