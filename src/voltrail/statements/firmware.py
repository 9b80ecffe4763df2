"""Approved firmware of a controller model, and what a reader found on delivered units."""

from voltrail.ids.subject import ArrivalId, FirmwareId, ProductId, UnitId
from voltrail.statements.fields import Digest, Fact, Instant, Text, Whole


class FirmwareRelease(Fact, frozen=True):
    """The operator approves, or withdraws approval of, one image for a product."""

    firmware: FirmwareId
    product: ProductId
    version: Text
    image: Digest
    approved: bool
    predecessor: FirmwareId | None = None
    valid_from: Instant | None = None


class FirmwareReading(Fact, frozen=True):
    """The digest that delivered units reported or were read with."""

    arrival: ArrivalId
    product: ProductId
    image: Digest
    version: Text
    units_read: Whole
    read_at: Instant
    method: Text
    unit: UnitId | None = None
