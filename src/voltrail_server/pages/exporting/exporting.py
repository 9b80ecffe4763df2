"""A list as a file: at once where it is short, by a worker where it is long."""

from uuid import UUID

from django.http import FileResponse, HttpRequest, HttpResponseBase
from django.shortcuts import redirect

from voltrail_server.exporting import shelf
from voltrail_server.exporting.taking import begun
from voltrail_server.pages.frame import View
from voltrail_server.panels import book, sheet
from voltrail_server.people.viewer import viewer
from voltrail_server.work import queue
from voltrail_server.work.models import Work


def taking(name: str, ending: str) -> View:
    """Return the page that gives a list as a file of one kind."""

    def take(request: HttpRequest) -> HttpResponseBase:
        """Return the list, narrowed as the address says."""
        wanted = "refused-orders" if _asks_for_refused(request, name) else name
        asked = {key: str(value) for key, value in request.GET.items() if key != "cursor"}
        found = begun(viewer(request), wanted, asked, ending)
        if isinstance(found, Work):
            return redirect(f"/long-work/{found.pk}/")
        give = book.handed_out if ending == "xlsx" else sheet.handed_out
        return give(wanted, *found)

    return take


def file(request: HttpRequest, number: UUID) -> HttpResponseBase:
    """Return the file that a worker wrote."""
    found = queue.find(viewer(request), number)
    name, ending = found.result.get("name", "list"), found.result.get("ending", "csv")
    kind = shelf.MEDIA_TYPES[ending]
    kept = shelf.find(found.pk, ending)
    return FileResponse(kept.open("rb"), as_attachment=True, filename=name, content_type=kind)


def _asks_for_refused(request: HttpRequest, name: str) -> bool:
    return name == "orders" and request.GET.get("show") == "refused"
