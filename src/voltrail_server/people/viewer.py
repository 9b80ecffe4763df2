"""Whose request it is."""

from django.http import HttpRequest

from voltrail.errors import NotPermittedError
from voltrail_server.people.models import Account


def viewer(request: HttpRequest) -> Account:
    """Return the account that is logged in."""
    if not isinstance(request.user, Account):
        raise NotPermittedError("Nobody is logged in.", hint="Log in first.")
    return request.user
