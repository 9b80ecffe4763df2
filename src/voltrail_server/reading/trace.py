"""What a unit or a lot was made of and where it went, for pages, programs and spreadsheets."""

from collections.abc import Iterator
from typing import Any

from voltrail.actions.trace import Trace
from voltrail.actions.trace import trace as ask
from voltrail.errors import MalformedError
from voltrail.ids import subject as ids
from voltrail.projections.genealogy import Traced
from voltrail_server import wiring
from voltrail_server.panels import trace as panel
from voltrail_server.panels.trace import TraceBoard
from voltrail_server.reading.names import Book

HEAD = ("direction", "depth", "way", "certainty", "subject", "entries")


def traced(about: str) -> Trace:
    """Return both directions from an identity, written whole."""
    if not about:
        raise MalformedError("Nothing is named.", hint="Name a unit or a lot by its whole URN.")
    return ask(wiring.desk(), ids.parse(about))


def boards(found: Trace, book: Book) -> dict[str, TraceBoard]:
    """Return both directions in words."""
    return {
        "origins": panel.board(found.origins, book),
        "reach": panel.board(found.reach, book),
    }


def rows(found: Trace) -> Iterator[tuple[object, ...]]:
    """Yield one row for each step, and for each gap, of both directions."""
    for direction, told in (("origins", found.origins), ("reach", found.reach)):
        for step in told.steps[1:]:
            entries = " ".join(map(str, step.entries))
            yield direction, step.depth, step.way, step.certainty, step.subject, entries
        for gap in told.gaps:
            after = told.steps[gap.after]
            yield direction, after.depth, "gap", "not proven", after.subject, str(gap.sentence)


def shown(found: Trace) -> dict[str, Any]:
    """Return both directions for programs."""
    return {
        "subject": found.subject,
        "size": found.size,
        "origins": _direction(found.origins),
        "reach": _direction(found.reach),
    }


def _direction(found: Traced) -> dict[str, Any]:
    return {
        "steps": [
            {
                "subject": one.subject,
                "way": one.way,
                "certainty": one.certainty,
                "depth": one.depth,
                "before": one.before,
                "entries": list(one.entries),
            }
            for one in found.steps
        ],
        "gaps": [
            {"after": one.after, "sentence": str(one.sentence), "ask": one.ask}
            for one in found.gaps
        ],
        "is_cut": found.is_cut,
    }
