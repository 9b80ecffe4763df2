"""The subject page that lots, parties, places, orders and all others share."""

from django.http import HttpRequest, HttpResponse

from voltrail.actions import show as ask
from voltrail.ids import subject as ids
from voltrail_server import wiring
from voltrail_server.pages import frame
from voltrail_server.panels import rows, stories, strip
from voltrail_server.reading import arrivals
from voltrail_server.reading.page import EMPTY, Page

_COLUMNS = {
    "lot": "lot",
    "place": "place",
    "order": "order",
    "party": "seller",
    "product": "product",
}


def listing(request: HttpRequest, title: str, lead: str, page: Page) -> HttpResponse:
    """Return one page of a list of subjects."""
    return frame.show(
        request,
        "subjects/listing.html",
        page=page,
        title=title,
        lead=lead,
        text=request.GET.get("text", ""),
        desk=title.lower(),
    )


def subject(request: HttpRequest, urn: str, desk: str = "") -> HttpResponse:
    """Return what the register says of a subject, and its newest arrivals."""
    about = ids.parse(urn)
    facts, column = ask.subject(wiring.desk(), about), _COLUMNS.get(about.kind, "")
    found = arrivals.listing(arrivals.Filter(**{column: about})) if column else EMPTY
    return frame.show(
        request,
        "subjects/subject.html",
        subject=about,
        column=column,
        facts=stories.lines(reversed(facts), ask.sentence_of),
        page=found,
        lines=[rows.arrival(row) for row in found.items],
        legend=strip.legend(),
        desk=desk,
    )


def any_subject(request: HttpRequest, urn: str) -> HttpResponse:
    """Return the page of a subject that has no desk of its own."""
    return subject(request, urn)
