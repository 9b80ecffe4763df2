"""The box at the top: one meaning leads to its page, several are shown, none says what to do."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from voltrail_server import wiring
from voltrail_server.pages import frame
from voltrail_server.panels import finds
from voltrail_server.reading import find as reading


def find(request: HttpRequest) -> HttpResponse:
    """Go to what a scan or a text means, or show what it may mean."""
    found = reading.find(request.GET.get("q", ""), wiring.now().date())
    if found.only is not None and "all" not in request.GET:
        return redirect(finds.address_of(found.only))
    return frame.show(request, "find.html", found=finds.told(found))
