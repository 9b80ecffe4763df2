"""The subject page that lots, parties, places, orders and all others share."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse

from voltrail.actions import classify
from voltrail.actions import show as ask
from voltrail.ids import subject as ids
from voltrail.ids.subject import LotId, PartyId, PlaceId, SubjectId
from voltrail_server import wiring
from voltrail_server.pages import frame
from voltrail_server.pages.contradictions import contradictions
from voltrail_server.panels import banner, codes, moves, rows, stories, strip, words
from voltrail_server.panels.charts import chain, trend
from voltrail_server.reading import arrivals, trends, whereabouts
from voltrail_server.reading.names import Book
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
    book = Book()
    return frame.show(
        request,
        "subjects/listing.html",
        page=page,
        lines=[rows.subject(row, book) for row in page.items],
        title=words.said(title),
        lead=lead,
        text=request.GET.get("text", ""),
        desk=title.lower(),
        sheet=f"/{title.lower()}.csv",
        book=f"/{title.lower()}.xlsx",
    )


def subject(request: HttpRequest, urn: str, desk: str = "") -> HttpResponse:
    """Return what the register says of a subject, what holds it, and its newest arrivals."""
    about, book = ids.parse(urn), Book()
    facts = ask.subject(wiring.desk(), about)
    return frame.show(
        request,
        "subjects/subject.html",
        subject=about,
        named=book(about),
        banners=banner.banners(ask.held(wiring.desk(), about), book),
        facts=stories.lines(reversed(facts), ask.sentence_of, book),
        desk=desk,
        **_arrivals(about, book),
        **_charts(about, facts, book),
        **_place(about, facts, book),
    )


def _place(about: SubjectId, facts: Any, book: Book) -> dict[str, object]:  # noqa: ANN401 — facts
    """Return a place's tier, what is there now, and who may enter."""
    if not isinstance(about, PlaceId):
        return {}
    there, permits = whereabouts.at_place(about), whereabouts.permits_in(facts)
    here = moves.here(there, permits, wiring.now(), book)
    told = {"placed": classify.told(about, facts), "here": here}
    return {**told, "here_code": codes.qr(str(about))}


def _arrivals(about: SubjectId, book: Book) -> dict[str, object]:
    column = _COLUMNS.get(about.kind, "")
    found = arrivals.listing(arrivals.Filter(**{column: about})) if column else EMPTY
    lines = [rows.arrival(row, book) for row in found.items]
    return {"column": column, "page": found, "lines": lines, "legend": strip.legend()}


def _charts(about: SubjectId, facts: Sequence[Any], book: Book) -> dict[str, object]:
    """Return what is drawn of a subject: a lot's chain and contradictions, a party's months."""
    if isinstance(about, LotId):
        halves = ask.hand_overs(facts)
        maker = f"urn:voltrail:party:{about.key.split(':')[0]}"
        against = contradictions.shown(about, book)
        return {"chain": chain.chain(halves, maker, book), "against": against}
    if isinstance(about, PartyId):
        return {"trend": trend.trend(trends.of_seller(str(about)))}
    return {}


def any_subject(request: HttpRequest, urn: str) -> HttpResponse:
    """Return the page of a subject that has no desk of its own."""
    return subject(request, urn)
