"""Whether the server answers and its parts are well, for people who watch it and their programs."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse

from voltrail.errors import NotPermittedError
from voltrail_server import wiring
from voltrail_server.operations import health, metrics
from voltrail_server.pages import errors


@login_not_required
def healthz(request: HttpRequest) -> JsonResponse:
    """Return a word for each part, and how far the public checkpoint lags behind the register."""
    well, parts = health.look(wiring.now())
    found = {
        "status": "ok" if well else "failing",
        "register": parts["register"].get("entries"),
        "checkpoint": parts["checkpoint"].get("covered"),
        "lag": parts["checkpoint"].get("uncovered"),
        "parts": parts,
    }
    return JsonResponse(found, status=200 if well else 503)


@login_not_required
def numbers(request: HttpRequest) -> HttpResponse:
    """Return the numbers for a monitoring system, to whoever has the token."""
    if not metrics.may_read(request.META):
        hint = "Send the token in metrics_token of the data folder: Authorization: Bearer TOKEN."
        return errors.calm(request, NotPermittedError("These numbers are not public.", hint=hint))
    return HttpResponse(metrics.text(), content_type=metrics.MEDIA_TYPE)
