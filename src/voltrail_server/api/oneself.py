"""
Whose own things a request is about: the person logged in, or whom the operator's token names.

A token is no person, so it says for whom it acts. What they may not do on a page, it may not do for
them. Decides nothing else.
"""

from typing import cast

from django.http import HttpRequest
from django.utils.translation import gettext_noop as N_  # noqa: N812 — gettext's own mark

from voltrail.errors import NotPermittedError, UnknownSubjectError
from voltrail.ids.subject import PersonId
from voltrail_server.api import access
from voltrail_server.people import functions, may
from voltrail_server.people.models import Account
from voltrail_server.reading import persons

_OURS = N_("This is for the operator's own people.")
_NAME_ONE = "Name one: ?person=LOG-IN."


def reading(request: HttpRequest, log_in: str) -> Account:
    """Return whose things are read: one's own, or with the operator's token anybody's."""
    if access.need_operator(request, _OURS).is_token:
        return _named(log_in)
    own = cast("Account", request.user)
    if log_in not in ("", own.username):
        raise NotPermittedError(
            "These are somebody else's; you read your own.", hint="Leave `person` out."
        )
    return own


def acting(request: HttpRequest, log_in: str, act: str) -> Account:
    """Return for whom the operator's token does something, where they may do it themselves."""
    access.need_operator(request, _OURS)
    account = _named(log_in)
    may.need(functions.held(account), act)
    return account


def speaking(request: HttpRequest, person: str, act: str, place: str | None = None) -> Account:
    """Return an open account of a person for whom the token speaks, where it may do an act."""
    access.need_operator(request, _OURS)
    rows = Account.objects.filter(person=PersonId.read(person), is_active=True).order_by("pk")
    found = functions.accounts(rows)
    if not found:
        raise UnknownSubjectError(
            "Nobody with an open account is that person.", hint="Look at GET /people."
        )
    able = [one for one in found if may.allowing(functions.held(one), act, place)]
    if not able:
        may.need(functions.held(found[0]), act, place)
    return able[0]


def _named(log_in: str) -> Account:
    if not log_in:
        raise UnknownSubjectError("A token is no person.", hint=_NAME_ONE)
    return persons.by_log_in(log_in)
