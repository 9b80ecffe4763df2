"""Asking two persons to accept goods, or to sign that units go into service."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from voltrail.errors import ProductError
from voltrail_server import wiring
from voltrail_server.pages import frame
from voltrail_server.people.viewer import viewer
from voltrail_server.reading import acceptances as reading
from voltrail_server.reading import signers
from voltrail_server.signing import accepting
from voltrail_server.signing.models import Draft


def new(request: HttpRequest) -> HttpResponse:
    """Ask what two persons sign, or begin the draft that waits for both."""
    error = None
    if request.method == "POST":
        try:
            return redirect(f"/signing/{_ask(request).pk}/")
        except ProductError as found:
            error = found
    able, given = signers.able("acceptance", wiring.now()), request.POST or request.GET
    shown = {"given": given, "able": able, "error": error, "verbs": reading.VERBS}
    response = frame.show(request, "acceptances/new.html", **shown)
    response.status_code = 200 if error is None else error.status
    return response


def _ask(request: HttpRequest) -> Draft:
    wanted = reading.read_form(request.POST)
    frame.need(request, "acceptance-ask", reading.place_of(wanted))
    return accepting.ask(viewer(request), wanted)
