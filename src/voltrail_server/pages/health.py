"""Whether the server answers and its register can be read."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, JsonResponse

from voltrail_server.reading import register


@login_not_required
def healthz(request: HttpRequest) -> JsonResponse:
    """Return a sign of life, and how far the public checkpoint lags behind the register."""
    covered, size = register.covered(), register.size()  # in this order: a lag is never negative
    found = {"register": size, "checkpoint": covered, "lag": size - covered}
    return JsonResponse({"status": "ok", **found})
