"""One unit: may it be installed, where was it seen, what is stated about it."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse

from voltrail.actions import show as ask
from voltrail.ids.subject import UnitId
from voltrail_server import wiring
from voltrail_server.pages import frame
from voltrail_server.pages.contradictions import contradictions
from voltrail_server.panels import banner, moves, rows, stories, strip, words
from voltrail_server.reading import units, whereabouts
from voltrail_server.reading.names import Book


def unit(request: HttpRequest, key: str) -> HttpResponse:
    """Return whether a unit may be installed, and why."""
    about, desk, book = UnitId.read(f"urn:voltrail:unit:{key}"), wiring.desk(), Book()
    seen, facts = units.seen_in(about), units.facts(about)
    before, answer = units.before(about, facts), ask.may_install(desk, about, wiring.now())
    return frame.show(
        request,
        "subjects/unit.html",
        unit=about,
        answer=answer,
        word=words.BROUGHT if before and not seen else words.install(answer.allowed),
        before=before,
        banners=banner.banners(ask.held(desk, about), book),
        facts=stories.lines(facts, ask.sentence_of, book),
        **_around(about, seen, book),
    )


def _around(about: UnitId, seen: Sequence[Any], book: Book) -> dict[str, object]:
    """Return where a unit is, with which arrivals it came, and what stands against itself."""
    line = moves.where(str(about), whereabouts.of_unit(about), wiring.now(), book)
    lines, against = [rows.arrival(row, book) for row in seen], contradictions.shown(about, book)
    return {
        "where": line,
        "where_lines": [line],
        "lines": lines,
        "legend": strip.legend(),
        "against": against,
    }
