"""Remarks: note something with files, take it back, hand a file out to be kept."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from voltrail.actions import remark as actions
from voltrail.errors import ProductError
from voltrail_server import wiring
from voltrail_server.pages import frame
from voltrail_server.panels import named
from voltrail_server.people import passkeys
from voltrail_server.people.viewer import viewer
from voltrail_server.reading import remarks as reading
from voltrail_server.reading.names import Book
from voltrail_server.remarks import remarking, uploads


def new(request: HttpRequest) -> HttpResponse:
    """Ask what is to be noted, or note it; what was typed is never lost."""
    frame.need(request, "remark-new")
    given = request.POST if request.method == "POST" else request.GET
    error = None
    try:
        if request.method == "POST":
            about = _note(request)
            return redirect(f"{named.address(about)}#remarks")
    except ProductError as found:
        error = found
    named_as, text = Book()(given.get("about", "")), given.get("text", "")
    told = {"about": str(named_as), "named": named_as, "text": text}
    response = frame.show(request, "remarks/new.html", error=error, **told)
    response.status_code = 200 if error is None else error.status
    return response


@require_POST
def withdraw(request: HttpRequest, index: int) -> HttpResponse:
    """Take a remark back; it stays to be read, marked."""
    remarking.withdraw(viewer(request), index, request.POST.get("why", ""))
    about = actions.one_remark(wiring.desk(), index).fact.about
    return redirect(f"{named.address(str(about))}#remarks")


def file(request: HttpRequest, index: int, number: int) -> HttpResponse:
    """Hand out a file of a remark to be kept, never to be drawn here."""
    found, data = actions.file_of(wiring.desk(), index, number)
    return uploads.handed_out(found.name, data)


def _note(request: HttpRequest) -> str:
    about = reading.about(request.POST.get("about", ""))
    person = passkeys.person_of(viewer(request))
    given = uploads.read(request.FILES.getlist("files"))
    remarking.note(about, person, request.POST.get("text", ""), given)
    return str(about)
