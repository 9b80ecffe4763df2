"""
A purchase order line, and an attempt to place one that was refused.

The order freezes the digest of the policy in force, so that goods are judged by the rules that
stood before they came. Prices stay out of the register.
"""

from dataclasses import dataclass
from datetime import datetime

from voltrail.ids.subject import OrderId, PartyId, PlaceId, ProductId
from voltrail.statements.fields import Digest


@dataclass(frozen=True, slots=True)
class Order:
    """What the operator ordered from whom for which place [items]."""

    order: OrderId
    product: ProductId
    seller: PartyId
    place: PlaceId
    quantity: int
    channel: str
    ordered_at: datetime
    policy: Digest | None = None

    @property
    def claim(self) -> str:
        """One order record for each order."""
        return self.order


@dataclass(frozen=True, slots=True)
class OrderAttempt:
    """An order that was refused before it was placed, with what was unmet."""

    order: OrderId
    product: ProductId
    seller: PartyId
    place: PlaceId
    unmet: tuple[str, ...]
