"""Move by scan: where, what, and what is done; then what became of it, and the way back."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from voltrail.actions import move as actions
from voltrail.errors import ProductError
from voltrail_server import wiring
from voltrail_server.pages import frame
from voltrail_server.people import functions, may, passkeys
from voltrail_server.people.viewer import place_of, viewer
from voltrail_server.reading import labels
from voltrail_server.reading import moves as reading
from voltrail_server.reading.moves import Typed


def scan(request: HttpRequest) -> HttpResponse:
    """Show what was scanned so far, after one scan more; nothing is recorded."""
    given = request.POST if request.method == "POST" else request.GET
    found, error = reading.typed(given, str(place_of(request) or "")), None
    try:
        found = reading.scanned(found, given, request.FILES)
    except ProductError as refused:
        error = refused
    return _form(request, found, error)


@require_POST
def record(request: HttpRequest) -> HttpResponse:
    """Record the move, or show everything that stands against it; what was scanned stays."""
    found = reading.typed(request.POST)
    try:
        wanted = reading.wanted(found, passkeys.person_of(viewer(request)))
        frame.need(request, "move-record", str(wanted.to))
        report = "report" in request.POST
        done = actions.move(wiring.desk(), wanted, wiring.now(), report=report)
        return redirect(f"/moves/{done.placed.index}/")
    except ProductError as refused:
        return _form(request, found, refused)


@require_POST
def frame_of(request: HttpRequest) -> HttpResponse:
    """Return the texts of the codes in one frame of a camera; it is not kept."""
    photo = request.FILES.get("photo")
    data = b"" if photo is None else photo.read(labels.MAX_PICTURE + 1)
    return JsonResponse({"codes": reading.codes_in(data)})


def one(request: HttpRequest, index: int) -> HttpResponse:
    """Return what became of a move: its goods, its seals, the holds it led to."""
    found = actions.one_move(wiring.desk(), index)
    return frame.show(request, "moves/move.html", **reading.told(found), **_ways(request, found))


@require_POST
def undo(request: HttpRequest, index: int) -> HttpResponse:
    """Withdraw a move by a correction; it stays to be read."""
    found = actions.one_move(wiring.desk(), index)
    person = passkeys.person_of(viewer(request))
    frame.need(request, "move-undo", str(found.fact.to))
    by = (person, _may_for_others(request))
    actions.undo(wiring.desk(), index, by, request.POST.get("why", ""), wiring.now())
    return redirect(f"/moves/{index}/")


def _form(request: HttpRequest, found: Typed, error: ProductError | None) -> HttpResponse:
    response = frame.show(request, "moves/scan.html", **reading.board(found, error))
    is_part = request.headers.get("HX-Request") == "true"  # it swaps in only what was taken
    response.status_code = 200 if error is None or is_part else error.status
    return response


def _ways(request: HttpRequest, found: Any) -> dict[str, Any]:  # noqa: ANN401 — a recorded move
    """Return what may be done with a move now."""
    mine = str(found.fact.by) == viewer(request).person
    can = found.withdrawn_by is None and (mine or _may_for_others(request))
    return {"can_undo": can, "next": _("Move something else")}


def _may_for_others(request: HttpRequest) -> bool:
    held = functions.held(viewer(request))
    return bool(may.somewhere(held, "move-undo-any"))
