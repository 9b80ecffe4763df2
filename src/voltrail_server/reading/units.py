"""One unit: the arrivals it was seen in, and what is stated about it."""

from typing import Any

from voltrail.actions import show
from voltrail.errors import UnknownSubjectError
from voltrail.ids.subject import UnitId
from voltrail.projections.store import ArrivalRow
from voltrail_server import wiring


def seen_in(unit: UnitId) -> tuple[ArrivalRow, ...]:
    """Return the arrivals whose statements name a unit, in order of identity."""
    views = wiring.desk().views
    arrivals = sorted(views.sightings([unit]).get(unit, frozenset()))
    return tuple(row for row in map(views.row, arrivals) if row is not None)


def facts(unit: UnitId) -> tuple[Any, ...]:
    """Return what is stated about a unit, newest claim first; nothing where nobody spoke."""
    try:
        return tuple(reversed(show.subject(wiring.desk(), unit)))
    except UnknownSubjectError:
        return ()
