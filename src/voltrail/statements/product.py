"""A product model: family, chemistry, ratings, and whether its controller can be attested."""

from dataclasses import dataclass
from enum import StrEnum

from voltrail.ids.subject import PartyId, ProductId
from voltrail.quantities import Quantity


class Attestability(StrEnum):
    """What the product can prove about its own firmware."""

    PASSIVE = "passive"
    TELEMETRY_ONLY = "telemetry-only"
    ATTESTABLE = "attestable"


@dataclass(frozen=True, slots=True)
class Product:
    """A model as the operator specified it for purchase."""

    product: ProductId
    maker: PartyId
    model: str
    family: str
    chemistry: str
    attestability: Attestability
    rated_capacity: Quantity | None = None
    rated_voltage: Quantity | None = None
