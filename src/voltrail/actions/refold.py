"""Forget the views and make them again from the register: links, sightings, rows."""

from datetime import datetime

from voltrail.actions.desk import Desk
from voltrail.actions.judge import lean, row_of
from voltrail.ids.subject import ArrivalId
from voltrail.projections.dossier import dossiers, gathering
from voltrail.projections.fold import rebuild
from voltrail.statements.arrival import Arrival
from voltrail.statements.decision import DecisionRecord

_CHUNK = 1_000  # [arrivals] rows written at a time


def refold(desk: Desk, at: datetime) -> int:  # noqa: ARG001 — jobs pass the time to every verb
    """
    Return how many entries were folded into new views.

    Args:
        desk: inside its transaction
        at: not used: rows repeat the decisions on record, nothing is judged again

    Returns:
        Number of entries.

    Raises:
        MalformedError: an entry was changed after it was admitted.

    Source: our choice: ADR 0006.
    """
    count = rebuild(desk.entries, desk.views, desk.blobs)
    after = "urn:voltrail:arrival:"
    while keys := desk.views.keys("urn:voltrail:arrival:", after, _CHUNK):
        _rows(desk, [ArrivalId.read(key) for key in keys])
        after = keys[-1]
    return count


def _rows(desk: Desk, arrivals: list[ArrivalId]) -> None:
    room = gathering(desk)
    room.fetch(arrivals)
    facts = [one for arrival in arrivals for one in room.facts(arrival)]
    lean(desk, room, (one for one in facts if isinstance(one.fact, Arrival)))
    decided = {one.fact.about: one for one in facts if isinstance(one.fact, DecisionRecord)}
    judged = [arrival for arrival in arrivals if arrival in decided]
    desk.views.put_rows(
        row_of(seen, decided[seen.arrival_id].fact, decided[seen.arrival_id].entry.index)
        for seen in dossiers(desk, room, judged)
    )
