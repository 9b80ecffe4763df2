"""
A purchase order line, and an attempt to place one that was refused.

The order freezes the digest of the policy in force, so that goods are judged by the rules that
stood before they came. An attempt carries the order that was not placed one level down, so that it
says nothing about the seller, the product or the place. Prices stay out of the register.
"""

from voltrail.ids.subject import CaseId, OrderId, PartyId, PersonId, PlaceId, ProductId
from voltrail.statements.fields import Digest, Fact, Instant, Many, Text, Whole

REFUSED_ORDERS = CaseId.of("refused-orders")  # the one case that every refused order belongs to


class Order(Fact, frozen=True):
    """What the operator ordered from whom for which place [items]; `by` is who entered it."""

    order: OrderId
    product: ProductId
    seller: PartyId
    place: PlaceId
    quantity: Whole
    channel: Text
    ordered_at: Instant
    policy: Digest | None = None
    by: PersonId | None = None

    @property
    def claim(self) -> str:
        """One order record for each order."""
        return self.order


class Requirement(Fact, frozen=True):
    """What an order must meet: a sentence, the control, what to do, who can, the entries."""

    sentence: Text
    control: Text | None = None
    remedy: Text | None = None
    role: Text | None = None
    entries: Many[Whole] = ()


class OrderAttempt(Fact, frozen=True):
    """An order that was refused before it was placed, with every requirement it did not meet."""

    order: OrderId
    wanted: Order
    unmet: Many[Requirement]
    case: CaseId = REFUSED_ORDERS
