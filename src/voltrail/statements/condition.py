"""A logger's summary of one transport or storage leg; its rows are a committed table."""

from voltrail.ids.subject import LotId
from voltrail.quantities import Quantity
from voltrail.statements.fields import Fact, Instant, Text
from voltrail.table import Commitment


class Condition(Fact, frozen=True):
    """Extremes over one leg of a lot's way."""

    lot: LotId
    leg: Text
    begins: Instant
    ends: Instant
    lowest: Quantity
    highest: Quantity
    readings: Commitment | None = None
