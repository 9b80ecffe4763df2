"""A unit's element is asked: the challenge as text and code, its answer, and what that says."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from voltrail.errors import ProductError
from voltrail.ids.subject import UnitId
from voltrail_server import wiring
from voltrail_server.elements import asking
from voltrail_server.elements.models import ElementChallenge
from voltrail_server.pages import frame
from voltrail_server.panels import codes, scans, words
from voltrail_server.people.viewer import viewer
from voltrail_server.reading import labels


@require_POST
def ask(request: HttpRequest) -> HttpResponse:
    """Ask the element of the unit that was scanned."""
    unit = labels.unit_of(request.POST.get("text", ""))
    made = asking.ask(unit, request.POST.get("purpose", "look"), viewer(request).person)
    return redirect(f"/scan/element/{made.pk}/")


def challenge(request: HttpRequest, number: int) -> HttpResponse:
    """Return a challenge as text and as a code, and where its answer goes."""
    return _shown(request, asking.find(number))


@require_POST
def answer(request: HttpRequest, number: int) -> HttpResponse:
    """Take an answer, typed, pasted or photographed, and say what it says of the unit."""
    kept, told, error = asking.find(number), {}, None
    try:
        text, _seal = labels.typed({}, request.POST, request.FILES)
        heard = asking.answer(text, UnitId.read(kept.unit))
        told = {"heard": heard, "word": scans.proof(heard.judged)}
    except ProductError as refused:
        error = refused
    response = _shown(request, asking.find(number), error=error, **told)
    response.status_code = 200 if error is None else error.status
    return response


def _shown(request: HttpRequest, kept: ElementChallenge, **told: object) -> HttpResponse:
    text, is_over = asking.text_of(kept), wiring.now() >= kept.expires_at
    return frame.show(
        request,
        "units/element.html",
        kept=kept,
        unit=UnitId.read(kept.unit),
        purpose=scans.purpose(kept.purpose),
        challenge=text,
        code=codes.qr(text),
        until=words.stamp(kept.expires_at),
        waits=kept.answered_at is None and not is_over,
        **told,
    )
