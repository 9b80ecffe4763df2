"""Smaller acts of administrators: a function given or asked for, sessions ended; each on record."""

from django.db import transaction

from voltrail.statements.administration import Act
from voltrail_server.people import apart, bindings, confirming, passkeys, records, sessions
from voltrail_server.people.bindings import Wanted
from voltrail_server.people.models import Account, Passkey


def appoint_or_ask(by: Account, account: Account, wanted: Wanted) -> bool:
    """Give a function, or ask a second administrator; return whether it was given at once."""
    if bindings.needs_second(by, account, wanted.function):
        confirming.ask_appointment(by, account, wanted)
        return False
    bindings.appoint(by, account, wanted)
    return True


def confirm_key(by: Account, number: int, may: tuple[str, ...]) -> Passkey:
    """Enrol a waiting passkey on the word of somebody who did not let its owner in."""
    found = Passkey.objects.select_related("account").filter(pk=number).first()
    if found is not None:
        apart.need(by, found.account, "key-confirm")
    return passkeys.confirm(by, number, may)


def end_sessions(by: Account, account: Account) -> int:
    """End every session of a person; return how many there were."""
    with transaction.atomic():
        count = sessions.end_all(account)
        records.done(Act.END_SESSIONS, by, account, "Every session was ended.", str(count))
    return count
