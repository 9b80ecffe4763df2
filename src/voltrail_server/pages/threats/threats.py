"""The threats, and the controls that stand against each."""

from django.http import HttpRequest, HttpResponse

from voltrail.decisions.threats import threats
from voltrail_server.pages import frame


def listing(request: HttpRequest) -> HttpResponse:
    """Return the threat board."""
    return frame.show(request, "threats.html", threats=threats(), desk="threats")
