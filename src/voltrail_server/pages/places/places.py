"""Places: the list and one of them."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from voltrail_server.pages import subjects
from voltrail_server.reading import places


def listing(request: HttpRequest) -> HttpResponse:
    """Return one page of places."""
    page = places.listing(request.GET.get("text", ""), request.GET.get("cursor", ""))
    lead = _("Where goods go; a place's tier decides how strictly they are judged.")
    return subjects.listing(request, "Places", lead, page)


def place(request: HttpRequest, key: str) -> HttpResponse:
    """Return one place."""
    return subjects.subject(request, f"urn:voltrail:place:{key}", "places")
