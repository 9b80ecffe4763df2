"""Saved filters: keep the present one under a name, remove one."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from voltrail_server.people.viewer import viewer
from voltrail_server.saved import filters


@require_POST
def save(request: HttpRequest) -> HttpResponse:
    """Keep a filter under a name and go back to its list."""
    path, query, name = (request.POST.get(one, "") for one in ("path", "query", "name"))
    kept, _new = filters.save(viewer(request), path, query, name)
    return redirect(kept.address)


@require_POST
def remove(request: HttpRequest, index: int) -> HttpResponse:
    """Forget a filter of one's own and go back to its list."""
    return redirect(filters.remove(viewer(request), index))
