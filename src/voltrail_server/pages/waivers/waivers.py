"""Exceptions: the list, one of them, asking for one, and beginning to end one early."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from voltrail.actions import waived, waiver
from voltrail.errors import ProductError
from voltrail_server import wiring
from voltrail_server.pages import frame
from voltrail_server.panels import waivers as panel
from voltrail_server.people import passkeys
from voltrail_server.people.viewer import viewer
from voltrail_server.reading import signers
from voltrail_server.reading import waivers as reading
from voltrail_server.reading.names import Book
from voltrail_server.signing import asking, drafts
from voltrail_server.signing.drafts import Wanted


def listing(request: HttpRequest) -> HttpResponse:
    """Return the exceptions: all, those in one state, or those about one subject."""
    at, state, about = wiring.now(), request.GET.get("state", ""), request.GET.get("about", "")
    found = panel.lines(reading.listing(at, state, about), at, Book())
    return frame.show(
        request,
        "waivers/listing.html",
        waivers=found,
        states=panel.STATES.values(),
        state=state,
        about=about,
    )


def one(request: HttpRequest, index: int) -> HttpResponse:
    """Return one exception: scope, end, plan, and the risk that its approvers had before them."""
    at = wiring.now()
    found = waived.waiver(wiring.desk(), index, at)
    story = panel.line(found, at, Book())
    frozen = _frozen(story.snapshot)
    mine = viewer(request).person in map(str, found.waiver.fact.approved_by)
    return frame.show(request, "waivers/waiver.html", story=story, frozen=frozen, mine=mine)


def new(request: HttpRequest) -> HttpResponse:
    """Ask what is not to bind and why, show what that would cover, or ask two to approve it."""
    given = request.POST if request.method == "POST" else request.GET
    error, seen = None, None
    try:
        if request.method == "POST" and "look" not in given:
            wanted = _read(request)
            frame.need(request, "waiver-ask", reading.place_of(wanted))
            made, _asked = asking.ask(viewer(request), wanted)
            return redirect(f"/signing/{made.pk}/")
        if reading.is_whole(given):
            seen = panel.snapshot(waiver.look(wiring.desk(), _read(request), wiring.now()))
    except ProductError as found:
        error = found
    return _form(request, given, seen, error)


@require_POST
def end(request: HttpRequest, index: int) -> HttpResponse:
    """Begin the draft with which an approver ends an exception before its day."""
    person, at = passkeys.person_of(viewer(request)), wiring.now()
    reason = request.POST.get("reason", "")
    payload = waiver.draft_end(wiring.desk(), index, person, reason, at)
    purpose = _("End the exception of entry #%(index)s early.") % {"index": index}
    made = drafts.begin(viewer(request), payload, purpose, Wanted((person,)))
    return redirect(f"/signing/{made.pk}/")


def snapshot(request: HttpRequest, key: str) -> HttpResponse:
    """Return the risk as it stood when an exception was asked for."""
    found = panel.snapshot(waiver.snapshot(wiring.desk(), key))
    return frame.show(request, "waivers/snapshot.html", frozen=found, digest=key)


def _read(request: HttpRequest) -> Any:  # noqa: ANN401 — what the form asks for
    given = request.POST if request.method == "POST" else request.GET
    return reading.read_form(given, passkeys.person_of(viewer(request)), wiring.now())


def _frozen(digest: str) -> panel.SnapshotStory | None:
    try:
        return panel.snapshot(waiver.snapshot(wiring.desk(), digest))
    except ProductError:
        return None


def _form(
    request: HttpRequest,
    given: object,
    seen: panel.SnapshotStory | None,
    error: ProductError | None,
) -> HttpResponse:
    at, control = wiring.now(), waived.waivable()
    shown = {"given": given, "seen": seen, "error": error, "controls": control}
    lists = {"able": signers.able("waiver", at), "steps": reading.step_rows(given)}
    response = frame.show(request, "waivers/new.html", **shown, **lists)
    response.status_code = 200 if error is None else error.status
    return response
