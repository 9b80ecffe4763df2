"""
The verb `account` of the command line: add, list, close, reset-link, refold.

Whoever types it sits at the machine and counts as the operator's own hand: what they do is on
record with nobody named, and the statement says so.
"""

import argparse
import secrets
from collections.abc import Callable
from typing import Any

from voltrail.cli.output import emit, say

Arguments = argparse.Namespace
_OUTSIDE = "supplier"
VERBS = ("add", "list", "close", "reset-link", "refold")


def declare(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of `voltrail account`."""
    parser.add_argument("verb", choices=VERBS)
    parser.add_argument("name", nargs="?", default="", help="log-in name; not for list and refold")
    parser.add_argument("--role", help="function to give; auditor where an account is new")
    parser.add_argument("--person", help="urn:voltrail:person:<pseudonym>; made at random without")
    parser.add_argument("--party", help="urn:voltrail:party:<firm>; for somebody of a supplier")
    parser.add_argument("--reason", default="", help="why, in one sentence")
    parser.add_argument("--password", help=argparse.SUPPRESS)
    parser.add_argument("--json", action="store_true")


def account(arguments: Arguments) -> int:
    """Do what the verb says; Django is ready."""
    found = _verbs()[arguments.verb](arguments)
    if arguments.json:
        emit(found)
    else:
        say(str(found.pop("sentence")))
    return 0


def _verbs() -> dict[str, Callable[[Arguments], dict[str, Any]]]:
    return {
        "add": _add,
        "list": _list,
        "close": _close,
        "reset-link": _reset_link,
        "refold": _refold,
    }


def _add(arguments: Arguments) -> dict[str, Any]:
    """Add a person who may log in, or give one a new password; the password is shown once."""
    from django.db import transaction  # noqa: PLC0415 — Django is loaded by the verb alone

    from voltrail_server.people import bindings, invitations  # noqa: PLC0415
    from voltrail_server.people.models import Account  # noqa: PLC0415

    _need_name(arguments)
    password = arguments.password or secrets.token_urlsafe(12)
    with transaction.atomic():
        found, created = Account.objects.get_or_create(username=arguments.name)
        wanted = arguments.person or found.person or str(invitations.pseudonym())
        found.person, found.left_at, found.is_active = wanted, None, True
        found.party = _firm(arguments, found.party)
        found.display_name = found.display_name or arguments.name.capitalize()
        found.set_password(password)
        found.save()
        role = arguments.role or ("auditor" if created else "")
        if role:
            bindings.by_hand(found, role)
    word = "Added" if created else "Renewed"
    told = {"account": arguments.name, "role": role, "person": wanted, "password": password}
    return {**told, "sentence": f"{word} {arguments.name} ({role}), password {password}"}


def _list(_: Arguments) -> dict[str, Any]:
    """Return every account with the functions its person holds."""
    from voltrail_server.people import functions  # noqa: PLC0415
    from voltrail_server.people.models import Account  # noqa: PLC0415

    rows = functions.accounts(Account.objects.order_by("username"))
    told, lines = [], []
    for one in rows:
        held = sorted(functions.names(one))
        state = "open" if one.is_active else "closed"
        told.append(
            {
                "account": one.username,
                "name": str(one),
                "person": one.person,
                "state": state,
                "functions": held,
            }
        )
        listed = ", ".join(held) or "no function"
        lines.append(f"{one.username:<20} {state:<7} {listed:<32} {one.person}")
    return {"accounts": told, "sentence": "\n".join(lines) or "There is no account."}


def _close(arguments: Arguments) -> dict[str, Any]:
    """Close an account: functions, keys, sessions and ways in end."""
    from voltrail_server.signing import leaving  # noqa: PLC0415

    found = _get(arguments)
    leaving.leave(None, found, arguments.reason or "Closed by the command line at the machine.")
    return {"account": found.username, "sentence": f"Closed {found.username}."}


def _reset_link(arguments: Arguments) -> dict[str, Any]:
    """Return a new one-time link; on the pages this takes two administrators."""
    from voltrail_server.people import confirming, records  # noqa: PLC0415

    found = _get(arguments)
    link = confirming.reset((), found, arguments.reason or records.BY_HAND)
    sentence = f"A link for {found.username}, good once and for 7 days:\n{link}"
    return {"account": found.username, "link": link, "sentence": sentence}


def _refold(_: Arguments) -> dict[str, Any]:
    """Write the table of functions again from the register."""
    from voltrail_server.people import bindings  # noqa: PLC0415

    count = bindings.refold()
    return {"functions": count, "sentence": f"Folded {count:,} functions from the register."}


def _get(arguments: Arguments) -> Any:  # noqa: ANN401 — an account; Django is loaded late
    from voltrail.errors import UnknownSubjectError  # noqa: PLC0415
    from voltrail_server.people.models import Account  # noqa: PLC0415

    _need_name(arguments)
    found = Account.objects.filter(username=arguments.name).first()
    if found is None:
        raise UnknownSubjectError(
            f"There is no account {arguments.name}.", hint="Look at: voltrail account list."
        )
    return found


def _firm(arguments: Arguments, known: str) -> str:
    """Return the firm of somebody of a supplier; nothing for the operator's own people."""
    from voltrail.errors import MalformedError  # noqa: PLC0415
    from voltrail.ids.subject import PartyId  # noqa: PLC0415

    given = str(PartyId.read(arguments.party)) if arguments.party else known
    if arguments.role == _OUTSIDE and not given:
        raise MalformedError("Nobody said of which firm.", hint="Add --party, the firm.")
    if arguments.party and arguments.role not in (None, _OUTSIDE):
        raise MalformedError(
            "Only somebody of a supplier belongs to another firm.",
            hint="Leave --party out, or give --role supplier.",
        )
    return given


def _need_name(arguments: Arguments) -> None:
    from voltrail.errors import MalformedError  # noqa: PLC0415

    if not arguments.name:
        raise MalformedError("No account is named.", hint="Write its log-in name after the verb.")
