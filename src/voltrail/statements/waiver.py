"""
A concession: one control does not bind, for this scope and time, against something in its place.

Two people approve the same bytes on a frozen snapshot of the risk, and whoever asked for it is not
one of them. A waived failure stays a failure. Does not change any finding.
"""

from voltrail.ids.subject import (
    ArrivalId,
    LotId,
    OrderId,
    PartyId,
    PersonId,
    PlaceId,
    ProductId,
    UnitId,
)
from voltrail.statements.fields import Digest, Fact, Instant, Many, Text


class Step(Fact, frozen=True):
    """One step of the remediation plan: what, by whom, until when."""

    what: Text
    owner: PersonId
    due: Instant


class Waiver(Fact, frozen=True):
    """
    An exception from a control, from a time until a time.

    Every scope field given must fit, from `order` to `place`; with none given, nothing fits.
    """

    number: Text
    control: Text
    reason: Text
    compensating_control: Text
    valid_from: Instant
    valid_until: Instant
    plan: Many[Step]
    snapshot: Digest
    requested_by: PersonId
    approved_by: Many[PersonId]
    order: OrderId | None = None
    arrival: ArrivalId | None = None
    lot: LotId | None = None
    unit: UnitId | None = None
    product: ProductId | None = None
    supplier: PartyId | None = None
    place: PlaceId | None = None

    @property
    def claim(self) -> str:
        """One waiver for each number."""
        return self.number
