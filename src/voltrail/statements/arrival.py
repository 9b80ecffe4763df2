"""
An arrival: the quantity of one lot delivered on one order to one place.

Recorded by the operator at the dock. Short serial lists stand inline, long ones as a committed
table. Does not know whether anything was inspected.
"""

from dataclasses import dataclass
from datetime import datetime

from voltrail.ids.subject import ArrivalId, LotId, OrderId, PartyId, PlaceId
from voltrail.table import Commitment


@dataclass(frozen=True, slots=True)
class Arrival:
    """What was delivered, as the dock counted it [items]."""

    arrival: ArrivalId
    order: OrderId
    lot: LotId
    place: PlaceId
    quantity: int
    received_at: datetime
    delivered_by: PartyId | None = None
    seals: tuple[str, ...] = ()
    serials: tuple[str, ...] = ()
    serial_table: Commitment | None = None

    @property
    def claim(self) -> str:
        """One arrival record for each arrival."""
        return self.arrival
