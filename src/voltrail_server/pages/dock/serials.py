"""The serials of an arrival against its order, the maker's list and what was scanned."""

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse

from voltrail.ids.subject import ArrivalId
from voltrail_server.pages import frame
from voltrail_server.panels import serials as panel
from voltrail_server.panels import sheet
from voltrail_server.reading import serials as ask
from voltrail_server.reading.names import Book


def serials(request: HttpRequest, key: str) -> HttpResponse:
    """Return where the lists of an arrival differ."""
    book, found = Book(), ask.compared(ArrivalId.of(key))
    one, board = book(str(found.arrival)), panel.board(found)
    return frame.show(request, "dock/serials.html", one=one, board=board)


def sheet_of(request: HttpRequest, key: str) -> StreamingHttpResponse:
    """Return each serial of every list, and in which it stands."""
    which = ArrivalId.of(key)
    name = "serials-" + which.key.replace(":", "-").replace("/", "-")
    return sheet.handed_out(name, ask.HEAD, ask.rows(which))
