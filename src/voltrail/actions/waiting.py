"""
What waits for whom: open duties about held arrivals and about orders that nothing came on.

Reads the newest decisions and what is on record; asks for nothing and reminds nobody.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice

from voltrail.actions.affects import AFFECTS
from voltrail.actions.desk import Desk
from voltrail.projections.store import ArrivalRow
from voltrail.projections.view import recorded
from voltrail.projections.waiting import Duty, duties_of, in_order, table
from voltrail.statements.order import REFUSED_ORDERS

__all__ = ["Duty", "waiting", "waiting_on"]

MOST_ARRIVALS = 500  # [held arrivals] as many as are read at once
MOST_ORDERS = 50  # [open orders] as many as are read at once
Find = Callable[[Sequence[str]], Mapping[str, Sequence[int]]]  # entries that speak of many keys
_PAGE, _ORDER_PAGES = 1_000, 5  # [rows], [pages] how far the walk for open orders goes
_CHUNK = 200  # [order numbers] looked up together
_ORDERS = "urn:voltrail:order:"


def waiting(desk: Desk, role: str | None, at: datetime) -> tuple[Duty, ...]:
    """
    Return what waits, over the first 500 held arrivals by identity.

    Args:
        desk: where it is kept
        role: whose duties; None for everybody's
        at: the time of asking; what opened later is left out

    Returns:
        Duties by due time.

    Source: design, walls: open duties.
    """
    return waiting_on(desk, tuple(islice(_held(desk), MOST_ARRIVALS)), role, at)


def waiting_on(
    desk: Desk,
    rows: Sequence[ArrivalRow],
    role: str | None,
    at: datetime,
    find: Find | None = None,
) -> tuple[Duty, ...]:
    """
    Return what waits about some arrivals, and about orders that nothing came on.

    Args:
        desk: where it is kept
        rows: held arrivals; released ones owe nothing
        role: whose duties; None for everybody's
        at: the time of asking; what opened later is left out
        find: a store's way to look up many keys in one question

    Returns:
        Duties by due time; one read of the register for all of them.

    Source: design, walls: open duties.
    """
    look_up = find or (lambda keys: {key: desk.views.indices(key) for key in keys})
    held = [row.arrival for row in rows if row.disposition != "release"]
    places = [*look_up(held).values(), *islice(_ordered(desk, look_up), MOST_ORDERS)]
    wanted = sorted({index for found in places for index in found})
    facts = {one.entry.index: one for one in map(recorded, desk.entries.at(wanted))}
    known = [
        [facts[index] for index in found if facts[index].entry.log_time <= at] for found in places
    ]
    owed = (duty for each in known for duty in duties_of(each, table()))
    return in_order(duty for duty in owed if role in (None, duty.role))


def _ordered(desk: Desk, look_up: Find) -> Iterator[Sequence[int]]:
    """Yield the entries about each order that nothing came on; refused ones were never orders."""
    refused = frozenset(desk.views.indices(REFUSED_ORDERS))
    keys = _open_orders(desk)
    while chunk := tuple(islice(keys, _CHUNK)):
        yield from (one for one in look_up(chunk).values() if not refused.issuperset(one))


def _held(desk: Desk) -> Iterator[ArrivalRow]:
    after = ""
    while rows := desk.views.rows(after, _PAGE):
        yield from (row for row in rows if row.disposition != "release")
        after = rows[-1].arrival


def _open_orders(desk: Desk) -> Iterator[str]:
    """Walk orders and those that arrivals lean on side by side, in order of identity."""
    came = _keys(desk, AFFECTS + _ORDERS)
    met = next(came, "")
    for order in _keys(desk, _ORDERS):
        while met and met < AFFECTS + order:
            met = next(came, "")
        if met != AFFECTS + order:
            yield order


def _keys(desk: Desk, prefix: str) -> Iterator[str]:
    after = ""
    for _ in range(_ORDER_PAGES):
        found = desk.views.keys(prefix, after, _PAGE)
        yield from found
        if len(found) < _PAGE:
            return
        after = found[-1]
