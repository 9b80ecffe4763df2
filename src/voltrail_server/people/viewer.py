"""Whose request it is, and which pages are theirs."""

from typing import Any

from django.http import HttpRequest

from voltrail.errors import NotPermittedError
from voltrail_server.panels import menu
from voltrail_server.people import functions, may
from voltrail_server.people.models import Account


def viewer(request: HttpRequest) -> Account:
    """Return the account that is logged in."""
    if not isinstance(request.user, Account):
        raise NotPermittedError("Nobody is logged in.", hint="Log in first.")
    return request.user


def menu_of(request: HttpRequest) -> dict[str, Any]:
    """Return the menu for every template: asked for only where the frame writes it."""
    return {"menu": lambda: _menu(request), "outside": lambda: functions.is_outside(request.user)}


def _menu(request: HttpRequest) -> tuple[menu.Group, ...]:
    user = getattr(request, "user", None)
    if not isinstance(user, Account) or functions.is_outside(user):
        return ()
    return menu.groups(request.path, may.acts_of(functions.held(user)))
