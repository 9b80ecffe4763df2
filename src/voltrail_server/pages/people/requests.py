"""What needs two: requests that wait for a second administrator, training, and who may do what."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from voltrail.errors import ProductError
from voltrail_server import wiring
from voltrail_server.pages import frame
from voltrail_server.people import confirming, explain, teaching
from voltrail_server.people.viewer import viewer
from voltrail_server.reading import persons


def listing(request: HttpRequest) -> HttpResponse:
    """Return what one administrator asked for and another has to confirm."""
    frame.need(request, "people-read")
    return _requests(request)


@require_POST
@never_cache
def settle(request: HttpRequest, index: int) -> HttpResponse:
    """Confirm a request, or say no; the link of a reset is shown this one time."""
    by, link = viewer(request), ""
    try:
        if "confirm" in request.POST:
            _found, link = confirming.confirm(by, index)
        else:
            confirming.refuse(by, index)
    except ProductError as error:
        return _requests(request, error)
    return _requests(request, link=link) if link else redirect("/people/requests/")


def training(request: HttpRequest) -> HttpResponse:
    """Return who passed which course, and until when that counts."""
    frame.need(request, "people-read")
    return _training(request)


@require_POST
def record(request: HttpRequest) -> HttpResponse:
    """Record that somebody passed a course; the one who records has assessed it."""
    try:
        account = persons.chosen(request.POST.get("person", ""))
        teaching.record(viewer(request), account, request.POST)
    except ProductError as error:
        return _training(request, error)
    return redirect("/people/training/")


def may(request: HttpRequest) -> HttpResponse:
    """Say whether somebody may do something, by what, or why not, and who may."""
    given = request.GET
    who, act = given.get("person", "").strip(), given.get("act", "")
    account = persons.by_log_in(who) if who else viewer(request)
    told = {"acts_known": persons.acts(), "asked": given, "account": account}
    told["every"] = () if act else persons.every_act(account)
    if act:
        found = explain.explain(account, act, given.get("place", "").strip(), wiring.now())
        told |= {"found": found, **persons.answer(found)}
    return frame.show(request, "people/may.html", **told)


def _requests(
    request: HttpRequest, error: ProductError | None = None, link: str = ""
) -> HttpResponse:
    rows = persons.requests(confirming.waiting())
    response = frame.show(request, "people/requests.html", rows=rows, error=error, link=link)
    response.status_code = 200 if error is None else error.status
    return response


def _training(request: HttpRequest, error: ProductError | None = None) -> HttpResponse:
    told = {"rows": persons.trainings_of("", wiring.now()), "given": request.POST}
    told |= {"table": persons.courses(), **persons.choices()}
    told["colleagues"] = persons.colleagues(viewer(request))
    response = frame.show(request, "people/training.html", error=error, **told)
    response.status_code = 200 if error is None else error.status
    return response
