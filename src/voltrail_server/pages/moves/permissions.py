"""Who may enter a place: see, allow, end."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from voltrail.actions import permission as actions
from voltrail.errors import ProductError
from voltrail.ids.subject import PlaceId
from voltrail_server import wiring
from voltrail_server.pages import frame
from voltrail_server.panels import moves as panel
from voltrail_server.people import passkeys
from voltrail_server.people.viewer import viewer
from voltrail_server.reading import permissions as reading
from voltrail_server.reading import whereabouts
from voltrail_server.reading.names import Book


def permissions(request: HttpRequest, key: str) -> HttpResponse:
    """Return who may enter a place, or allow somebody; what was typed is never lost."""
    place, error = PlaceId.read(f"urn:voltrail:place:{key}"), None
    if request.method == "POST":
        frame.need(request, "place-permission", str(place))
        try:
            by = passkeys.person_of(viewer(request))
            wanted = reading.read(place, request.POST, by, wiring.now())
            actions.give(wiring.desk(), wanted, wiring.now())
            return redirect(f"/places/{key}/permissions/")
        except ProductError as refused:
            error = refused
    return _shown(request, place, error)


@require_POST
def end(request: HttpRequest, key: str) -> HttpResponse:
    """End a permission now."""
    place, at = PlaceId.read(f"urn:voltrail:place:{key}"), wiring.now()
    frame.need(request, "place-permission-end", str(place))
    which = (request.POST.get("number", ""), passkeys.person_of(viewer(request)))
    actions.end(wiring.desk(), place, which, request.POST.get("reason", "")[:1_000], at)
    return redirect(f"/places/{key}/permissions/")


def _shown(request: HttpRequest, place: PlaceId, error: ProductError | None) -> HttpResponse:
    book, found = Book(), whereabouts.permits(place)
    told: dict[str, Any] = {"one": book(str(place)), "error": error, "given": request.POST}
    told["permits"] = panel.permitted(found, wiring.now(), book)
    told["people"], told["chosen"] = reading.people(), request.POST.getlist("people")
    response = frame.show(request, "places/permissions.html", **told)
    response.status_code = 200 if error is None else error.status
    return response
