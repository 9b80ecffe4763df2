"""
Make the views from the register: all of them again, or what came from elsewhere on top.

Links, sightings, rows, findings. Repeats the decisions on record; judges nothing.
"""

from datetime import datetime

from voltrail.actions.affects import bearing_on, lean
from voltrail.actions.desk import Desk
from voltrail.actions.judge import found_rows, row_of
from voltrail.ids.subject import ArrivalId
from voltrail.projections.dossier import dossiers, gathering
from voltrail.projections.fold import keep, rebuild
from voltrail.projections.view import recorded
from voltrail.statements.arrival import Arrival
from voltrail.statements.decision import DecisionRecord

_CHUNK = 1_000  # [arrivals] rows written at a time
_FEW = 20_000  # [entries] folded at once on top; more of them are folded with all the others


def refold(desk: Desk, at: datetime) -> int:
    """
    Return how many entries were folded into new views.

    Args:
        desk: inside its transaction
        at: the time by which a rule knows what is overdue; rows repeat the decisions on record

    Returns:
        Number of entries.

    Raises:
        MalformedError: an entry was changed after it was admitted.

    Source: our choice: ADR 0006.
    """
    count = rebuild(desk.entries, desk.views, desk.blobs)
    after = "urn:voltrail:arrival:"
    while keys := desk.views.keys("urn:voltrail:arrival:", after, _CHUNK):
        _rows(desk, [ArrivalId.read(key) for key in keys], at)
        after = keys[-1]
    return count


def catch_up(desk: Desk, begun: int, at: datetime) -> int:
    """
    Return how many entries were folded on top of the views that stand.

    Args:
        desk: inside its transaction; its entries were appended by somebody who folds nothing
        begun: how many entries the views know
        at: as in `refold`

    Returns:
        Number of entries; the views are then as `refold` would make them.

    Raises:
        MalformedError: an entry was changed after it was admitted.

    Source: our choice: ADR 0006.
    """
    size = desk.entries.size()
    if size - begun > _FEW:
        return refold(desk, at)
    fresh = [recorded(entry) for entry in desk.entries.entries(begun, size)]
    keep((desk.entries, desk.views, desk.blobs), fresh)
    found = bearing_on(desk, gathering(desk), fresh)
    decided = [one.fact.about for one in fresh if isinstance(one.fact, DecisionRecord)]
    found |= {about for about in decided if isinstance(about, ArrivalId)}
    listed = sorted(found)
    for start in range(0, len(listed), _CHUNK):
        _rows(desk, listed[start : start + _CHUNK], at)
    return len(fresh)


def _rows(desk: Desk, arrivals: list[ArrivalId], at: datetime) -> None:
    room = gathering(desk)
    room.fetch(arrivals)
    facts = [one for arrival in arrivals for one in room.facts(arrival)]
    lean(desk, room, (one for one in facts if isinstance(one.fact, Arrival)))
    decided = {one.fact.about: one for one in facts if isinstance(one.fact, DecisionRecord)}
    judged = [arrival for arrival in arrivals if arrival in decided]
    every = dossiers(desk, room, judged)
    desk.views.put_rows(
        row_of(seen, decided[seen.arrival_id].fact, decided[seen.arrival_id].entry.index)
        for seen in every
    )
    desk.views.put_found({seen.arrival_id: found_rows(seen.judged_at(at)) for seen in every})
