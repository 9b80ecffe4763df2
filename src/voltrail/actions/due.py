"""
What time alone changes: exceptions and qualifications end, and nobody says a word.

`ring` judges again what a beginning or an end since the last look bears on; `walk` goes round all
arrivals in turn, for rules that count days. Both are told the time and may be repeated at will.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from msgspec import Struct

from voltrail.actions.affects import bearing_on
from voltrail.actions.desk import Desk
from voltrail.actions.judge import judge
from voltrail.ids.subject import ArrivalId
from voltrail.projections import alarms
from voltrail.projections.dossier import gathering
from voltrail.projections.view import recorded

OVERLAP = timedelta(minutes=10)  # what committed late is looked at again: ADR 0022
_KEYS, _ENTRIES, _ARRIVALS = 1_000, 500, 250  # read, looked at and judged at once


class Rung(Struct, frozen=True):
    """Up to when time was looked at, and how many arrivals were judged again."""

    until: datetime
    judged: int


def ring(desk: Desk, since: datetime, at: datetime) -> Rung:
    """
    Return how far time was looked at, after judging what began or ended since.

    Args:
        desk: where it is kept
        since: up to when it was looked at last; ten minutes before it are looked at again
        at: the time now

    Returns:
        The time now, and how many arrivals were judged again.

    Source: mission, CO-07 and SQ-02; ADR 0022.
    """
    judged = 0
    for indices in _come(desk, since - OVERLAP, at):
        with desk.entries.transaction():
            room = gathering(desk)
            bears = bearing_on(desk, room, [recorded(one) for one in desk.entries.at(indices)])
        judged += _judged(desk, sorted(bears), at)
    return Rung(at, judged)


def walk(desk: Desk, after: str, at: datetime, most: int = _ARRIVALS) -> str:
    """
    Return where to go on, after judging the next arrivals by identity.

    Args:
        desk: where it is kept
        after: the identity to go on after; empty at the beginning of a round
        at: the time now
        most: how many arrivals to judge

    Returns:
        The last identity judged, or nothing where the round is complete.

    Source: our choice: ADR 0022.
    """
    rows = desk.views.rows(after, most)
    _judged(desk, [ArrivalId.read(row.arrival) for row in rows], at)
    return rows[-1].arrival if len(rows) == most else ""


def _judged(desk: Desk, arrivals: Sequence[ArrivalId], at: datetime) -> int:
    """Judge arrivals, few in one transaction, so that nobody waits long for the register."""
    for start in range(0, len(arrivals), _ARRIVALS):
        with desk.entries.transaction():
            judge(desk, arrivals[start : start + _ARRIVALS], desk.log_time(at))
    return len(arrivals)


def _come(desk: Desk, since: datetime, at: datetime) -> Iterator[list[int]]:
    """Yield the entries that carry a time which has come, some at once."""
    last, after = alarms.key(at), alarms.key(since)
    while True:
        keys = [one for one in desk.views.keys(alarms.PREFIX, after, _KEYS) if one <= last]
        linked = desk.views.indices_many(keys) if keys else {}
        indices = sorted({index for found in linked.values() for index in found})
        for start in range(0, len(indices), _ENTRIES):
            yield indices[start : start + _ENTRIES]
        if len(keys) < _KEYS:
            return
        after = keys[-1]
