"""What is done about a person: functions, sessions, a lost sign-in, leaving; each shows them."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from voltrail_server import wiring
from voltrail_server.pages.people import person
from voltrail_server.people import (
    administering,
    bindings,
    confirming,
    locks,
    single_sign_on,
)
from voltrail_server.people.viewer import viewer
from voltrail_server.reading import persons
from voltrail_server.signing import leaving


@require_POST
def appoint(request: HttpRequest, index: int) -> HttpResponse:
    """Give a function, or ask a second administrator to agree."""
    account, by = persons.get(index), viewer(request)

    def act() -> None:
        for one in persons.read_wanted(request.POST, wiring.now()):
            administering.appoint_or_ask(by, account, one)

    return person.do(request, account, act)


@require_POST
def end_function(request: HttpRequest, index: int, key: str) -> HttpResponse:
    """End a function now."""
    reason = request.POST.get("reason", "")
    account = persons.get(index)
    return person.do(request, account, lambda: bindings.end(viewer(request), key, reason))


@require_POST
def reset(request: HttpRequest, index: int) -> HttpResponse:
    """Ask that a lost sign-in be reset."""
    account, reason = persons.get(index), request.POST.get("reason", "")
    return person.do(
        request, account, lambda: confirming.ask_reset(viewer(request), account, reason)
    )


@require_POST
def end_sessions(request: HttpRequest, index: int) -> HttpResponse:
    """End every session of a person."""
    account = persons.get(index)
    return person.do(request, account, lambda: administering.end_sessions(viewer(request), account))


@require_POST
def unlock(request: HttpRequest, index: int) -> HttpResponse:
    """Let a log-in be tried again at once."""
    account = persons.get(index)
    return person.do(request, account, lambda: locks.unlock(viewer(request), account))


@require_POST
def identity(request: HttpRequest, index: int) -> HttpResponse:
    """End a person's link to the provider; only they themselves make one."""
    account = persons.get(index)
    return person.do(request, account, lambda: single_sign_on.unlink(viewer(request), account))


@require_POST
def leave(request: HttpRequest, index: int) -> HttpResponse:
    """Close the account of a person who leaves."""
    account, reason = persons.get(index), request.POST.get("reason", "")
    return person.do(request, account, lambda: leaving.leave(viewer(request), account, reason))


@require_POST
def erase(request: HttpRequest, index: int) -> HttpResponse:
    """Erase the name of a person who has left."""
    account = persons.get(index)
    return person.do(request, account, lambda: leaving.erase(viewer(request), account))
