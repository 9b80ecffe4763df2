"""One identified item of a lot, when somebody speaks of it alone."""

from dataclasses import dataclass
from enum import StrEnum

from voltrail.ids.subject import LotId, UnitId


class Level(StrEnum):
    """Level of assembly."""

    CELL = "cell"
    MODULE = "module"
    PACK = "pack"
    RACK = "rack"


@dataclass(frozen=True, slots=True)
class UnitRecord:
    """A unit, its lot and its level."""

    unit: UnitId
    lot: LotId
    level: Level
