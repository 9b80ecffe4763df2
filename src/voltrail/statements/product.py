"""A product model: family, chemistry, ratings, and whether its controller can be attested."""

from enum import StrEnum

from voltrail.ids import gs1
from voltrail.ids.subject import PartyId, ProductId
from voltrail.quantities import Quantity
from voltrail.statements.fields import Fact, Text


class Attestability(StrEnum):
    """What the product can prove about its own firmware."""

    PASSIVE = "passive"
    TELEMETRY_ONLY = "telemetry-only"
    ATTESTABLE = "attestable"


class Product(Fact, frozen=True):
    """A model as the operator specified it for purchase; `gtin` is its trade item's number."""

    product: ProductId
    maker: PartyId
    model: Text
    family: Text
    chemistry: Text
    attestability: Attestability
    rated_capacity: Quantity | None = None
    rated_voltage: Quantity | None = None
    gtin: Text | None = None

    def __post_init__(self) -> None:
        """Refuse a number that is no GTIN."""
        if self.gtin is not None:
            gs1.full_gtin(self.gtin)
