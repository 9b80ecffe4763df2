"""Imports: the kinds and past ones, upload, which column is what, preview, confirm, result."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from voltrail.errors import MalformedError, ProductError
from voltrail.readers import registry
from voltrail_server import wiring
from voltrail_server.importing import imports, plans
from voltrail_server.importing.files import MAX_UPLOAD
from voltrail_server.importing.models import Import, State
from voltrail_server.pages import frame
from voltrail_server.panels import imports as panel
from voltrail_server.panels import sheet
from voltrail_server.people.viewer import viewer
from voltrail_server.reading import import_form as form
from voltrail_server.work import queue

# kind → what one must be allowed to do; what is not listed needs no more than the form itself
_ACTS = {"people": "import-people", "orders": "order-place", "places": "place-classify"}


def listing(request: HttpRequest, error: ProductError | None = None) -> HttpResponse:
    """Return the kinds of lists, and past imports with what came of them."""
    at, readers = wiring.now(), registry.READERS
    lines = [panel.line(one, readers[one.kind].title, at) for one in imports.listing()]
    told = {"kinds": panel.kinds(readers.values()), "imports": lines, "error": error}
    chosen = request.POST.get("kind") or request.GET.get("kind", "")
    response = frame.show(request, "importing/listing.html", chosen=chosen, **told)
    response.status_code = 200 if error is None else error.status
    return response


@require_POST
def upload(request: HttpRequest) -> HttpResponse:
    """Take a file in; nothing of it is recorded yet."""
    kind = request.POST.get("kind", "")
    _need(request, kind)
    try:
        name, data = _file(request)
        made = imports.upload(viewer(request), kind, name, data, queue.begin)
    except ProductError as error:
        return listing(request, error)
    reading = made.state == State.READING
    return redirect(f"/long-work/{made.work}/" if reading else f"/import/{made.pk}/")


def example(request: HttpRequest, key: str) -> HttpResponse:
    """Return a list of a kind with a header and two rows, to begin from."""
    data = registry.example(registry.reader(key))
    return frame.hand_out(data, "text/csv; charset=utf-8", f"{key}.csv")


def one(request: HttpRequest, number: UUID) -> HttpResponse:
    """Return an import where it stands: its columns, its preview, or its result."""
    found = _found(request, number)
    if found.state == State.UPLOADED:
        return _columns(request, found)
    if found.state == State.READY:
        return _preview(request, found)
    failed = imports.failure(found)
    return frame.show(request, "importing/result.html", line=_line(found), failed=failed)


def columns(request: HttpRequest, number: UUID) -> HttpResponse:
    """Keep which column is what, begin from a saved mapping, or show the choice again."""
    found = _found(request, number)
    if request.method != "POST":
        imports.need_open(found)
        return _columns(request, found)
    if "start" in request.POST:
        imports.start_from(found, request.POST["start"])
    else:
        sources = form.chosen(found.kind, request.POST, len(found.columns))
        fixed = found.comma is False and "comma" not in request.POST
        imports.choose(found, sources, form.reads(request.POST, fixed=fixed))
    return redirect(f"/import/{number}/")


@require_POST
def confirm(request: HttpRequest, number: UUID) -> HttpResponse:
    """Let a worker record the good rows."""
    work = imports.confirm(viewer(request), _found(request, number))
    return redirect(f"/long-work/{work.pk}/")


@require_POST
def drop(request: HttpRequest, number: UUID) -> HttpResponse:
    """Drop an import; nothing was recorded."""
    imports.drop(_found(request, number))
    return redirect("/import/")


def wrong(request: HttpRequest, number: UUID) -> HttpResponseBase:
    """Return the wrong rows as a file, each with what is wrong."""
    found = _found(request, number)
    rows = panel.wrong_rows(found.columns, plans.plan(found).wrong)
    response = StreamingHttpResponse(rows, content_type=f"{sheet.MEDIA_TYPE}; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="wrong-{found.kind}.csv"'
    return response


def _need(request: HttpRequest, kind: str) -> None:
    if kind in _ACTS:
        frame.need(request, _ACTS[kind])


def _found(request: HttpRequest, number: UUID) -> Import:
    found = imports.find(number)
    _need(request, found.kind)
    return found


def _file(request: HttpRequest) -> tuple[str, bytes]:
    file = request.FILES.get("file")
    if file is None:
        raise MalformedError("No file came with the form.", hint="Choose a CSV or XLSX file.")
    return file.name or "", file.read(MAX_UPLOAD + 1)


def _line(found: Import) -> panel.ImportLine:
    return panel.line(found, registry.reader(found.kind).title, wiring.now())


def _columns(
    request: HttpRequest, found: Import, error: ProductError | None = None
) -> HttpResponse:
    fields = form.choices(found.kind, found.sources)
    told = {"saved": imports.saved(found.kind), "error": error, "found": found}
    lists = {"fields": fields, "columns": form.columns(plans.sheet_of(found))}
    response = frame.show(request, "importing/columns.html", line=_line(found), **told, **lists)
    response.status_code = 200 if error is None else error.status
    return response


def _preview(request: HttpRequest, found: Import) -> HttpResponse:
    try:
        made = plans.plan(found)
    except MalformedError as error:
        return _columns(request, found, error)
    story = panel.preview(made, plans.refusals(made), plans.ASKED)
    return frame.show(request, "importing/preview.html", line=_line(found), story=story)
