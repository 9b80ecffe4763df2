"""Trace a unit or a lot: what it was made of, where it went, and what nobody says of either."""

from msgspec import Struct

from voltrail.actions.desk import Desk
from voltrail.errors import MalformedError, UnknownSubjectError
from voltrail.ids.subject import LotId, SubjectId, UnitId
from voltrail.projections import genealogy, parts
from voltrail.projections.dossier import gathering
from voltrail.projections.genealogy import Traced
from voltrail.projections.parts import Put
from voltrail.projections.reach_keys import OUT_OF, USED_IN
from voltrail.projections.view import Recorded
from voltrail.statements.assembly import Assembly


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
    keys = (which, USED_IN + which, OUT_OF + which)
    if not desk.views.indices_many(keys) and not desk.views.sightings([which]):
        raise UnknownSubjectError(f"Nobody spoke of {which.key}.", hint="Check its serial or lot.")
    room, seen = gathering(desk), desk.views.sightings

    def puts(one: Recorded[Assembly]) -> Put:
        return parts.put(one.fact, desk.blobs)

    return Trace(
        which,
        room.below or 0,
        genealogy.origins(room, which, seen, puts),
        genealogy.reach(room, which, seen, puts),
    )
