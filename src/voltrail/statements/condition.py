"""A logger's summary of one transport or storage leg; its rows are a committed table."""

from voltrail.ids.subject import LotId
from voltrail.quantities import Quantity
from voltrail.statements.fields import Fact, Instant, Text
from voltrail.table import Commitment


class Condition(Fact, frozen=True):
    """
    Extremes over one leg of a lot's way, and what the logger was set to.

    `least` and `most` are the maker's limits; `interval` is how often it reads, `longest_gap` its
    longest silence [min]; `charge` is the state of charge at dispatch [percent].
    """

    lot: LotId
    leg: Text
    begins: Instant
    ends: Instant
    lowest: Quantity
    highest: Quantity
    readings: Commitment | None = None
    least: Quantity | None = None
    most: Quantity | None = None
    interval: Quantity | None = None
    longest_gap: Quantity | None = None
    charge: Quantity | None = None
    by_air: bool = False
