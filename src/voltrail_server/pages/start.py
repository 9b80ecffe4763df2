"""The start page: what waits for this person, what matters to them, how arrivals stand."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse

from voltrail_server import wiring
from voltrail_server.api import tokens
from voltrail_server.operations import health
from voltrail_server.pages import frame
from voltrail_server.panels import duties, strip, words, works
from voltrail_server.people import functions
from voltrail_server.people.viewer import viewer
from voltrail_server.reading import arrivals, drafts, outside, today
from voltrail_server.reading.names import Book
from voltrail_server.reading.sections.seen import Seen
from voltrail_server.work import queue

_FEW = 8  # [rows] as many as a person can take in
_RUNNING = 3  # [works]
_CAP = 10_000  # [rows]


def start(request: HttpRequest) -> HttpResponse:
    """Return what waits for this person; somebody of another firm gets that firm's page."""
    account, at = viewer(request), wiring.now()
    if functions.is_outside(account):
        return frame.show(request, "outside.html", firm=_firm(account.party, at))
    seen = today.seen(account, at, Book(), health.look)
    return frame.show(
        request,
        "start.html",
        to_sign=drafts.count_waiting(account, at),
        running=[works.line(one, at) for one in queue.going_on(account, _RUNNING)],
        sections=today.sections(seen),
        counts=_counts(),
        legend=strip.legend(),
        **_duties(seen),
    )


def _firm(party: str, at: datetime) -> outside.Firm:
    return outside.firm(party, tokens.open_links(party, at), at)


def _duties(seen: Seen) -> dict[str, Any]:
    owed, viewer_of = seen.mine, (seen.names, seen.at)
    return {
        "everybody": seen.sees_all,
        "duties": [duties.line(duty, viewer_of, seen.book) for duty in owed[:_FEW]],
        "more_duties": [duties.line(duty, viewer_of, seen.book) for duty in owed[_FEW:]],
    }


def _counts() -> list[tuple[words.Word, str]]:
    found = words.DISPOSITIONS.values()
    return [(word, arrivals.count(arrivals.Filter(disposition=word.name), _CAP)) for word in found]
