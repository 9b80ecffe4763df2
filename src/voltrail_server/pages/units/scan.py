"""The rack's page: scan a label, or take its photo; and codes to print."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from voltrail.errors import ProductError
from voltrail.ids.subject import ArrivalId, UnitId
from voltrail_server.exporting import printing
from voltrail_server.pages import frame
from voltrail_server.panels import scans
from voltrail_server.people.viewer import place_of, viewer
from voltrail_server.reading import labels
from voltrail_server.work.models import Work


def scan(request: HttpRequest) -> HttpResponse:
    """Return the one answer to a scan of a unit's label, from a wedge or from a photo."""
    told, error = {}, None
    try:
        told = _told(request)
    except ProductError as refused:
        error = refused
    given = request.POST or request.GET
    response = frame.show(request, "units/scan.html", error=error, given=given, **told)
    response.status_code = 200 if error is None else error.status
    return response


def _told(request: HttpRequest) -> dict[str, Any]:
    text, seal = labels.typed(request.GET, request.POST, request.FILES)
    if not text:
        return {}
    found = labels.of_text(labels.Shown(text, seal, place_of(request)))
    unit = found.scan.unit
    return {
        "found": found,
        "word": scans.word(found.bar),
        "can_be_asked": labels.can_be_asked(unit),
    }


def label(request: HttpRequest, key: str) -> HttpResponse:
    """Return the code of one unit as a vector picture."""
    data, media_type = labels.one(UnitId.read(f"urn:voltrail:unit:{key}"), "svg")
    return frame.hand_out(data, media_type, f"{key.replace(':', '-')}.svg")


def sheet(request: HttpRequest, key: str) -> HttpResponse:
    """Return the labels of an arrival's units as sheets; of many, the work that draws them."""
    which = ArrivalId.read(f"urn:voltrail:arrival:{key}")
    found = printing.begun(viewer(request), which, request.GET.get("layout", labels.LAYOUTS[0]))
    if isinstance(found, Work):
        return redirect(f"/long-work/{found.pk}/")
    return frame.hand_out(found, "application/pdf", f"labels-{key.replace(':', '-')}.pdf")
