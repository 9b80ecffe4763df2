"""The start page: how arrivals stand, and what waits."""

from typing import Any

from django.http import HttpRequest, HttpResponse

from voltrail_server import wiring
from voltrail_server.pages import frame
from voltrail_server.panels import duties, rows, strip, words
from voltrail_server.people import functions
from voltrail_server.people.models import Account
from voltrail_server.people.viewer import viewer
from voltrail_server.reading import arrivals, drafts, waiting
from voltrail_server.reading.names import Book

_FEW = 8  # [rows] as many as a person can take in
_CAP = 10_000  # [rows]
_EVERYTHING = frozenset({"administrator", "auditor"})  # roles that see what waits for anybody


def start(request: HttpRequest) -> HttpResponse:
    """Return counts by disposition, what waits for this person, and the newest held arrivals."""
    held, book = arrivals.listing(arrivals.Filter(disposition="quarantine")), Book()
    counts = [
        (word, arrivals.count(arrivals.Filter(disposition=word.name), _CAP))
        for word in words.DISPOSITIONS.values()
    ]
    return frame.show(
        request,
        "start.html",
        counts=counts,
        held=[rows.arrival(row, book) for row in held.items[:_FEW]],
        waiting=held.total,
        legend=strip.legend(),
        **_waiting(viewer(request), book),
    )


def _waiting(account: Account, book: Book) -> dict[str, Any]:
    now = wiring.now()
    held = functions.names(account, now)
    owed = waiting.listing(None if held & _EVERYTHING else held, now)
    return {
        "duties": [duties.line(duty, now, book) for duty in owed[:_FEW]],
        "more_duties": max(0, len(owed) - _FEW),
        "to_sign": drafts.count_waiting(account, now),
    }
