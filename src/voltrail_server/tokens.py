"""
The verb `token` of the command line: issue, list, end.

Whoever types it sits at the machine and counts as the operator's own hand: issuing and ending are
on record with nobody named, the token itself and its label are not.
"""

import argparse
from collections.abc import Callable
from typing import Any

from voltrail.cli.output import emit, say
from voltrail.errors import MalformedError

Arguments = argparse.Namespace
VERBS = ("issue", "list", "end")


def declare(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of `voltrail token`."""
    parser.add_argument("verb", choices=VERBS)
    parser.add_argument("what", nargs="?", default="", help="party to issue for; number to end")
    parser.add_argument("--label", default="command line", help="what it is for, kept here only")
    parser.add_argument("--reason", default="", help="why it ends, in one sentence")
    parser.add_argument("--json", action="store_true")


def token(arguments: Arguments) -> int:
    """Do what the verb says; Django is ready."""
    found = _verbs()[arguments.verb](arguments)
    if arguments.json:
        emit(found)
    else:
        say(str(found.pop("sentence")))
    return 0


def _verbs() -> dict[str, Callable[[Arguments], dict[str, Any]]]:
    return {"issue": _issue, "list": _list, "end": _end}


def _issue(arguments: Arguments) -> dict[str, Any]:
    """Issue a token with which a party hands in statements; it is shown once."""
    from voltrail_server.api import tokens  # noqa: PLC0415 — Django is loaded by the verb alone

    if not arguments.what:
        raise MalformedError("No party is named.", hint="Write it after the verb.")
    made = tokens.issue(arguments.what, arguments.label)
    return {"token": made, "sentence": made}


def _list(_: Arguments) -> dict[str, Any]:
    """Return the tokens in force, without their secrets."""
    from voltrail_server.api import tokens  # noqa: PLC0415

    rows = [
        {"number": one.pk, "party": one.party, "label": one.label, "until": f"{one.expires_at:%F}"}
        for one in tokens.in_force()
    ]
    lines = [f"{one['number']:>6} {one['party']:<48} {one['until']} {one['label']}" for one in rows]
    return {"tokens": rows, "sentence": "\n".join(lines) or "No token is in force."}


def _end(arguments: Arguments) -> dict[str, Any]:
    """End a token by its number."""
    from voltrail_server.api import tokens  # noqa: PLC0415

    if not (arguments.what.isascii() and arguments.what.isdigit()):
        raise MalformedError("No token is named.", hint="Write its number: voltrail token list.")
    ended = tokens.end(int(arguments.what), arguments.reason)
    return {
        "number": ended.pk,
        "party": ended.party,
        "sentence": f"Ended token {ended.pk} of {ended.party}.",
    }
