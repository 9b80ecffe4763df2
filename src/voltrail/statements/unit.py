"""One identified item of a lot, when somebody speaks of it alone."""

from enum import StrEnum

from voltrail.ids.subject import LotId, UnitId
from voltrail.statements.fields import Fact


class Level(StrEnum):
    """Level of assembly."""

    CELL = "cell"
    MODULE = "module"
    PACK = "pack"
    RACK = "rack"


class UnitRecord(Fact, frozen=True):
    """A unit, its lot and its level."""

    unit: UnitId
    lot: LotId
    level: Level
