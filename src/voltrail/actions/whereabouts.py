"""
At which place an act would be done: what a statement says of itself, or where its arrival went.

So that whoever may act at some places only is asked at the right one. Where nothing on record names
a place, there is none. Where single units are now is `located`'s. Judges nobody.
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any

from msgspec import Struct

from voltrail.actions.desk import Desk
from voltrail.ids.subject import PREFIX, ArrivalId, PlaceId, SubjectId, UnitId, is_identity
from voltrail.projections.fold import view
from voltrail.projections.stock import row_of
from voltrail.projections.view import View
from voltrail.statements.acceptance import Acceptance
from voltrail.statements.installation import Installation
from voltrail.statements.movement import Movement, MovementVerb
from voltrail.statements.place import Place
from voltrail.statements.stock import Stock

_DEPTH = 8  # [places] one within another, before a circle is taken for one


class Stay(Struct, frozen=True):
    """Where a unit is in service by a record that stands, since which day, and the entry."""

    place: PlaceId
    since: str
    entry: int


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


def in_service_at(desk: Desk, unit: UnitId) -> tuple[Stay, ...]:
    """
    Return the places at which a unit is in service, by records that stand.

    Args:
        desk: where they are kept
        unit: which one

    Returns:
        One stay for each place, oldest first: from installations, else from the record that two
        signed, and from lists of what was in service before. A place within another is left out.

    Source: mission, PV-03; ADR 0043.
    """
    found: dict[PlaceId, Stay] = {}
    for one in sorted(_stays(desk, unit), key=lambda one: (one.since, one.entry)):
        if not any(are_one(desk, one.place, other) for other in found):
            found[one.place] = one
    return tuple(found.values())


def are_one(desk: Desk, one: PlaceId, other: PlaceId) -> bool:
    """
    Return whether something at one place can be at the other too: the same, or one in the other.

    Args:
        desk: knows what lies within what
        one: a place
        other: a place

    Returns:
        Whether a thing can be at both.

    Source: docs/reference/predicates.md, place, within.
    """
    return one in around(desk, other) or other in around(desk, one)


def around(desk: Desk, place: PlaceId) -> tuple[PlaceId, ...]:
    """
    Return a place and those it lies within, the smallest first.

    Args:
        desk: knows what lies within what
        place: which place

    Returns:
        At least the place itself.

    Source: docs/reference/predicates.md, place, within.
    """
    found = [place]
    while len(found) < _DEPTH:
        told = view(desk.entries, desk.views, found[-1]).newest(Place)
        if told is None or told.fact.within is None or told.fact.within in found:
            break
        found.append(told.fact.within)
    return tuple(found)


def _stays(desk: Desk, unit: UnitId) -> Iterator[Stay]:
    """Yield the records by which a unit is in service; what moved it away since ends older ones."""
    seen = view(desk.entries, desk.views, unit)
    last = max((one.fact for one in seen.standing(Movement)), key=_at, default=None)
    gone = None if last is None or last.verb is MovementVerb.INSTALL else last.at
    installed = [one for one in seen.standing(Installation) if one.fact.unit == unit]
    for put in installed:
        if gone is None or put.fact.installed_at > gone:
            yield Stay(put.fact.place, _day(put.fact.installed_at), put.entry.index)
    if not installed:
        yield from _accepted(seen, unit, gone)
    for old in seen.standing(Stock) if gone is None else ():
        row = row_of(old.fact, desk.blobs, unit)
        place = f"{PREFIX}{PlaceId.kind}:{row.place if row else ''}"
        if row is not None and is_identity(place):
            since = row.since or _day(old.header.claimed_time)
            yield Stay(PlaceId.read(place), since, old.entry.index)


def _accepted(seen: View, unit: UnitId, gone: datetime | None) -> Iterator[Stay]:
    for one in seen.standing(Acceptance):
        goes_in = one.fact.puts_in and unit in one.fact.units
        if goes_in and (gone is None or one.fact.at > gone):
            yield Stay(one.fact.place, _day(one.fact.at), one.entry.index)


def _at(fact: Movement) -> datetime:
    return fact.at


def _day(at: date) -> str:
    return f"{at:%Y-%m-%d}"


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
