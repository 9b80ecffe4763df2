"""
How the text of a cell becomes a number, a quantity or a day.

Guesses nothing: a number or a day that can be read in two ways is refused until somebody says how
it is meant.
"""

import re
from datetime import UTC, datetime
from decimal import Decimal

from voltrail.errors import MalformedError
from voltrail.quantities import Quantity, Unit
from voltrail.readers.contract import Converter, Setting

_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?Z?)?")
_DOTS = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")
_SLASHES = re.compile(r"(\d{1,2})[/-](\d{1,2})[/-](\d{4})")
_NUMBER = re.compile(r"-?[0-9][0-9.,'’\u00a0\u202f ]*")
_GROUPED = re.compile(r"-?[0-9]{1,3}(?:[.,'][0-9]{3})+")
_MONTHS = 12
_UNITS = {
    "ah": Unit.A_h, "a.h": Unit.A_h, "a·h": Unit.A_h, "mah": Unit.mA_h, "v": Unit.V,
    "mv": Unit.mV, "h": Unit.h, "min": Unit.min, "s": Unit.s, "d": Unit.d, "kwh": Unit.kWh,
    "wh": Unit.W_h, "std": Unit.h, "stunden": Unit.h, "hours": Unit.h, "minuten": Unit.min,
    "minutes": Unit.min,
}  # fmt: skip


def whole(cell: str, setting: Setting) -> int:
    """
    Return the whole number in a cell.

    Args:
        cell: digits, perhaps in groups of three
        setting: whether a comma is the decimal sign

    Returns:
        The number.

    Raises:
        MalformedError: no number, no whole one, or one that can be read in two ways.

    Source: our choice: ADR 0021.
    """
    found = _number(cell, setting)
    if found != found.to_integral_value() or found < 0:
        raise MalformedError(f"{cell[:40]!r} is no whole number.", hint="Write it in digits.")
    return int(found)


def quantity(unit: Unit) -> Converter:
    """
    Return how a quantity is read whose unit may be left out.

    Args:
        unit: the unit where the cell names none

    Returns:
        A converter.

    Source: our choice: ADR 0021.
    """

    def read(cell: str, setting: Setting) -> Quantity:
        match = _NUMBER.match(cell)
        name = cell[match.end() :].strip().lower() if match else ""
        known = _UNITS.get(name) if name else unit
        if match is None or known is None:
            raise MalformedError(
                f"{cell[:40]!r} is no number with a unit.", hint=f"Write it in {unit}, like 280."
            )
        value = _number(match[0].strip(), setting)
        return Quantity.parse({"value": f"{value:f}", "unit": known.value}).to(unit)

    return read


def day(cell: str, setting: Setting) -> datetime:
    """
    Return the day in a cell, as its first moment in UTC.

    Args:
        cell: 2026-11-22, 22.11.2026, or 22/11/2026 where somebody said which comes first
        setting: whether the day comes first

    Returns:
        A time in UTC.

    Raises:
        MalformedError: no day, or one that can be read in two ways.

    Source: ISO 8601; our choice: ADR 0021.
    """
    year, month, number = _day(cell, setting)
    try:
        return datetime(year, month, number, tzinfo=UTC)
    except ValueError as error:
        raise _no_day(cell) from error


def is_ambiguous(cell: str) -> bool:
    """
    Return whether a cell is a day whose month could also be its day.

    Args:
        cell: its text

    Returns:
        True for 03/04/2026, False for 23/04/2026.

    Source: our choice: ADR 0021.
    """
    match = _SLASHES.fullmatch(cell)
    if match is None:
        return False
    return int(match[1]) <= _MONTHS and int(match[2]) <= _MONTHS and match[1] != match[2]


def _number(cell: str, setting: Setting) -> Decimal:
    """Return the number in a cell; one that can be read in two ways is refused."""
    plain = re.sub(r"(?<=[0-9])[ \u00a0\u202f'’](?=[0-9]{3})", "", cell)
    marks = {mark for mark in ".," if mark in plain}
    if len(marks) > 1:
        decimal = "," if plain.rindex(",") > plain.rindex(".") else "."
    elif marks:
        decimal = _decimal_sign(plain, marks.pop(), setting)
    else:
        decimal = "."
    grouping = "." if decimal == "," else ","
    if grouping in plain and not _GROUPED.fullmatch(plain.partition(decimal)[0]):
        raise MalformedError(
            f"{cell[:40]!r} is no number.", hint="Look which sign is the decimal sign."
        )
    found = plain.replace(grouping, "").replace(decimal, ".")
    if not re.fullmatch(r"-?[0-9]{1,18}(?:\.[0-9]{1,18})?", found):
        raise MalformedError(f"{cell[:40]!r} is no number.", hint="Write it in digits.")
    return Decimal(found)


def _decimal_sign(plain: str, mark: str, setting: Setting) -> str:
    other = "." if mark == "," else ","
    if plain.count(mark) > 1:
        return other
    if setting.comma is not None:
        return "," if setting.comma else "."
    if _GROUPED.fullmatch(plain):
        raise MalformedError(
            f"{plain[:40]!r} can be read in two ways.", hint="Say which sign is the decimal sign."
        )
    return mark


def _day(cell: str, setting: Setting) -> tuple[int, int, int]:
    if match := _ISO.fullmatch(cell):
        return int(match[1]), int(match[2]), int(match[3])
    if match := _DOTS.fullmatch(cell):
        return int(match[3]), int(match[2]), int(match[1])
    match = _SLASHES.fullmatch(cell)
    if match is None:
        raise _no_day(cell)
    if setting.day_first is None and is_ambiguous(cell):
        raise MalformedError(
            f"{cell!r} can be read in two ways.", hint="Say whether the day or the month is first."
        )
    first, second, year = int(match[1]), int(match[2]), int(match[3])
    day_first = first > _MONTHS if setting.day_first is None else setting.day_first
    return (year, second, first) if day_first else (year, first, second)


def _no_day(cell: str) -> MalformedError:
    return MalformedError(f"{cell[:40]!r} is no day.", hint="Write days like 2026-11-22.")
