"""People: the list, and the list as a file."""

from django.http import HttpRequest, HttpResponse, HttpResponseBase

from voltrail_server import wiring
from voltrail_server.pages import frame
from voltrail_server.panels import persons as panel
from voltrail_server.panels import sheet
from voltrail_server.people import confirming
from voltrail_server.people.models import Role
from voltrail_server.reading import persons


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
