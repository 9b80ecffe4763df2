"""Arrivals: the list, one arrival, one of its decisions, its evidence pack."""

from django.http import HttpRequest, HttpResponse

from voltrail.actions import pack, playbook
from voltrail.actions import show as ask
from voltrail.ids.subject import ArrivalId
from voltrail_server import wiring
from voltrail_server.pages import frame
from voltrail_server.pages.contradictions import contradictions
from voltrail_server.panels import acceptances, rows, stories, strip, words
from voltrail_server.panels import playbook as panel
from voltrail_server.panels.charts import layers
from voltrail_server.people import functions
from voltrail_server.people.viewer import viewer
from voltrail_server.reading import arrivals
from voltrail_server.reading.names import Book


def listing(request: HttpRequest) -> HttpResponse:
    """Return one page of arrivals by the filter in the address."""
    wanted, book = arrivals.read_filter(request.GET), Book()
    sort = request.GET.get("sort", "newest")
    page = arrivals.listing(wanted, sort, request.GET.get("cursor", ""))
    return frame.show(
        request,
        "dock/arrivals.html",
        page=page,
        lines=[rows.arrival(row, book) for row in page.items],
        wanted=wanted,
        sort=sort,
        words=words.DISPOSITIONS.values(),
        legend=strip.legend(),
        chart=layers.layers(page.items),
    )


def arrival(request: HttpRequest, key: str) -> HttpResponse:
    """Return one arrival: holds, verdict, layers, findings, custody, facts, older decisions."""
    found, book = ask.arrival(wiring.desk(), ArrivalId.of(key)), Book()
    story = stories.arrival(found, ask.sentence_of, book)
    handing = acceptances.handing(found, book)
    steps = _steps(request, found, book)
    against = contradictions.shown(found.row.arrival, book)
    told = {"story": story, "handing": handing, "steps": steps, "against": against}
    return frame.show(request, "dock/arrival.html", **told)


def _steps(request: HttpRequest, found: ask.ArrivalStory, book: Book) -> tuple[panel.StepLine, ...]:
    mine, at = functions.names(viewer(request)), wiring.now()
    return panel.lines(playbook.playbook(found), found.row, (mine, at), book)


def decision(request: HttpRequest, key: str, index: int) -> HttpResponse:
    """Return one decision about an arrival, the newest or an older one."""
    found = ask.entry(wiring.desk(), index)
    told = stories.decision(ArrivalId.of(key), found, Book())
    return frame.show(request, "dock/decision.html", story=told)


def evidence(request: HttpRequest, key: str) -> HttpResponse:
    """Return an arrival's evidence pack."""
    data = pack.evidence_pack(wiring.desk(), ArrivalId.of(key))
    return frame.hand_out(data, "application/zip", frame.file_name(key, ".pack.zip"))
