"""
The risk tier of a place, derived from impact, replacement lead time and exposure.

    1  any of: high impact with medium or longer lead time; high impact in a harsh or remote place
    3  low impact, low lead time, controlled or sheltered place
    2  everything between

Overruled only with a reason and a second person, recorded in the place statement.
"""

from voltrail.statements.place import Environment, Grade, Place

CRITICAL, MIDDLE, LIGHT = 1, 2, 3
_EXPOSED = frozenset({Environment.HARSH, Environment.REMOTE})


def tier_of(place: Place) -> int:
    """
    Return the risk tier of a place.

    Args:
        place: as recorded

    Returns:
        1 (critical), 2, or 3 (light).

    Source: mission, risk tiers; derivation: ADR 0007.
    """
    if place.overrule is not None:
        return place.overrule.tier
    exposed = place.environment in _EXPOSED
    if place.impact is Grade.HIGH and (exposed or place.lead_time is not Grade.LOW):
        return CRITICAL
    if place.impact is Grade.LOW and place.lead_time is Grade.LOW and not exposed:
        return LIGHT
    return MIDDLE


def reason(place: Place) -> str:
    """
    Return one sentence that says how the tier came about.

    Args:
        place: as recorded

    Returns:
        The sentence.

    Source: our choice: ADR 0007.
    """
    if place.overrule is not None:
        return f"Set by hand to {place.overrule.tier}: {place.overrule.reason}"
    return (
        f"Impact {place.impact}, replacement lead time {place.lead_time}, "
        f"{place.environment} environment."
    )
