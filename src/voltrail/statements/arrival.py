"""
An arrival: the quantity of one lot delivered on one order to one place.

Recorded by the operator at the dock. Short serial lists stand inline, long ones as a committed
table. Does not know whether anything was inspected.
"""

from voltrail.ids.subject import ArrivalId, LotId, OrderId, PartyId, PlaceId
from voltrail.statements.fields import Fact, Instant, Many, Serial, Text, Whole
from voltrail.table import Commitment


class Arrival(Fact, frozen=True):
    """What was delivered, as the dock counted it [items]."""

    arrival: ArrivalId
    order: OrderId
    lot: LotId
    place: PlaceId
    quantity: Whole
    received_at: Instant
    delivered_by: PartyId | None = None
    seals: Many[Text] = ()
    serials: Many[Serial] = ()
    serial_table: Commitment | None = None

    @property
    def claim(self) -> str:
        """One arrival record for each arrival."""
        return self.arrival
