"""
What came out of a sealed container that nobody opened, as moves on site tell it.

Does not know whether a seal was the right one.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from voltrail.projections import whereabouts
from voltrail.projections.rules.bearing import Bearing
from voltrail.projections.rules.seen import Seen, moves, sightings
from voltrail.projections.view import Recorded
from voltrail.statements.assembly import Assembly
from voltrail.statements.installation import Installation
from voltrail.statements.movement import Movement

_Move = Recorded[Movement]
_OUTSIDE = (Assembly, Installation, Movement)  # what leaves or comes may still be in its container


def unopened(about: Bearing) -> Iterator[tuple[str, datetime, tuple[Recorded[Any], ...]]]:
    """
    Yield where a unit was seen outside a container that was sealed with it inside.

    Args:
        about: what bears on the unit

    Yields:
        The container, when the unit was seen outside, and what says so: the move in, the move that
        sealed it, the sighting. Whoever tells that a seal was found or missing, or sets another
        one, has opened it.

    Source: EPCIS 2.0, AggregationEvent; our choice: ADR 0048.
    """
    named = {one.entry.digest: one for one in moves(about)}
    every = sorted(about.of(Movement), key=_time) if named else []
    inside: _Move | None = None
    for seen in sightings(about):
        if not isinstance(seen.fact.fact, _OUTSIDE):
            inside = None
            continue
        move = named.get(seen.fact.entry.digest)
        box = None if move is None else move.fact.container
        if inside is not None and box == inside.fact.container:
            continue
        sealed = None if inside is None else _sealed(every, inside, seen)
        if inside is not None and sealed is not None:
            yield str(inside.fact.container), seen.at, (inside, sealed, seen.fact)
        inside = move if box is not None else None


def _sealed(every: list[_Move], inside: _Move, seen: Seen) -> _Move | None:
    """Return the move that sealed a container with a unit inside, unless it was opened since."""
    scope, sealed = f"{whereabouts.IN}{inside.fact.container}", None
    for one in every:
        seals = whereabouts.seals_of(one.fact, scope)
        if not seals.are_told or not inside.fact.at <= one.fact.at <= seen.at:
            continue
        if sealed is not None and (seals.found or seals.missing or _other(seals.set, sealed)):
            return None
        if seals.set and sealed is None:
            sealed = one
    if sealed is not None and isinstance(seen.fact.fact, Movement):
        found = {*seen.fact.fact.seals_found, *seen.fact.fact.place_seals_found}
        return None if found & set(sealed.fact.seals_set) else sealed
    return sealed


def _other(seals: tuple[str, ...], sealed: _Move) -> bool:
    return bool(seals) and set(seals) != set(sealed.fact.seals_set)


def _time(one: _Move) -> tuple[datetime, str]:
    return one.fact.at, one.entry.digest
