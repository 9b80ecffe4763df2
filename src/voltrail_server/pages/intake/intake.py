"""Handing in a signed statement by hand."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from voltrail.actions import record
from voltrail.errors import MalformedError
from voltrail_server import wiring
from voltrail_server.pages import frame


def hand_in(request: HttpRequest) -> HttpResponse:
    """Show the form, or register the uploaded statement and show its entry."""
    frame.need(request, "hand-in")
    if request.method != "POST":
        return frame.show(request, "intake.html", desk="register")
    found = request.FILES.get("file")
    if found is None:
        raise MalformedError("No file came with the form.", hint="Choose a file first.")
    done = record.hand_in(wiring.desk(), found.read(), wiring.now())
    return redirect(f"/register/{done.index}/")
