"""Files of others: upload one, see what it says and what its identities are here, keep it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from voltrail.errors import MalformedError, ProductError
from voltrail.ids.subject import PartyId
from voltrail.readers import registry
from voltrail_server.importing import foreign as files
from voltrail_server.importing.files import MAX_UPLOAD
from voltrail_server.pages import frame
from voltrail_server.panels import foreign as panel
from voltrail_server.people.viewer import viewer
from voltrail_server.reading.names import Book


def listing(request: HttpRequest, error: ProductError | None = None) -> HttpResponse:
    """Return the form, and which formats are read."""
    response = frame.show(
        request, "importing/foreign.html", formats=registry.FORMATS.values(), error=error
    )
    response.status_code = 200 if error is None else error.status
    return response


@require_POST
def upload(request: HttpRequest) -> HttpResponse:
    """Take a file in; nothing of it is recorded yet."""
    try:
        file, form = request.FILES.get("file"), request.POST.get("form", "")
        if file is None:
            raise MalformedError("No file came with the form.", hint="Choose a JSON or XML file.")
        found = files.upload(file.read(MAX_UPLOAD + 1), form)
    except ProductError as error:
        return listing(request, error)
    return redirect(f"/foreign/{found.digest}/?as={form}")


def one(request: HttpRequest, key: str) -> HttpResponse:
    """Return what a file says, draft by draft, before anything is recorded."""
    form = request.GET.get("as", "")
    found = files.look(files.reading_of(key, form))
    title = registry.FORMATS[found.reading.form].title
    board = panel.board(found, title, Book())
    return frame.show(request, "importing/foreign_look.html", board=board, form=form)


@require_POST
def keep(request: HttpRequest, key: str) -> HttpResponse:
    """Let a worker keep what the file says, as its sender's word."""
    sender = PartyId.written(request.POST.get("sender", "").strip())
    work = files.begin(viewer(request), key, request.POST.get("form", ""), sender)
    return redirect(f"/long-work/{work.pk}/")
