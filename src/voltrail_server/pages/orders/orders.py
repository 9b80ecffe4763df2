"""Orders: the list and one of them."""

from django.http import HttpRequest, HttpResponse

from voltrail_server.pages import subjects
from voltrail_server.reading import orders


def listing(request: HttpRequest) -> HttpResponse:
    """Return one page of orders."""
    page = orders.listing(request.GET.get("text", ""), request.GET.get("cursor", ""))
    lead = "What was ordered, and how the arrivals on each order stand."
    return subjects.listing(request, "Orders", lead, page)


def order(request: HttpRequest, key: str) -> HttpResponse:
    """Return one order."""
    return subjects.subject(request, f"urn:voltrail:order:{key}", "orders")
