"""A logger's summary of one transport or storage leg; its rows are a committed table."""

from dataclasses import dataclass
from datetime import datetime

from voltrail.ids.subject import LotId
from voltrail.quantities import Quantity
from voltrail.table import Commitment


@dataclass(frozen=True, slots=True)
class Condition:
    """Extremes over one leg of a lot's way."""

    lot: LotId
    leg: str
    begins: datetime
    ends: datetime
    lowest: Quantity
    highest: Quantity
    readings: Commitment | None = None
