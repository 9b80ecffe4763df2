"""Where a unit or a lot comes from, and where it went; as a page and as a sheet."""

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse

from voltrail_server.pages import frame
from voltrail_server.panels import sheet
from voltrail_server.reading import trace as ask
from voltrail_server.reading.names import Book


def trace(request: HttpRequest) -> HttpResponse:
    """Return both directions from a unit or a lot, with what nobody says."""
    book, found = Book(), ask.traced(request.GET.get("about", ""))
    one = book(str(found.subject))
    return frame.show(request, "units/trace.html", one=one, found=found, **ask.boards(found, book))


def trace_sheet(request: HttpRequest) -> StreamingHttpResponse:
    """Return the same as CSV: a row for each step and each gap."""
    found = ask.traced(request.GET.get("about", ""))
    name = "trace-" + found.subject.key.replace(":", "-").replace("/", "-")
    return sheet.handed_out(name, ask.HEAD, ask.rows(found))
