"""
A manufacturer's record of one production lot.

The six fields of the mission are optional here: a record that lacks one is kept, shown, and
leaves the lot unproven; a control says so. Does not know whether the lot ever arrived.
"""

from collections.abc import Sequence
from datetime import date

from voltrail.ids.subject import LotId, PartyId, PlaceId, ProductId
from voltrail.statements.fields import Digest, Fact, Instant, Many, Text, Whole
from voltrail.table import Commitment

SIX_FIELDS = (
    "manufacturer",
    "lot_number",
    "production_date",
    "firmware_version",
    "test_results",
    "shipping",
)  # mission, "Lot record, six"


class TestResult(Fact, frozen=True):
    """One factory test: what was tested, the outcome, the report's digest, the day."""

    test: Text
    outcome: Text
    report: Digest | None = None
    tested_on: date | None = None


class ShippingEvent(Fact, frozen=True):
    """A hand-over the maker declares: to whom, when, how many items."""

    to: PartyId
    at: Instant
    quantity: Whole


class LotRecord(Fact, frozen=True):
    """What the maker states of a lot; firmware_version is "none", with a reason, if passive."""

    lot: LotId
    product: ProductId
    manufacturer: PartyId | None = None
    lot_number: Text | None = None
    production_date: date | None = None
    firmware_version: Text | None = None
    firmware_reason: Text | None = None
    test_results: Many[TestResult] = ()
    shipping: Many[ShippingEvent] = ()
    quantity: Whole | None = None
    factory: PlaceId | None = None
    unit_tree: Commitment | None = None
    serials: Many[Text] = ()

    @property
    def claim(self) -> str:
        """One lot record for each lot and maker."""
        return self.lot

    @property
    def missing(self) -> tuple[str, ...]:
        """Names of the six fields that are absent."""
        return tuple(name for name in SIX_FIELDS if not getattr(self, name))


def serial_column(columns: Sequence[str]) -> int:
    """
    Return which column of a list of units holds the serials.

    Args:
        columns: names, in order

    Returns:
        The place of the one named serial, from 0; of the first one where none is.

    Source: design, section 7, committed table.
    """
    return columns.index("serial") if "serial" in columns else 0
