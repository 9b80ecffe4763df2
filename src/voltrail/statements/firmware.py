"""Approved firmware of a controller model, and what a reader found on delivered units."""

from dataclasses import dataclass
from datetime import datetime

from voltrail.ids.subject import ArrivalId, FirmwareId, ProductId, UnitId
from voltrail.statements.fields import Digest


@dataclass(frozen=True, slots=True)
class FirmwareRelease:
    """The operator approves, or withdraws approval of, one image for a product."""

    firmware: FirmwareId
    product: ProductId
    version: str
    image: Digest
    approved: bool
    predecessor: FirmwareId | None = None
    valid_from: datetime | None = None


@dataclass(frozen=True, slots=True)
class FirmwareReading:
    """The digest that delivered units reported or were read with."""

    arrival: ArrivalId
    product: ProductId
    image: Digest
    version: str
    units_read: int
    read_at: datetime
    method: str
    unit: UnitId | None = None
