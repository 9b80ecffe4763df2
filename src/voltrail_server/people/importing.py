"""
People from a list: closed accounts, to be invited later; functions are given as on a person's page.

Names stay here and never enter the register; the register knows a pseudonym, drawn by lot. A list
ends no function and opens no account.
"""

from collections.abc import Mapping
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import transaction

from voltrail.errors import NotPermittedError
from voltrail_server import wiring
from voltrail_server.people import administering, administrators, bindings, functions, invitations
from voltrail_server.people.bindings import Wanted
from voltrail_server.people.models import Account, Request

REASON = "The person stands in a list that was brought in."


def on_record(listed: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, str]]:
    """Return name and function of the accounts that stand, by the name they log in with."""
    found = functions.accounts(Account.objects.filter(username__in=list(listed)))
    return {
        one.username: {
            "name": one.display_name,
            "function": _function(one, str(listed[one.username].get("function", ""))),
        }
        for one in found
    }


def bring(by: Account | None, username: str, given: Mapping[str, Any]) -> None:
    """Make a closed account, or bring its name up to date; give or ask for its function."""
    with transaction.atomic():
        account, _ = Account.objects.get_or_create(
            username=username,
            defaults={
                "person": str(invitations.pseudonym()),
                "password": make_password(None),
                "is_active": False,
                "made_here": False,
            },
        )
        if account.left_at is not None:
            raise NotPermittedError("This person has left.", hint="Invite them anew.")
        if "name" in given:
            account.display_name = str(given["name"])
            account.save(update_fields=["display_name"])
        function = str(given.get("function", ""))
        if function and _function(account, function) != function:
            _give(by, account, function)


def confirmer(person: str) -> Account | None:
    """Return the administrator who confirmed a list; nobody is the command line at the machine."""
    if not person:
        return None
    found = Account.objects.filter(person=person, is_active=True).first()
    if found is None or not administrators.is_one(person, wiring.now()):
        raise NotPermittedError(
            "Who confirmed this list is an administrator no more.",
            hint="Another administrator brings it in.",
        )
    return found


def _give(by: Account | None, account: Account, function: str) -> None:
    if by is None:
        bindings.by_hand(account, function)
    else:
        administering.appoint_or_ask(by, account, Wanted(function, reason=REASON))


def _function(account: Account, wanted: str) -> str:
    """Return the function that is wanted if it was given or is asked for, else those there are."""
    given = {one.function for one in functions.granted(account)}
    waits = Request.objects.filter(
        account=account, settled_at=None, expires_at__gt=wiring.now(), content__function=wanted
    )
    return wanted if wanted in given or waits.exists() else ", ".join(sorted(given))
