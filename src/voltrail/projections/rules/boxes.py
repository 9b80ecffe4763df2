"""
What came out of a sealed container that nobody opened, as moves on site tell it.

Does not know whether a seal was the right one.
"""

from collections.abc import Iterator
from datetime import datetime

from voltrail.projections import whereabouts
from voltrail.projections.rules.bearing import Bearing
from voltrail.projections.rules.seen import moves, sightings
from voltrail.projections.view import Recorded
from voltrail.statements.movement import Movement

Told = tuple[Recorded[Movement], ...]


def unopened(about: Bearing) -> Iterator[tuple[str, datetime, Told]]:
    """
    Yield where a unit was seen outside a container that was sealed with it inside.

    Args:
        about: what bears on the unit

    Yields:
        The container, when the unit was seen outside, and what says so: the move in, the move that
        sealed it, the sighting. Whoever tells that a seal was found or missing has opened it.

    Source: EPCIS 2.0, AggregationEvent; our choice: ADR 0048.
    """
    inside: Recorded[Movement] | None = None
    named = {one.entry.digest: one for one in moves(about)}
    for seen in sightings(about):
        move = named.get(seen.fact.entry.digest)
        box = None if move is None else move.fact.container
        if inside is not None and box != inside.fact.container:
            sealed = _sealed(about, inside, seen.at)
            if sealed is not None:
                yield str(inside.fact.container), seen.at, (inside, sealed, seen.fact)
        if move is not None and box is not None:
            inside = inside if inside is not None and box == inside.fact.container else move
        else:
            inside = None


def _sealed(
    about: Bearing, inside: Recorded[Movement], until: datetime
) -> Recorded[Movement] | None:
    """Return the move that sealed a container with a unit inside, unless it was opened since."""
    scope, sealed = f"{whereabouts.IN}{inside.fact.container}", None
    told = (one for one in about.of(Movement) if inside.fact.at <= one.fact.at <= until)
    for one in sorted(told, key=lambda each: (each.fact.at, each.entry.digest)):
        seals = whereabouts.seals_of(one.fact, scope)
        if sealed is not None and (seals.found or seals.missing):
            return None
        if seals.set and sealed is None:
            sealed = one
    return sealed
