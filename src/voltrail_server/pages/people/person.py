"""One person: functions, ways in, sessions, training, keys; and what came of an act about them."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from voltrail.errors import ProductError
from voltrail_server import wiring
from voltrail_server.pages import frame
from voltrail_server.panels import persons as panel
from voltrail_server.people import locks, single_sign_on
from voltrail_server.people.models import Account
from voltrail_server.people.viewer import viewer
from voltrail_server.reading import people, persons
from voltrail_server.signing import leaving


def person(request: HttpRequest, index: int) -> HttpResponse:
    """Return one person: functions, ways in, sessions, training, what is theirs, what was done."""
    return shown(request, persons.get(index))


def do(request: HttpRequest, account: Account, act: Callable[[], object]) -> HttpResponse:
    """Do something about a person and show them; a refusal is told there, and nothing is lost."""
    try:
        act()
    except ProductError as error:
        return shown(request, persons.get(account.pk), error)
    return redirect(f"/people/{account.pk}/")


def shown(
    request: HttpRequest, account: Account, error: ProductError | None = None, link: str = ""
) -> HttpResponse:
    """Return the page of a person, with what was refused or a new link above it."""
    if account.pk != viewer(request).pk:
        frame.need(request, "people-read")
    told = {**_about(account), **persons.choices(), "given": request.POST, "link": link}
    response = frame.show(request, "people/person.html", account=account, error=error, **told)
    response.status_code = 200 if error is None else error.status
    return response


def _about(account: Account) -> dict[str, Any]:
    at = wiring.now()
    return {
        "state": panel.state(account, locks.locked()),
        "functions": persons.functions_of(account, at),
        "sessions": persons.sessions_of(account),
        "trainings": persons.trainings_of(account.person, at) if account.person else (),
        "keys": people.own_keys(account),
        "theirs": leaving.theirs(account),
        "acts_done": persons.acts_about(account),
        "provider": single_sign_on.name(),
        **persons.ways_in(account),
    }
