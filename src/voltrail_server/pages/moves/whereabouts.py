"""Where every unit of a lot is: by place, by state, one by one, and as a sheet."""

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse

from voltrail_server.pages import frame
from voltrail_server.panels import sheet
from voltrail_server.reading import whereabouts as reading


def of_lot(request: HttpRequest, key: str) -> HttpResponse:
    """Return where every unit of a lot is."""
    return frame.show(request, "lots/units.html", **reading.board(key, request.GET))


def sheet_of(request: HttpRequest, key: str) -> StreamingHttpResponse:
    """Return the same units as CSV."""
    found = reading.of_lot(key)
    name = "units-" + found.lot.key.replace(":", "-").replace("/", "-")
    return sheet.handed_out(name, reading.HEAD, reading.rows(reading.lines(found, request.GET)))
