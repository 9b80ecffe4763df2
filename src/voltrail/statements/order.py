"""
A purchase order line, and an attempt to place one that was refused.

The order freezes the digest of the policy in force, so that goods are judged by the rules that
stood before they came. Prices stay out of the register.
"""

from voltrail.ids.subject import OrderId, PartyId, PlaceId, ProductId
from voltrail.statements.fields import Digest, Fact, Instant, Many, Text, Whole


class Order(Fact, frozen=True):
    """What the operator ordered from whom for which place [items]."""

    order: OrderId
    product: ProductId
    seller: PartyId
    place: PlaceId
    quantity: Whole
    channel: Text
    ordered_at: Instant
    policy: Digest | None = None

    @property
    def claim(self) -> str:
        """One order record for each order."""
        return self.order


class OrderAttempt(Fact, frozen=True):
    """An order that was refused before it was placed, with what was unmet."""

    order: OrderId
    product: ProductId
    seller: PartyId
    place: PlaceId
    unmet: Many[Text]
