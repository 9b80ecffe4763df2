"""Forget the views and make them again from the register: links, sightings, rows."""

from datetime import datetime

from voltrail.actions.desk import Desk
from voltrail.actions.judge import lean, row_of
from voltrail.ids.subject import ArrivalId
from voltrail.projections.dossier import dossier
from voltrail.projections.fold import rebuild
from voltrail.projections.view import recorded
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
        for key in keys:
            _row(desk, ArrivalId.read(key))
        after = keys[-1]
    return count


def _row(desk: Desk, arrival: ArrivalId) -> None:
    indices = desk.views.indices(arrival)
    facts = [recorded(entry) for entry in desk.entries.at(indices)]
    for one in facts:
        if isinstance(one.fact, Arrival):
            lean(desk, one)
    decided = [one for one in facts if isinstance(one.fact, DecisionRecord)]
    if decided:
        newest = max(decided, key=lambda one: one.entry.index)
        seen = dossier(desk, arrival, newest.entry.index)
        desk.views.put_rows([row_of(seen, newest.fact, newest.entry.index)])
