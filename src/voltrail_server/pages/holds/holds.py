"""Holds: the list, one of them, placing one, and beginning to lift one."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from voltrail.actions import hold as actions
from voltrail.actions import show as ask
from voltrail_server import wiring
from voltrail_server.pages import frame
from voltrail_server.panels import chips, codes
from voltrail_server.panels import holds as panel
from voltrail_server.people import passkeys
from voltrail_server.people.viewer import viewer
from voltrail_server.reading import holds as reading
from voltrail_server.reading.names import Book
from voltrail_server.signing import drafts
from voltrail_server.signing.drafts import Wanted


def listing(request: HttpRequest) -> HttpResponse:
    """Return the holds, or those that speak of one subject."""
    about = request.GET.get("about", "")
    found = reading.listing(about)
    return frame.show(request, "holds/listing.html", holds=panel.lines(found, Book()), about=about)


def hold(request: HttpRequest, index: int) -> HttpResponse:
    """Return one hold: what it holds, who has lifted it, and what lifts it."""
    found = actions.hold(wiring.desk(), index)
    book, evidence = Book(), reading.evidence(found)
    lifts = [chips.line(one, _("Lifts the hold."), book) for one in found.lifts]
    story = panel.line(found, book)
    return frame.show(
        request,
        "holds/hold.html",
        story=story,
        lifts=lifts,
        evidence=[chips.line(one, ask.sentence_of(one), book) for one in evidence],
        mine=viewer(request).person in story.persons,
    )


def tag(request: HttpRequest, index: int) -> HttpResponse:
    """Return the tag that is printed and tied to what is held, with a code that leads here."""
    story = panel.line(actions.hold(wiring.desk(), index), Book())
    address = f"{settings.VOLTRAIL_ORIGIN}/holds/{index}/"
    return frame.show(
        request, "holds/tag.html", story=story, address=address, code=codes.qr(address)
    )


def place(request: HttpRequest) -> HttpResponse:
    """Ask what is to be held and why, or place the hold."""
    frame.need(request, "hold-place")
    person, at = passkeys.person_of(viewer(request)), wiring.now()
    if request.method != "POST":
        form = panel.form(request.GET.get("about", ""), at)
        return frame.show(request, "holds/new.html", form=form)
    frame.need(request, "hold-place", reading.place_of(request.POST.get("subject", "")))
    case, selector, cause = reading.read_hold(request.POST)
    done = actions.place(wiring.desk(), case, selector, (cause, person), at)
    return redirect(f"/holds/{done.index}/")


@require_POST
def lift(request: HttpRequest, index: int) -> HttpResponse:
    """Begin the draft with which this person lifts a hold."""
    person, at = passkeys.person_of(viewer(request)), wiring.now()
    how = frame.need(request, "hold-lift", reading.place_of_entry(index))
    evidence = reading.read_evidence(request.POST)
    payload = actions.draft_lift(wiring.desk(), index, person, evidence, at)
    purpose = _("Lift the hold of entry #%(index)s.") % {"index": index}
    made = drafts.begin(viewer(request), payload, purpose, Wanted((person,), how=how))
    return redirect(f"/signing/{made.pk}/")
