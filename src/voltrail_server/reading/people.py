"""Keys as pages ask for them: one's own, everybody's, those that wait; and what a form says."""

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from voltrail.actions import keys
from voltrail_server import wiring
from voltrail_server.panels import keys as panel
from voltrail_server.panels.keys import KeyLine
from voltrail_server.people import passkeys
from voltrail_server.people.models import Account, Passkey
from voltrail_server.people.names import names_of
from voltrail_server.reading.times import read_time

_MOST = 200  # [passkeys] that may wait on one page
_HANDLE = 16  # [bytes] of the pseudonymous handle that an authenticator keeps


@dataclass(frozen=True, slots=True)
class Offer:
    """What a browser needs to make a passkey; empty where the account speaks for no person."""

    person: str
    challenge: str = ""
    handle: str = ""
    known: str = ""


def own_keys(account: Account) -> tuple[KeyLine, ...]:
    """Return an account's keys: those that wait, then those on record for its person."""
    if not account.person:
        return ()
    person = passkeys.person_of(account)
    rows = {row.key: row for row in account.passkeys.select_related("account")}
    found = keys.held_keys(wiring.desk(), person, wiring.now())
    on_record = {one.key for one in found}
    waits = [panel.waiting(row, own=True) for key, row in rows.items() if key not in on_record]
    return tuple(waits + [panel.held(one, {person: str(account)}, rows) for one in found])


def waiting_keys(viewer: Account) -> tuple[KeyLine, ...]:
    """Return the passkeys that wait to be confirmed, oldest first."""
    held = {(one.person, one.key) for one in keys.held_keys(wiring.desk(), None, wiring.now())}
    rows = Passkey.objects.select_related("account").filter(entry=None).order_by("pk")[:_MOST]
    return tuple(
        panel.waiting(row, own=row.account_id == viewer.pk or row.account.person == viewer.person)
        for row in rows
        if (row.account.person, row.key) not in held
    )


def every_key() -> tuple[KeyLine, ...]:
    """Return every person's key on record."""
    found = keys.held_keys(wiring.desk(), None, wiring.now())
    names = names_of(one.person for one in found)
    rows = {row.key: row for row in Passkey.objects.exclude(entry=None)}
    return tuple(panel.held(one, names, rows) for one in found)


def kinds() -> tuple[tuple[str, str], ...]:
    """Return the kinds of statement a person's key may be for, as name and words."""
    return tuple((one, one.replace("-", " ")) for one in keys.person_kinds())


def offer(account: Account, nonce: str) -> Offer:
    """Return what a browser needs to make a passkey for an account."""
    if not account.person:
        return Offer("")
    asked = keys.challenge(passkeys.person_of(account), nonce)
    handle = hashlib.sha256(f"voltrail account {account.pk}".encode()).digest()[:_HANDLE]
    known = " ".join(row.credential for row in account.passkeys.all())
    return Offer(account.person, _url64(hashlib.sha256(asked).digest()), _url64(handle), known)


def read_since(form: Mapping[str, str]) -> datetime | None:
    """Return since when a key may be stolen, in UTC; None where it is only not used any more."""
    text = form.get("since", "").strip()
    return read_time(text) if text else None


def _url64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
