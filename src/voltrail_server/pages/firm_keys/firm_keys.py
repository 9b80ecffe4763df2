"""The keys of firms: those that wait, those on record, and what the end of one would change."""

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from voltrail.actions.firm_keys import Bound, Ending
from voltrail.errors import ProductError
from voltrail_server.keyring import ceremony
from voltrail_server.pages import frame
from voltrail_server.people.viewer import viewer
from voltrail_server.reading import firm_keys as reading
from voltrail_server.reading.names import Book
from voltrail_server.reading.times import read_time


def listing(request: HttpRequest) -> HttpResponse:
    """Return the keys of firms, of one firm where the address names it."""
    return _listing(request)


@require_POST
def ask(request: HttpRequest) -> HttpResponse:
    """Keep a firm's public half until a second person confirms it."""
    try:
        ceremony.ask(viewer(request), _asked(request))
    except ProductError as error:
        return _listing(request, error)
    return redirect("/keys/")


@require_POST
def confirm(request: HttpRequest, index: int) -> HttpResponse:
    """Enrol a firm's key, as somebody other than who asked for it."""
    try:
        found = ceremony.confirm(viewer(request), index)
    except ProductError as error:
        return _listing(request, error)
    return redirect(f"/register/{found.entry}/")


@require_POST
def refuse(request: HttpRequest, index: int) -> HttpResponse:
    """Say no to a key that waits."""
    ceremony.refuse(viewer(request), index)
    return redirect("/keys/")


@require_POST
def restrict(request: HttpRequest, key: str) -> HttpResponse:
    """Leave a key less than it had."""
    try:
        bound = _bound(request.POST)
        made = ceremony.restrict(viewer(request), key, bound, request.POST.get("reason", ""))
    except ProductError as error:
        return _listing(request, error)
    return redirect(f"/register/{made.index}/")


def doubt(request: HttpRequest, key: str) -> HttpResponse:
    """Show what the end of a key would put in doubt, before anybody confirms it."""
    return _doubt(request, key, request.GET)


@require_POST
def end(request: HttpRequest, key: str) -> HttpResponse:
    """End a key; everything that rests on it is judged again."""
    try:
        reason = request.POST.get("reason", "")
        made = ceremony.end(viewer(request), key, _ending(request.POST), reason)
    except ProductError as error:
        return _doubt(request, key, request.POST, error)
    return redirect(f"/register/{made.index}/")


def _listing(request: HttpRequest, error: ProductError | None = None) -> HttpResponse:
    book, party = Book(), request.GET.get("party", "")
    told = reading.listing(book, party, viewer(request).person)
    given = request.POST if error else {}
    response = frame.show(request, "keys/listing.html", error=error, given=given, **told)
    response.status_code = 200 if error is None else error.status
    return response


def _doubt(
    request: HttpRequest, key: str, given: QueryDict, error: ProductError | None = None
) -> HttpResponse:
    ending = _ending(given) if given.get("how") and error is None else None
    told = reading.doubt(key, ending, Book())
    response = frame.show(request, "keys/doubt.html", given=given, error=error, **told)
    response.status_code = 200 if error is None else error.status
    return response


def _asked(request: HttpRequest) -> ceremony.Asked:
    file = request.FILES.get("file")
    data = file.read(ceremony.MAX_PUBLIC_HALF + 1) if file is not None else b""
    party, material = ceremony.read_public_half(data)
    return ceremony.Asked(party, material, _bound(request.POST), request.POST.get("reason", ""))


def _bound(form: QueryDict) -> Bound:
    until = form.get("until", "").strip()
    places = form.get("places", "").split()
    return ceremony.read_bound(form.getlist("kinds"), places, read_time(until) if until else None)


def _ending(form: QueryDict) -> Ending:
    since, until = form.get("since", "").strip(), form.get("until", "").strip()
    return Ending(
        form.get("how", ""),
        read_time(since) if since else None,
        read_time(until) if until else None,
    )
