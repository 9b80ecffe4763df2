"""Recalls: from a suspect to its scope, holding or rehearsing it, and how each recall stands."""

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect

from voltrail.actions import recall as actions
from voltrail.actions import recall_report
from voltrail_server import wiring
from voltrail_server.notices.asking import told_about
from voltrail_server.pages import frame
from voltrail_server.panels import recalls as panel
from voltrail_server.panels import sheet
from voltrail_server.panels.charts import recall as charts
from voltrail_server.people import passkeys
from voltrail_server.people.viewer import viewer
from voltrail_server.reading import recalls as ask
from voltrail_server.reading.names import Book


def listing(request: HttpRequest) -> HttpResponse:
    """Return the recalls and rehearsals, newest first."""
    lines = [panel.line(one) for one in ask.reports()]
    return frame.show(request, "recalls/listing.html", recalls=lines)


def new(request: HttpRequest) -> HttpResponse:
    """Ask for a suspect and show what it reaches; or hold all of it, or rehearse that."""
    at = wiring.now()
    if request.method == "POST":
        frame.need(request, "hold-place")
        person = passkeys.person_of(viewer(request))
        return redirect(f"/recalls/{ask.begin(request.POST, person, at)}/")
    wanted, book = ask.suspect(request.GET), Book()
    relations, chosen = panel.relations(wanted.relation), panel.actions()
    told = {"wanted": wanted, "relations": relations, "actions": chosen, "started": at.isoformat()}
    if not wanted.about:
        return frame.show(request, "recalls/new.html", **told)
    found = ask.scope(wanted)
    told |= {"board": panel.board(found, book), "tree": charts.tree(found, book)}
    case = request.GET.get("case") or ask.new_case(at)
    return frame.show(request, "recalls/new.html", case=case, **told)


def scope_sheet(request: HttpRequest) -> StreamingHttpResponse:
    """Return a scope as CSV: a row for each asset, and for each thing that nobody says."""
    found = ask.scope(ask.suspect(request.GET))
    return sheet.handed_out("recall-scope", ask.SCOPE_HEAD, ask.scope_rows(found))


def recall(request: HttpRequest, index: int) -> HttpResponse:
    """Return how a recall stands: its times, its places, and what was not found."""
    found, book = ask.report(index), Book()
    return frame.show(
        request,
        "recalls/recall.html",
        story=panel.line(found),
        clocks=panel.clocks(found, told_about(f"/recalls/{index}/")),
        places=panel.places(found, book),
        lost=panel.things(found.not_found[: panel.MOST], book),
        index=index,
    )


def report_sheet(request: HttpRequest, index: int) -> StreamingHttpResponse:
    """Return a recall as CSV: a row for each thing that it names."""
    found = ask.report(index)
    return sheet.handed_out(f"recall-{index}", ask.REPORT_HEAD, ask.report_rows(found))


def answer(request: HttpRequest, index: int) -> HttpResponse:
    """Show what a recall names at a place, or record what was found of it."""
    place = (request.POST if request.method == "POST" else request.GET).get("place", "")
    if request.method == "POST":
        frame.need(request, "recall-answer", place or None)
        said = ask.read_answer(index, request.POST, passkeys.person_of(viewer(request)))
        actions.answer(wiring.desk(), index, said, wiring.now())
        return redirect(f"/recalls/{index}/")
    found, book = ask.report(index), Book()
    lines = panel.things(recall_report.place_of(found, place), book)
    told = {"story": panel.line(found), "place": book(place), "answers": panel.words_of()}
    return frame.show(request, "recalls/answer.html", lines=lines, index=index, **told)
