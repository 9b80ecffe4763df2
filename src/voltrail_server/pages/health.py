"""Whether the server answers and its register can be read."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, JsonResponse

from voltrail_server.reading import register


@login_not_required
def healthz(request: HttpRequest) -> JsonResponse:
    """Return a sign of life; the register is read, its size is not told."""
    register.size()
    return JsonResponse({"status": "ok"})
