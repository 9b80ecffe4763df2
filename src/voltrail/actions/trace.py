"""Trace a unit or a lot: what it was made of, where it went, and what nobody says of either."""

from msgspec import Struct

from voltrail.actions.desk import Desk
from voltrail.errors import MalformedError, UnknownSubjectError
from voltrail.ids.subject import LotId, SubjectId, UnitId
from voltrail.projections import genealogy
from voltrail.projections.dossier import gathering
from voltrail.projections.genealogy import Traced


class Trace(Struct, frozen=True):
    """Both directions from one subject, at one size of the register."""

    subject: SubjectId
    size: int
    origins: Traced
    reach: Traced


def trace(desk: Desk, which: SubjectId) -> Trace:
    """
    Return what a unit or a lot was made of, and where it went.

    Args:
        desk: where it is kept
        which: a unit or a lot

    Returns:
        Both directions, each with its gaps.

    Raises:
        MalformedError: it is neither a unit nor a lot.
        UnknownSubjectError: nobody spoke of it.

    Source: mission, PV-04; ADR 0049.
    """
    if not isinstance(which, UnitId | LotId):
        raise MalformedError(f"{which} is neither a unit nor a lot.", hint="Trace one of those.")
    if not desk.views.indices(which) and not _seen(desk, which):
        raise UnknownSubjectError(f"Nobody spoke of {which.key}.", hint="Check its serial or lot.")
    room = gathering(desk)

    def seen(unit: UnitId) -> frozenset[str]:
        return _seen(desk, unit)

    return Trace(
        which,
        room.below or 0,
        genealogy.origins(room, which, seen),
        genealogy.reach(room, which, seen),
    )


def _seen(desk: Desk, which: SubjectId) -> frozenset[str]:
    return desk.views.sightings([which]).get(which, frozenset())
