"""People: the list, one of them, inviting, giving and ending functions, leaving."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from voltrail.errors import ProductError
from voltrail_server import wiring
from voltrail_server.notices import own
from voltrail_server.pages import frame
from voltrail_server.panels import persons as panel
from voltrail_server.panels import sheet
from voltrail_server.people import (
    administering,
    bindings,
    confirming,
    invitations,
    locks,
    single_sign_on,
)
from voltrail_server.people.models import Account, Role
from voltrail_server.people.viewer import viewer
from voltrail_server.reading import people, persons
from voltrail_server.signing import leaving


def listing(request: HttpRequest) -> HttpResponse:
    """Return the people who are here, with what they may do and where."""
    frame.need(request, "people-read")
    asked = persons.read_filter(request.GET)
    return frame.show(
        request,
        "people/listing.html",
        lines=persons.listing(asked, wiring.now()),
        asked=asked,
        roles=Role.choices,
        states=panel.STATES.values(),
        waiting=len(confirming.waiting()),
    )


def export(request: HttpRequest) -> HttpResponseBase:
    """Return the list as a file."""
    frame.need(request, "people-read")
    rows = persons.sheet(persons.read_filter(request.GET), wiring.now())
    return sheet.handed_out("people", persons.HEAD, rows)


@never_cache
def invite(request: HttpRequest) -> HttpResponse:
    """Ask whom to invite, or invite them and show the link this one time."""
    frame.need(request, "person-invite")
    link, error = "", None
    if request.method == "POST":
        try:
            wanted = persons.read_wanted(request.POST, wiring.now())
            who = persons.read_invited(request.POST)
            made, link = invitations.invite(viewer(request), who, wanted)
            own.invitation(made.account, link, wiring.now())
        except ProductError as found:
            error = found
    return _invite_form(request, link, error)


def person(request: HttpRequest, index: int) -> HttpResponse:
    """Return one person: functions, ways in, sessions, training, what is theirs, what was done."""
    return _page(request, persons.get(index))


@require_POST
def appoint(request: HttpRequest, index: int) -> HttpResponse:
    """Give a function, or ask a second administrator to agree."""
    account, by = persons.get(index), viewer(request)

    def act() -> None:
        for one in persons.read_wanted(request.POST, wiring.now()):
            administering.appoint_or_ask(by, account, one)

    return _do(request, account, act)


@require_POST
def end_function(request: HttpRequest, index: int, key: str) -> HttpResponse:
    """End a function now."""
    reason = request.POST.get("reason", "")
    account = persons.get(index)
    return _do(request, account, lambda: bindings.end(viewer(request), key, reason))


@require_POST
@never_cache
def link_again(request: HttpRequest, index: int) -> HttpResponse:
    """Make another link for somebody who was invited and has not come."""
    account = persons.get(index)
    try:
        _made, link = invitations.again(viewer(request), account)
        own.invitation(account, link, wiring.now())
    except ProductError as error:
        return _page(request, account, error)
    return _page(request, account, link=link)


@require_POST
def invitation_back(request: HttpRequest, index: int) -> HttpResponse:
    """Take an invitation back."""
    account = persons.get(index)
    return _do(request, account, lambda: invitations.take_back(viewer(request), account))


@require_POST
def reset(request: HttpRequest, index: int) -> HttpResponse:
    """Ask that a lost sign-in be reset."""
    account, reason = persons.get(index), request.POST.get("reason", "")
    return _do(request, account, lambda: confirming.ask_reset(viewer(request), account, reason))


@require_POST
def end_sessions(request: HttpRequest, index: int) -> HttpResponse:
    """End every session of a person."""
    account = persons.get(index)
    return _do(request, account, lambda: administering.end_sessions(viewer(request), account))


@require_POST
def unlock(request: HttpRequest, index: int) -> HttpResponse:
    """Let a log-in be tried again at once."""
    account = persons.get(index)
    return _do(request, account, lambda: locks.unlock(viewer(request), account))


@require_POST
def identity(request: HttpRequest, index: int) -> HttpResponse:
    """End a person's link to the provider; only they themselves make one."""
    account = persons.get(index)
    return _do(request, account, lambda: single_sign_on.unlink(viewer(request), account))


@require_POST
def leave(request: HttpRequest, index: int) -> HttpResponse:
    """Close the account of a person who leaves."""
    account, reason = persons.get(index), request.POST.get("reason", "")
    return _do(request, account, lambda: leaving.leave(viewer(request), account, reason))


@require_POST
def erase(request: HttpRequest, index: int) -> HttpResponse:
    """Erase the name of a person who has left."""
    account = persons.get(index)
    return _do(request, account, lambda: leaving.erase(viewer(request), account))


def _do(request: HttpRequest, account: Account, act: Callable[[], object]) -> HttpResponse:
    """Do something about a person and show them; a refusal is told there, and nothing is lost."""
    try:
        act()
    except ProductError as error:
        return _page(request, persons.get(account.pk), error)
    return redirect(f"/people/{account.pk}/")


def _page(
    request: HttpRequest, account: Account, error: ProductError | None = None, link: str = ""
) -> HttpResponse:
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


def _invite_form(request: HttpRequest, link: str, error: ProductError | None) -> HttpResponse:
    told = {**persons.choices(), "given": request.POST, "chosen": request.POST.getlist("function")}
    told["at"], told["firms"] = request.POST.getlist("place"), persons.firms()
    response = frame.show(request, "people/invite.html", link=link, error=error, **told)
    response.status_code = 200 if error is None else error.status
    return response
