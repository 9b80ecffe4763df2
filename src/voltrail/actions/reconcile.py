"""Compare the serials of an arrival with its order, the maker's list and what was scanned."""

from collections.abc import Iterator, Sequence
from typing import Any

from msgspec import Struct

from voltrail.actions.desk import Desk
from voltrail.errors import UnknownSubjectError
from voltrail.ids.subject import ArrivalId, UnitId
from voltrail.projections.dossier import gathering
from voltrail.projections.fold import listed as rows_of
from voltrail.projections.fold import serials
from voltrail.projections.gathering import Gathering
from voltrail.projections.lot import own_record
from voltrail.projections.reconcile import Lists, Reconciled
from voltrail.projections.reconcile import reconcile as compared
from voltrail.statements.arrival import Arrival
from voltrail.statements.inspection import Inspection
from voltrail.statements.installation import Installation
from voltrail.statements.lot import LotRecord
from voltrail.statements.order import Order


class Comparison(Struct, frozen=True):
    """What differs at an arrival, and the entries that the lists come from."""

    arrival: ArrivalId
    found: Reconciled
    entries: tuple[int, ...]


def reconcile(desk: Desk, arrival: ArrivalId) -> Comparison:
    """
    Return where the lists of an arrival differ.

    Args:
        desk: where they are kept
        arrival: which one

    Returns:
        The delivered serials against the order, the maker's list, and what was scanned.

    Raises:
        UnknownSubjectError: no such arrival is on record.

    Source: mission, CT-02; ADR 0055.
    """
    lists, entries = lists_of(desk, arrival)
    return Comparison(arrival, compared(lists), entries)


def lists_of(desk: Desk, arrival: ArrivalId) -> tuple[Lists, tuple[int, ...]]:
    """
    Return the lists of an arrival and the entries they come from.

    Args:
        desk: where they are kept
        arrival: which one

    Returns:
        What was delivered, listed by the maker, scanned, ordered and counted.

    Raises:
        UnknownSubjectError: no such arrival is on record.

    Source: ADR 0055.
    """
    room = gathering(desk)
    came = room.view(arrival).newest(Arrival)
    if came is None:
        raise UnknownSubjectError(
            f"No arrival {arrival.key} is on record.", hint="Look at the list of arrivals."
        )
    placed = room.view(came.fact.order).newest(Order)
    record = own_record(room.view(came.fact.lot))
    found = Lists(
        serials(came.fact, desk.blobs),
        None if record is None else _listed(desk, record.fact),
        tuple(_scanned(room, arrival, came.fact)) or None,
        None if placed is None else placed.fact.quantity,
        came.fact.quantity,
    )
    entries = [one.entry.index for one in (came, placed, record) if one is not None]
    return found, tuple(sorted(entries))


def _listed(desk: Desk, fact: LotRecord) -> Sequence[str] | None:
    """Return the serials that a maker listed, inline or in its table; None where it listed none."""
    if fact.unit_tree is None:
        return fact.serials or None
    data = desk.blobs.get(fact.unit_tree.sha256)
    return None if data is None else rows_of(fact.unit_tree, data)


def _scanned(room: Gathering, arrival: ArrivalId, fact: Arrival) -> Iterator[str]:
    """Yield the serials of units that somebody had in hand: examined, or put into service."""
    maker = fact.lot.parts[0]
    for one in room.view(arrival).facts:
        for unit in _units(one.fact) if one.withdrawn_by is None else ():
            if unit.parts[0] == maker:
                yield unit.parts[-1]


def _units(fact: Any) -> Iterator[UnitId]:  # noqa: ANN401 — any fact
    match fact:
        case Inspection():
            for result in fact.results:
                yield from result.units
        case Installation():
            yield fact.unit
        case _:
            return
