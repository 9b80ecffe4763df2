"""Contradictions: what stands against itself over all arrivals, as a page and as a sheet."""

from typing import Any

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse

from voltrail.actions import contradictions as actions
from voltrail_server.pages import frame
from voltrail_server.panels import contradictions as panel
from voltrail_server.panels import sheet
from voltrail_server.panels.named import Naming
from voltrail_server.reading import contradictions as ask
from voltrail_server.reading.names import Book


def listing(request: HttpRequest) -> HttpResponse:
    """Return the contradictions by the filter in the address, the newest arrival first."""
    wanted, lines = ask.read_wanted(request.GET), _lines(Book())
    page = ask.listing(wanted, request.GET.get("cursor", ""))
    return frame.show(
        request,
        "contradictions/listing.html",
        page=page,
        tabs=panel.tabs(ask.tally(wanted)),
        lines=lines.of_rows(page.items),
        wanted=wanted,
        rules=actions.names(),
    )


def listing_sheet(request: HttpRequest) -> StreamingHttpResponse:
    """Return the list as a sheet."""
    rows = ask.sheet_rows(ask.read_wanted(request.GET))
    return sheet.handed_out("contradictions", ask.HEAD, rows)


def shown(subject: object, naming: Naming) -> Any:  # noqa: ANN401 — a panel
    """Return the panel of contradictions that a subject's page has."""
    return _lines(naming).panel(ask.about(str(subject)))


def _lines(naming: Naming) -> panel.Lines:
    return panel.Lines(actions.names(), actions.control_of, naming)
