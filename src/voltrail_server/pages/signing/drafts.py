"""Drafts to sign: what waits for whom, one of them in plain words, and taking a signature."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from voltrail.errors import MalformedError, ProductError
from voltrail_server import wiring
from voltrail_server.pages import frame
from voltrail_server.panels import drafts as panel
from voltrail_server.people import origin
from voltrail_server.people.viewer import viewer
from voltrail_server.reading import drafts as reading
from voltrail_server.signing import drafts


def listing(request: HttpRequest) -> HttpResponse:
    """Return what waits for this person's signature, what they began, and what else is open."""
    at, user = wiring.now(), viewer(request)
    parts = (reading.waiting(user, at), reading.started(user), reading.every_open(at))
    waiting, started, every = ([panel.line(one, at) for one in part] for part in parts)
    return frame.show(
        request, "signing/listing.html", waiting=waiting, started=started, every=every
    )


def draft(request: HttpRequest, index: int) -> HttpResponse:
    """Return one draft in plain words, with the ways to sign it."""
    return _page(request, index)


def payload(request: HttpRequest, index: int) -> HttpResponse:
    """Return a draft's exact bytes: what `voltrail sign` signs, and what a passkey answers for."""
    data = bytes(drafts.get(index).payload)
    return frame.hand_out(data, "application/json", f"draft-{index}.json")


@require_POST
def sign(request: HttpRequest, index: int) -> HttpResponse:
    """Take a passkey's answer."""
    site = origin.site_of(request)
    return _do(request, index, lambda: drafts.sign(viewer(request), index, request.POST, site))


@require_POST
def upload(request: HttpRequest, index: int) -> HttpResponse:
    """Take the signatures in an uploaded envelope: one's own, or, where one may, of others."""
    if not reading.ways(viewer(request), drafts.get(index)).asked:
        frame.need(request, "draft-hand-on")
    site, raw = origin.site_of(request), _uploaded(request)
    return _do(request, index, lambda: drafts.take_envelope(index, raw, "upload", site))


@require_POST
def withdraw(request: HttpRequest, index: int) -> HttpResponse:
    """Take a draft back."""
    return _do(request, index, lambda: drafts.withdraw(viewer(request), index))


@require_POST
def hand_in(request: HttpRequest, index: int) -> HttpResponse:
    """Hand a draft in again that everybody has signed and the register refused."""
    return _do(request, index, lambda: drafts.finish(drafts.get(index)))


def _do(request: HttpRequest, index: int, act: Callable[[], object]) -> HttpResponse:
    """Do something to a draft and show it; a refusal is told on its page, and nothing is lost."""
    drafts.get(index)
    try:
        act()
    except ProductError as error:
        return _page(request, index, error)
    return redirect(f"/signing/{index}/")


def _page(request: HttpRequest, index: int, error: ProductError | None = None) -> HttpResponse:
    found, site = reading.shown(index), origin.site_of(request)
    story = panel.story(found, wiring.now())
    ways = reading.ways(viewer(request), found.draft)
    own = found.draft.created_by_id == viewer(request).pk or ways.asked
    response = frame.show(
        request, "signing/draft.html", story=story, ways=ways, own=own, site=site, error=error
    )
    response.status_code = 200 if error is None else error.status
    return response


def _uploaded(request: HttpRequest) -> bytes:
    found = request.FILES.get("file")
    if found is None:
        raise MalformedError("No file came with the form.", hint="Choose a file first.")
    return found.read()
