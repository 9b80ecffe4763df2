"""The five provenance questions about a unit, on one page."""

from django.http import HttpRequest, HttpResponse

from voltrail.ids.subject import UnitId
from voltrail_server.pages import frame
from voltrail_server.reading import provenance as ask
from voltrail_server.reading.names import Book


def provenance(request: HttpRequest, key: str) -> HttpResponse:
    """Return who made its cells, where it was assembled, who tested it, its firmware, its way."""
    book, found = Book(), ask.asked(UnitId.read(f"urn:voltrail:unit:{key}"))
    return frame.show(
        request,
        "units/provenance.html",
        one=book(str(found.unit)),
        unit=found.unit,
        size=found.size,
        cards=ask.cards(found, book),
    )
