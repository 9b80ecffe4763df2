"""Whose request it is, and which pages are theirs."""

from typing import Any

from django.http import HttpRequest

from voltrail.errors import NotPermittedError
from voltrail.ids.subject import PlaceId
from voltrail_server.panels import menu
from voltrail_server.people import functions, may
from voltrail_server.people.models import Account


def viewer(request: HttpRequest) -> Account:
    """Return the account that is logged in."""
    if not isinstance(request.user, Account):
        raise NotPermittedError("Nobody is logged in.", hint="Log in first.")
    return request.user


def place_of(request: HttpRequest) -> PlaceId | None:
    """Return where somebody works, where all their functions are for one and the same place."""
    held = functions.held(request.user) if isinstance(request.user, Account) else ()
    places = {place for one in held for place in one.places}
    if len(places) != 1 or any(one.is_everywhere for one in held):
        return None
    return PlaceId.read(places.pop())


def menu_of(request: HttpRequest) -> dict[str, Any]:
    """Return the menu for every template: asked for only where the frame writes it."""
    return {"menu": lambda: _menu(request), "outside": lambda: functions.is_outside(request.user)}


def _menu(request: HttpRequest) -> tuple[menu.Group, ...]:
    user = getattr(request, "user", None)
    if not isinstance(user, Account) or functions.is_outside(user):
        return ()
    return menu.groups(request.path, may.acts_of(functions.held(user)))
