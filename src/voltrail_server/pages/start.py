"""The start page: how arrivals stand, and what waits."""

from typing import Any

from django.http import HttpRequest, HttpResponse

from voltrail_server import wiring
from voltrail_server.pages import frame
from voltrail_server.panels import duties, rows, strip, words
from voltrail_server.reading import arrivals, waiting

_FEW = 8  # [rows] as many as a person can take in
_CAP = 10_000  # [rows]
_EVERYTHING = frozenset({"administrator", "auditor"})  # roles that see what waits for anybody


def start(request: HttpRequest) -> HttpResponse:
    """Return counts by disposition, what waits for this person, and the newest held arrivals."""
    held = arrivals.listing(arrivals.Filter(disposition="quarantine"))
    counts = [
        (word, arrivals.count(arrivals.Filter(disposition=word.name), _CAP))
        for word in words.DISPOSITIONS.values()
    ]
    return frame.show(
        request,
        "start.html",
        counts=counts,
        held=[rows.arrival(row) for row in held.items[:_FEW]],
        waiting=held.total,
        legend=strip.legend(),
        **_waiting(getattr(request.user, "role", "")),
    )


def _waiting(role: str) -> dict[str, Any]:
    now = wiring.now()
    owed = waiting.listing(None if role in _EVERYTHING else role, now)
    return {
        "duties": [duties.line(duty, now) for duty in owed[:_FEW]],
        "more_duties": max(0, len(owed) - _FEW),
    }
