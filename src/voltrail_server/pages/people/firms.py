"""The ways in of firms without an account: tokens for programs, links for people."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from voltrail.errors import ProductError
from voltrail_server.api import giving, tokens
from voltrail_server.pages import frame
from voltrail_server.panels import passes
from voltrail_server.people.viewer import viewer
from voltrail_server.reading import persons
from voltrail_server.reading.names import Book


def listing(request: HttpRequest) -> HttpResponse:
    """Return the tokens and links that let a firm in now."""
    frame.need(request, "people-read")
    return _listing(request)


@require_POST
@never_cache
def issue(request: HttpRequest) -> HttpResponse:
    """Give a firm a token or a link; it is shown this one time."""
    try:
        made = giving.give(viewer(request), request.POST)
    except ProductError as error:
        return _listing(request, error=error)
    return _listing(request, made=made)


@require_POST
def end(request: HttpRequest, key: str) -> HttpResponse:
    """End a token or a link now."""
    try:
        tokens.end(key, request.POST.get("reason", ""), viewer(request))
    except ProductError as error:
        return _listing(request, error=error)
    return redirect("/people/firms/")


def _listing(
    request: HttpRequest, error: ProductError | None = None, made: giving.Made | None = None
) -> HttpResponse:
    rows = passes.lines(tokens.named(), Book())
    told = {"rows": rows, "firms": persons.firms(), "given": request.POST if error else {}}
    response = frame.show(request, "people/firms.html", error=error, made=made, **told)
    response.status_code = 200 if error is None else error.status
    return response
