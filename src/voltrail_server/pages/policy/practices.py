"""Tiers and practices: what each tier asks for in the five areas, and proposing another."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from voltrail.actions import policy as rules
from voltrail_server import wiring
from voltrail_server.pages import frame
from voltrail_server.panels import practices as panel
from voltrail_server.people.viewer import viewer
from voltrail_server.reading import practices as reading
from voltrail_server.signing import proposals


def practices(request: HttpRequest) -> HttpResponse:
    """Show the practice of each area at each tier, or begin the proposal that asks for another."""
    if request.method == "POST":
        made = proposals.begin_with(viewer(request), reading.read_choices(request.POST))
        return redirect(f"/policy/proposals/{made.pk}/")
    current = rules.in_force(wiring.desk(), wiring.now())
    return frame.show(request, "policy/practices.html", **panel.table(current.record))
