"""Lots: the list and one of them."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from voltrail_server.pages import subjects
from voltrail_server.reading import lots


def listing(request: HttpRequest) -> HttpResponse:
    """Return one page of lots."""
    page = lots.listing(request.GET.get("text", ""), request.GET.get("cursor", ""))
    lead = _("Every production lot a maker has declared or a hand-over has named.")
    return subjects.listing(request, "Lots", lead, page)


def lot(request: HttpRequest, key: str) -> HttpResponse:
    """Return one lot."""
    return subjects.subject(request, f"urn:voltrail:lot:{key}", "lots")
