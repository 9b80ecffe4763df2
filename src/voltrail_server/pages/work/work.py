"""Long work: the list, one of it while it goes on, stopping it, trying it again."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from voltrail_server import wiring
from voltrail_server.pages import frame
from voltrail_server.panels import works as panel
from voltrail_server.people.viewer import viewer
from voltrail_server.work import queue


def listing(request: HttpRequest) -> HttpResponse:
    """Return a person's newest work; an administrator sees everybody's."""
    at = wiring.now()
    lines = [panel.line(one, at) for one in queue.listing(viewer(request))]
    return frame.show(request, "work/listing.html", works=lines)


def one(request: HttpRequest, number: UUID) -> HttpResponse:
    """Return how far one piece of work is; htmx asks for the part that changes."""
    found = panel.line(queue.find(viewer(request), number), wiring.now())
    if request.headers.get("HX-Request"):
        return render(request, "work/going.html", {"work": found})
    return frame.show(request, "work/work.html", work=found)


@require_POST
def stop(request: HttpRequest, number: UUID) -> HttpResponse:
    """Ask the worker to stop."""
    queue.stop(queue.find(viewer(request), number))
    return redirect(f"/long-work/{number}/")


@require_POST
def again(request: HttpRequest, number: UUID) -> HttpResponse:
    """Let a worker go on where the work was."""
    queue.again(queue.find(viewer(request), number))
    return redirect(f"/long-work/{number}/")
