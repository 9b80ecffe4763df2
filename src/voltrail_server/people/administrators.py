"""
The administrators: who counts as a second one, when one is alone, what ends with the function.

Only who holds the function everywhere and can log in counts as a second one. Who made the others go
is not alone by that: for two weeks such decisions are made at the machine.
"""

from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from voltrail.errors import NotPermittedError
from voltrail_server import wiring
from voltrail_server.people import functions, passkeys
from voltrail_server.people.models import Account, Binding, Invitation, Request, Role

QUIET = timedelta(days=14)  # our choice: ADR 0023


def able(at: datetime) -> tuple[Account, ...]:
    """Return the administrators, everywhere, who can log in."""
    return tuple(one for one in _open(at) if can_log_in(one))


def seconds(by: Account, account: Account) -> tuple[Account, ...]:
    """Return the administrators who are neither the one who asks nor the one it is about."""
    taken = {by.person, account.person}
    return tuple(one for one in able(wiring.now()) if one.person not in taken)


def can_log_in(account: Account) -> bool:
    """Return whether an account is open and has a password, a passkey, or a link to a provider."""
    return account.is_active and (
        account.has_usable_password() or account.identities.exists() or passkeys.opens(account)
    )


def lock() -> None:
    """Lock every administrator's account, in one order, so that two never judge at once."""
    held = Binding.objects.filter(function=Role.ADMINISTRATOR).values("person")
    rows = Account.objects.filter(person__in=held)
    list(rows.select_for_update().order_by("pk").values_list("pk", flat=True))


def need_left(without: str) -> None:
    """Refuse to leave the installation with no administrator who can log in."""
    if not any(one.person != without for one in able(wiring.now())):
        raise NotPermittedError(
            "The last administrator stays.", hint="Appoint another administrator first."
        )


def need_alone(by: Account, account: Account) -> None:
    """Refuse to decide alone where others hold the function, or lost it in the last two weeks."""
    at, taken = wiring.now(), {by.person, account.person}
    if any(one.person not in taken for one in _open(at)):
        raise NotPermittedError(
            "The other administrator cannot log in now.",
            hint="At the machine: voltrail account add NAME --role FUNCTION.",
        )
    ended = Binding.objects.filter(function=Role.ADMINISTRATOR, valid_until__gt=at - QUIET)
    if ended.exclude(end_entry=None).exclude(person=by.person).exists():
        raise NotPermittedError(
            _("Another administrator was ended less than %(days)s days ago.")
            % {"days": QUIET.days},
            hint="At the machine: voltrail account add NAME --role FUNCTION.",
        )


def let_go(person: str, at: datetime) -> None:
    """End the links and requests of who is an administrator no more, under whatever account."""
    if not person or is_one(person, at):
        return
    waits = Invitation.objects.filter(made_by=person, used_at=None, revoked_at=None)
    waits.update(revoked_at=at)
    Request.objects.filter(asked_by=person, settled_at=None).update(settled_at=at)


def is_one(person: str, at: datetime) -> bool:
    """Return whether a person is an administrator now, everywhere."""
    return bool(person) and any(one.person == person for one in _open(at))


def _open(at: datetime) -> tuple[Account, ...]:
    found = functions.holders({Role.ADMINISTRATOR}, at)
    return tuple(dict.fromkeys(one for one, how in found if one.person and how.is_everywhere))
