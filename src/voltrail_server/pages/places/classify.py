"""Classifying a place: what follows is shown first; a lighter tier asks a second person."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from voltrail.errors import MalformedError, ProductError
from voltrail_server import wiring
from voltrail_server.pages import frame
from voltrail_server.people.viewer import viewer
from voltrail_server.reading import classify as reading
from voltrail_server.reading import signers
from voltrail_server.signing import classifying
from voltrail_server.signing.models import Draft


def new(request: HttpRequest) -> HttpResponse:
    """Ask for the short name of a new place, or go on to classify it."""
    frame.need(request, "place-new")
    error = None
    if request.method == "POST":
        try:
            return redirect(f"/places/{reading.key_of(request.POST)}/classify/")
        except ProductError as found:
            error = found
    response = frame.show(request, "places/new.html", error=error, given=request.POST)
    response.status_code = 200 if error is None else error.status
    return response


def classify(request: HttpRequest, key: str) -> HttpResponse:
    """Show what a classification gives, state it, or ask a second person to sign it too."""
    frame.need(request, "place-classify", reading.place_of(key))
    error: ProductError | None = None
    if request.method == "POST" and "look" not in request.POST:
        try:
            return redirect(_state(request, key))
        except ProductError as found:
            error = found
    return _form(request, key, error)


def _state(request: HttpRequest, key: str) -> str:
    form = request.POST
    done = classifying.state(viewer(request), reading.read(key, form), reading.second_of(form))
    return f"/signing/{done.pk}/" if isinstance(done, Draft) else f"/places/{key}/"


def _form(request: HttpRequest, key: str, error: ProductError | None) -> HttpResponse:
    values, derived = reading.typed(key, request.POST or request.GET), None
    try:
        derived = reading.derived(key, values)
    except MalformedError as found:
        error = error or found
    shown: dict[str, Any] = {"key": key, "values": values, "derived": derived, "error": error}
    shown |= {"choices": reading.CHOICES, "able": signers.able("place", wiring.now())}
    response = frame.show(request, "places/classify.html", **shown)
    response.status_code = 200 if error is None else error.status
    return response
