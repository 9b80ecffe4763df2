"""One unit: may it be installed, where was it seen, what is stated about it."""

from django.http import HttpRequest, HttpResponse

from voltrail.actions import show as ask
from voltrail.ids.subject import UnitId
from voltrail_server import wiring
from voltrail_server.pages import frame
from voltrail_server.panels import banner, rows, stories, strip, words
from voltrail_server.reading import units
from voltrail_server.reading.names import Book


def unit(request: HttpRequest, key: str) -> HttpResponse:
    """Return whether a unit may be installed, and why."""
    about, desk, book = UnitId.read(f"urn:voltrail:unit:{key}"), wiring.desk(), Book()
    answer = ask.may_install(desk, about, wiring.now())
    return frame.show(
        request,
        "subjects/unit.html",
        unit=about,
        answer=answer,
        word=words.install(answer.allowed),
        banners=banner.banners(ask.held(desk, about), book),
        lines=[rows.arrival(row, book) for row in units.seen_in(about)],
        legend=strip.legend(),
        facts=stories.lines(units.facts(about), ask.sentence_of, book),
    )
