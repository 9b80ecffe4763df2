"""The start page: how arrivals stand, and what waits."""

from django.http import HttpRequest, HttpResponse

from voltrail_server.pages import frame
from voltrail_server.panels import rows, strip, words
from voltrail_server.reading import arrivals

_FEW = 8  # [rows] as many as a person can take in
_CAP = 10_000  # [rows]


def start(request: HttpRequest) -> HttpResponse:
    """Return counts by disposition and the newest held arrivals."""
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
    )
