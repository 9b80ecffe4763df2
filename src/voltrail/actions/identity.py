"""
What any code is, and which of our subjects it means: one question for pages, API and command line.

Reads only. A code that is refused, or that nothing on record claims, means no subject.
"""

from datetime import date

from voltrail.actions.desk import Desk
from voltrail.errors import MalformedError
from voltrail.ids.identified import Identified
from voltrail.ids.identify import identify
from voltrail.projections import identities
from voltrail.projections.identities import Meant

__all__ = ["Identified", "Meant", "meant", "read"]


def read(text: str, on: date) -> Identified:
    """
    Return what a text is.

    Args:
        text: as scanned or typed
        on: today

    Returns:
        Scheme, parts, warnings and canonical form.

    Raises:
        MalformedError: nothing, too long, or written in a scheme and wrong.

    Source: mission, PV-01; ADR 0046.
    """
    return identify(text, on)


def meant(desk: Desk, text: str) -> Meant:
    """
    Return which subjects on record a text means, by what is claimed there.

    Args:
        desk: what is on record
        text: as scanned or typed

    Returns:
        The subjects, and what is said against them; none where it is no code.

    Source: mission, PV-01; ADR 0046.
    """
    try:
        found = identify(text)
    except MalformedError:
        return Meant()
    return identities.meant(desk.entries, desk.views, found)
