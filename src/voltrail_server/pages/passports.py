"""The passports about a unit, a lot or a product, each field against the record."""

from django.http import HttpRequest, HttpResponse

from voltrail_server.pages import frame
from voltrail_server.panels import passports as panel
from voltrail_server.reading import passports as ask
from voltrail_server.reading.names import Book


def passports(request: HttpRequest) -> HttpResponse:
    """Return each passport, newest first."""
    book, found = Book(), ask.asked(request.GET.get("about", ""))
    return frame.show(
        request,
        "subjects/passports.html",
        one=book(str(found.subject)),
        boards=[panel.board(each, book) for each in found.held],
    )
