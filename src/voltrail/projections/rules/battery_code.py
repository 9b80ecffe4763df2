"""
What a battery code says of itself: level, chemistry, day, number of the day; or second life.

The code has 24 characters, and 19 where a battery has a second life. Letters whose meaning is
disputed are read as unknown.
"""

import re
from datetime import date

from msgspec import Struct

from voltrail.statements.unit import Level

_DATE = "[1-9A-GH-NPR-Y][1-9A-C][0-9A-GH-NPR-Y]"
_CODE = re.compile(rf"[A-Z0-9]{{3}}([PMC])([A-GZ])[A-Z0-9]{{9}}({_DATE})([0-9]{{7}})")
_SECOND = re.compile(rf"[A-Z0-9]{{3}}[PMC][A-GZ][A-Z0-9]{{2}}{_DATE}[0-9]{{7}}R[PMC]")
_LEVELS = {"P": Level.PACK, "M": Level.MODULE, "C": Level.CELL}
_SYMBOLS = "123456789ABCDEFGHJKLMNPRSTVWXY"  # I, O, Q, U, Z are left out; 0 is the 31st day
_YEAR = 2010  # symbol 1 is 2011
_LAST = 31


class BatteryCode(Struct, frozen=True):
    """What a code says; the day is None where there is no such day."""

    level: Level
    battery_type: str
    day: date | None
    number: int


def read(serial: str) -> BatteryCode | None:
    """
    Return what a battery code says.

    Args:
        serial: as it stands on the unit

    Returns:
        The parts of the code, or None where the serial is no such code.

    Source: GB/T 34014-2017.
    """
    found = _CODE.fullmatch(serial)
    if found is None or set(found[3]) & set("IU"):
        return None
    return BatteryCode(_LEVELS[found[1]], found[2], _day(found[3]), int(found[4]))


def is_second_life(serial: str) -> bool:
    """
    Return whether a code is that of a battery with a second life.

    Args:
        serial: as it stands on the unit

    Returns:
        True for the form with 19 characters.

    Source: GB/T 34014-2017.
    """
    return _SECOND.fullmatch(serial) is not None


def _day(text: str) -> date | None:
    year, month = _YEAR + _SYMBOLS.index(text[0]) + 1, _SYMBOLS.index(text[1]) + 1
    try:
        return date(year, month, _LAST if text[2] == "0" else _SYMBOLS.index(text[2]) + 1)
    except ValueError:
        return None
