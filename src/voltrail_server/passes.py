"""
The verb `token` of the command line: issue, link, list, end.

A token lets a firm's program in, a link a firm's people without an account. Each is shown once;
what is kept is a digest. Whoever types it sits at the machine and counts as the operator's own
hand: issuing and ending are on record with nobody named, the secret and its label are not.
"""

import argparse
from collections.abc import Iterator
from typing import Any

from voltrail.cli.output import emit, say
from voltrail.errors import MalformedError

Arguments = argparse.Namespace
VERBS = ("issue", "link", "list", "end")
_DAYS = {"issue": 365, "link": 30}


def declare(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of `voltrail token`."""
    parser.add_argument("verb", choices=VERBS)
    parser.add_argument(
        "what", nargs="?", default="", help="a firm; to end one what list shows, as token-3"
    )
    parser.add_argument("--label", default="command line", help="what it is for, kept here only")
    parser.add_argument("--reason", default="", help="why it ends, in one sentence")
    parser.add_argument("--days", type=int, help="how long it is good: 365, a link 30")
    parser.add_argument(
        "--kind", action="append", default=[], help="predicate type that a link takes; all without"
    )
    parser.add_argument("--json", action="store_true")


def token(arguments: Arguments) -> int:
    """Do what the verb says; Django is ready."""
    found = {"issue": _issue, "link": _link, "list": _list, "end": _end}[arguments.verb](arguments)
    if arguments.json:
        emit(found)
    else:
        say(str(found["sentence"]))
    return 0


def _issue(arguments: Arguments) -> dict[str, Any]:
    """Return a new token for a firm's program."""
    from voltrail_server.api import tokens  # noqa: PLC0415 — Django is loaded by the verb alone

    secret = tokens.issue(_firm(arguments), arguments.label, _days(arguments))
    return {"party": arguments.what, "token": secret, "sentence": secret}


def _link(arguments: Arguments) -> dict[str, Any]:
    """Return the address of a new page for a firm's people."""
    from django.conf import settings  # noqa: PLC0415 — Django is loaded by the verb alone

    from voltrail_server.api import tokens  # noqa: PLC0415

    kinds = tuple(arguments.kind)
    secret = tokens.issue_link(_firm(arguments), arguments.label, _days(arguments), kinds)
    address = f"{settings.VOLTRAIL_ORIGIN}/in/{secret}"
    return {"party": arguments.what, "link": address, "sentence": address}


def _list(arguments: Arguments) -> dict[str, Any]:
    """Return the tokens and links that stand, of one firm or of all."""
    found = [one for one in _standing() if arguments.what in ("", one["party"])]
    lines = [f"{one['name']:<10} {one['until']}  {one['party']}  {one['label']}" for one in found]
    return {"passes": found, "sentence": "\n".join(lines) or "No token and no link stands."}


def _end(arguments: Arguments) -> dict[str, Any]:
    """End a token or a link now."""
    from voltrail_server.api import tokens  # noqa: PLC0415 — Django is loaded by the verb alone

    found = tokens.end(arguments.what, arguments.reason)
    return {
        "ended": arguments.what,
        "party": found.party,
        "sentence": f"Ended {arguments.what} of {found.party}.",
    }


def _standing() -> Iterator[dict[str, str]]:
    from voltrail_server.api import tokens  # noqa: PLC0415 — Django is loaded by the verb alone

    for one in tokens.in_force():
        yield {
            "name": tokens.name_of(one),
            "party": one.party,
            "label": one.label,
            "until": f"{one.expires_at:%Y-%m-%d %H:%MZ}",
        }


def _firm(arguments: Arguments) -> str:
    from voltrail.ids.subject import PartyId  # noqa: PLC0415 — only when needed

    if not arguments.what:
        raise MalformedError("No firm is named.", hint="Write urn:voltrail:party:<firm>.")
    if arguments.kind and arguments.verb != "link":
        raise MalformedError("A token takes every kind.", hint="Leave --kind out.")
    return str(PartyId.read(arguments.what))


def _days(arguments: Arguments) -> int:
    most = _DAYS["issue"]
    days = _DAYS[arguments.verb] if arguments.days is None else arguments.days
    if not 1 <= days <= most:
        raise MalformedError(f"{days} days is too short or too long.", hint=f"1 to {most} days.")
    return int(days)
