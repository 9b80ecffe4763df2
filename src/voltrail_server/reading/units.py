"""One unit: the arrivals it was seen in, and what is stated about it."""

from collections.abc import Sequence
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


def before(unit: UnitId, facts: Sequence[Any]) -> list[tuple[str, str, str]]:
    """Return what a list said of a unit in service before Voltrail: name, value, address."""
    found = show.brought(wiring.desk(), unit, facts[::-1]) if facts else None
    if found is None:
        return []
    told = [(name, getattr(found, name)) for name in ("level", "place", "product", "lot", "since")]
    return [(name, value, _address(name, value, found.maker)) for name, value in told if value]


def _address(name: str, value: str, maker: str) -> str:
    match name:
        case "place":
            return f"/places/{value}/"
        case "product":
            return f"/subjects/urn:voltrail:product:{value}/"
        case "lot":
            return f"/lots/{maker}:{value}/"
    return ""


def facts(unit: UnitId) -> tuple[Any, ...]:
    """Return what is stated about a unit, newest claim first; nothing where nobody spoke."""
    try:
        return tuple(reversed(show.subject(wiring.desk(), unit)))
    except UnknownSubjectError:
        return ()
