"""One identified item of a lot, when somebody speaks of it alone."""

from enum import StrEnum

from voltrail.ids.subject import LotId, UnitId
from voltrail.statements.fields import Fact, Text


class Level(StrEnum):
    """Level of assembly."""

    CELL = "cell"
    MODULE = "module"
    PACK = "pack"
    RACK = "rack"


class UnitRecord(Fact, frozen=True):
    """A unit, its lot and its level; its GTIN, and the number of the seal that closes it."""

    unit: UnitId
    lot: LotId
    level: Level
    gtin: Text | None = None
    seal: Text | None = None
