"""Parties: the list and one of them."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from voltrail_server.pages import subjects
from voltrail_server.reading import parties


def listing(request: HttpRequest) -> HttpResponse:
    """Return one page of parties."""
    page = parties.listing(request.GET.get("text", ""), request.GET.get("cursor", ""))
    lead = _("Makers, sellers, carriers and laboratories; counts are the arrivals each sold.")
    return subjects.listing(request, "Parties", lead, page)


def party(request: HttpRequest, key: str) -> HttpResponse:
    """Return one party."""
    return subjects.subject(request, f"urn:voltrail:party:{key}", "parties")
