"""
People and permissions for programs: who is here, and whether somebody may do something, and why.

Read only. Inviting, appointing and resetting name the persons who decided, and a token is no
person; so that is done on the pages, or at the machine.
"""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_noop as N_  # noqa: N812 — gettext's own mark
from ninja import Query, Router

from voltrail.errors import UnknownSubjectError
from voltrail_server import wiring
from voltrail_server.api import access, problems, tokens
from voltrail_server.api.shapes import FAILURES, Shape
from voltrail_server.people import explain, functions, may
from voltrail_server.people.functions import Holding
from voltrail_server.people.models import Account
from voltrail_server.reading import persons

router = Router(tags=["People"])
_OURS = N_("People are the operator's.")


class FunctionOut(Shape):
    """A function in force: where (none: everywhere), from when until when, by which entry."""

    function: str
    places: list[str]
    since: datetime | None
    until: datetime | None
    deputy_for: str | None
    entry: int | None


class PersonOut(Shape):
    """A person and what they may act as now."""

    account: str
    name: str
    person: str
    open: bool
    functions: list[FunctionOut]


class HolderOut(Shape):
    """Somebody who may, and by what."""

    account: str
    name: str
    by: FunctionOut


class MayOut(Shape):
    """Whether somebody may, by what, and who else may."""

    act: str
    account: str
    place: str | None
    allowed: bool
    by: list[FunctionOut]
    needed: list[str]
    needs_second_factor: bool
    who: list[HolderOut]


class Who(Shape):
    """Which act, whose, and where."""

    act: str
    person: str = ""
    place: str = ""


@router.get(
    "/may",
    auth=tokens.READER,
    by_alias=True,
    response={200: MayOut, FAILURES: problems.Problem},
    summary="Ask whether somebody may do something, and why",
)
def may_act(request: HttpRequest, asked: Query[Who]) -> dict[str, Any]:
    """Return whether an account may do an act, the functions that say so, and who may."""
    access.need_operator(request, _OURS)
    account = persons.by_log_in(asked.person) if asked.person else _oneself(request)
    found = explain.explain(account, asked.act, asked.place, wiring.now())
    return {
        "act": found.act,
        "account": account.username,
        "place": found.place or None,
        "allowed": found.allowed,
        "by": list(map(_function, found.by)),
        "needed": list(found.needed),
        "needs_second_factor": found.needs_factor,
        "who": [
            {"account": one.username, "name": str(one), "by": _function(how)}
            for one, how in found.who
        ],
    }


@router.get(
    "/people",
    auth=tokens.READER,
    by_alias=True,
    response={200: list[PersonOut], FAILURES: problems.Problem},
    summary="List people and their functions",
)
def people(request: HttpRequest) -> list[dict[str, Any]]:
    """Return everybody who has an account, with the functions they hold now."""
    access.need_operator(request, _OURS)
    if isinstance(request.user, Account):
        may.need(functions.held(request.user), "people-read")
    rows = functions.accounts(Account.objects.order_by("username")[: persons.MOST])
    at = wiring.now()
    return [
        {
            "account": one.username,
            "name": str(one),
            "person": one.person,
            "open": one.is_active,
            "functions": [_function(how) for how in functions.granted(one, at)],
        }
        for one in rows
    ]


def _oneself(request: HttpRequest) -> Account:
    if not isinstance(request.user, Account):
        raise UnknownSubjectError("A token is no person.", hint="Name one: ?person=LOG-IN.")
    return request.user


def _function(one: Holding) -> dict[str, Any]:
    return {
        "function": one.function,
        "places": list(one.places),
        "since": one.since,
        "until": one.until,
        "deputy_for": one.deputy_for or None,
        "entry": one.entry,
    }
