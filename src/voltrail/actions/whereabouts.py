"""
At which place an act would be done: what a statement says of itself, or where its arrival went.

So that whoever may act at some places only is asked at the right one. Where nothing on record names
a place, there is none. Judges nobody.
"""

from collections.abc import Iterable
from typing import Any

from voltrail.actions.desk import Desk
from voltrail.ids.subject import ArrivalId, PlaceId, SubjectId, UnitId


def of_subjects(desk: Desk, subjects: Iterable[SubjectId]) -> PlaceId | None:
    """
    Return the one place that some subjects are at.

    Args:
        desk: knows where arrivals went and where units were seen
        subjects: arrivals, units, places; others are nowhere

    Returns:
        The place, or nothing where there is none or more than one.

    Source: our choice: ADR 0023.
    """
    found = {place for one in subjects for place in _places(desk, one)}
    return found.pop() if len(found) == 1 else None


def of_statement(desk: Desk, said: Any) -> PlaceId | None:  # noqa: ANN401 — recorded or just read
    """
    Return the place that a statement is about.

    Args:
        desk: knows where arrivals went
        said: a statement, or a recorded fact

    Returns:
        What its head or its fact names, else where its subjects are; nothing where that is not one.

    Source: our choice: ADR 0023.
    """
    named = said.header.place or getattr(said.fact, "place", None)
    if isinstance(named, PlaceId):
        return named
    selector = getattr(said.fact, "selector", None)
    arrival = getattr(selector, "arrival", None) or getattr(said.fact, "arrival", None)
    return of_subjects(desk, [arrival] if isinstance(arrival, ArrivalId) else said.subjects)


def _places(desk: Desk, subject: SubjectId) -> Iterable[PlaceId]:
    if isinstance(subject, PlaceId):
        return (subject,)
    arrivals: Iterable[str] = ()
    if isinstance(subject, ArrivalId):
        arrivals = (subject,)
    elif isinstance(subject, UnitId):
        arrivals = desk.views.sightings([subject]).get(subject, frozenset())
    rows = desk.views.rows_of(list(arrivals)) if arrivals else {}
    return {PlaceId.read(row.place) for row in rows.values()}
