"""Orders: the list, what was refused, one of them."""

from django.http import HttpRequest, HttpResponse

from voltrail_server.pages import frame, subjects
from voltrail_server.panels import orders as panel
from voltrail_server.reading import orders
from voltrail_server.reading.names import Book


def listing(request: HttpRequest) -> HttpResponse:
    """Return one page of orders, or of those that were refused."""
    text, cursor, book = request.GET.get("text", ""), request.GET.get("cursor", ""), Book()
    refused = request.GET.get("show") == "refused"
    page = orders.refused(cursor) if refused else orders.listing(text, cursor)
    lines = (panel.attempts if refused else panel.lines)(page.items, book)
    return frame.show(
        request, "orders/listing.html", page=page, lines=lines, text=text, refused=refused
    )


def order(request: HttpRequest, key: str) -> HttpResponse:
    """Return one order."""
    return subjects.subject(request, f"urn:voltrail:order:{key}", "orders")
