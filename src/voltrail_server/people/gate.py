"""
The gate: who is let in by passkey, code, provider or one-time link, and how often it is tried.

Begins no session: the page does. Knows no templates.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.http import HttpRequest

from voltrail.errors import NotPermittedError, StaleEvidenceError
from voltrail_server import wiring
from voltrail_server.people import invitations, limits, passkeys, sessions, single_sign_on
from voltrail_server.people.models import Account, Invitation
from voltrail_server.people.origin import Site
from voltrail_server.people.passkeys import Answer

MOST_WRONG = 30  # [answers] from one address in a window, by passkey
LINKING = "link-me"  # in a session: this person asked to be linked to the provider
_PATIENCE = timedelta(minutes=5)  # between a password and its code


def pending(kept: object) -> Account | None:
    """Return the account whose password was right a moment ago, and whose code is awaited."""
    if not isinstance(kept, list) or len(kept) != 2:  # noqa: PLR2004 — account and time
        return None
    number, since = kept
    if wiring.now().timestamp() - since > _PATIENCE.total_seconds():
        return None
    return Account.objects.filter(pk=number, is_active=True).first()


def by_passkey(request: HttpRequest, asked: str, site: Site) -> Account:
    """Return the account of a passkey that answered."""
    address, at = sessions.network_of(request), wiring.now()
    limits.need_room("passkey", address, MOST_WRONG, at)
    try:
        return passkeys.log_in(request.POST, asked, site)
    except NotPermittedError:
        limits.count("passkey", address, at)
        raise


def by_provider(request: HttpRequest, claims: Mapping[str, Any], secret: str) -> Account:
    """Return the account of an identity: a linked one, an invited person's, or one's own now."""
    if secret:
        found = invitations.opened(secret, request)
        with transaction.atomic():
            account = invitations.use(found)
            single_sign_on.link(account, claims)
        return account
    if isinstance(request.user, Account):
        if not request.session.pop(LINKING, False):
            raise NotPermittedError(
                "You are logged in, and nobody asked to link you.", hint="Begin on your own page."
            )
        single_sign_on.link(request.user, claims)
        return request.user
    return single_sign_on.account_of(claims)


def join_by_passkey(found: Invitation, answer: Answer, asked: str, site: Site) -> Account:
    """Return the account that an invited person opens with a new passkey."""
    if not asked:
        raise StaleEvidenceError("This page is too old.", hint="Open the link again.")
    with transaction.atomic():
        passkeys.add(found.account, answer, asked, site)
        return invitations.use(found)
