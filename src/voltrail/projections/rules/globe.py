"""
How far two places lie apart, from the records of places.

A place without coordinates lies where the place around it lies. Unknown stays unknown.
"""

import math
from datetime import timedelta

from voltrail.ids.subject import PlaceId
from voltrail.projections.rules.bearing import Bearing
from voltrail.statements.place import Place

_EARTH_KM = 6371.0088  # [km] IUGG mean radius
_DEEP = 16  # [places] within each other


def distance_km(about: Bearing, one: PlaceId | None, other: PlaceId | None) -> float | None:
    """
    Return how far two places lie apart.

    Args:
        about: where the records of places are
        one: a place
        other: another

    Returns:
        The way on a sphere, or None where either is unknown [km].

    Source: haversine; our choice: ADR 0048.
    """
    here, there = _spot(about, one), _spot(about, other)
    if here is None or there is None:
        return None
    north, east = there[0] - here[0], there[1] - here[1]
    half = math.sin(north / 2) ** 2
    half += math.cos(here[0]) * math.cos(there[0]) * math.sin(east / 2) ** 2
    return 2 * _EARTH_KM * math.asin(math.sqrt(min(1.0, half)))


def lies_in(about: Bearing, one: PlaceId, other: PlaceId) -> bool:
    """
    Return whether a place is another, or lies in it.

    Args:
        about: where the records of places are
        one: the smaller place
        other: the place around it

    Returns:
        True where the records say so.

    Source: our choice: ADR 0048.
    """
    return other in _around(about, one)


def words(gone: timedelta) -> str:
    """
    Return a span of time for a sentence.

    Args:
        gone: the span

    Returns:
        Days from two days on, else hours.

    Source: our choice: ADR 0048.
    """
    hours = gone.total_seconds() / 3600
    return f"{hours / 24:.1f} d" if abs(hours) >= 48 else f"{hours:.1f} h"  # noqa: PLR2004


def _around(about: Bearing, place: PlaceId | None) -> list[PlaceId]:
    found: list[PlaceId] = []
    while place is not None and place not in found and len(found) < _DEEP:
        found.append(place)
        record = about.newest(Place, place=place)
        place = None if record is None else record.fact.within
    return found


def _spot(about: Bearing, place: PlaceId | None) -> tuple[float, float] | None:
    """Return latitude and longitude of a place or of the nearest one around it [rad]."""
    for one in _around(about, place):
        record = about.newest(Place, place=one)
        if record is None or record.fact.latitude is None or record.fact.longitude is None:
            continue
        north, east = float(record.fact.latitude), float(record.fact.longitude)
        return math.radians(north), math.radians(east)
    return None
