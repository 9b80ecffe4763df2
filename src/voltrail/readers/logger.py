"""
Readings of a data logger, as CSV: time, temperature, humidity, shock, state of charge.

Each quantity of each leg becomes one draft of its extremes, of how often was read and how long was
silence. A row that cannot be read is left out and named by its number; a quote that does not end on
its line refuses the file. Knows no limits and no lot that the file does not name.
"""

import csv
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from itertools import pairwise
from statistics import median

from msgspec import Struct
from msgspec.structs import replace

from voltrail.errors import MalformedError
from voltrail.quantities import Quantity, Unit
from voltrail.readers import row_lines
from voltrail.readers.foreign import Draft, Format, Named, Opened, Reading, Remark

NAME = "logger"
_MOST_TOLD = 100  # [rows] remarked one by one; our choice
_LONGEST = 4_000  # [characters] of a header; our choice
_DELIMITERS = ",;\t"
_HEAD = re.compile(r"\s*([^\[(]*?)\s*(?:[\[(]\s*([^\])]*?)\s*[\])])?\s*")
_NUMBER = re.compile(r"-?[0-9]{1,9}(?:[.,][0-9]{1,9})?")
# RFC 3339 with any zone; a time without a zone is none
_TIME = re.compile(
    r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?(?:Z|[+-]\d{2}:?\d{2})"
)
_CALLED = {
    "time": ("time", "timestamp", "date time", "datetime", "zeit", "zeitpunkt"),
    "leg": ("leg", "etappe"),
    "lot": ("lot", "los", "batch"),
    "temperature": ("temperature", "temp", "temperatur"),
    "humidity": ("humidity", "relative humidity", "rh", "feuchte", "luftfeuchte"),
    "shock": ("shock", "acceleration", "schock", "erschütterung"),
    "charge": ("state of charge", "soc", "ladezustand"),
}
_COLUMNS = {word: name for name, words in _CALLED.items() for word in words}
# quantity → unit as headers write it → ours
_PERCENT = {"%": Unit.percent, "percent": Unit.percent, "% rh": Unit.percent, "%rh": Unit.percent}
_UNITS: dict[str, dict[str, Unit]] = {
    "temperature": {"degc": Unit.degC, "°c": Unit.degC, "c": Unit.degC, "k": Unit.K},
    "humidity": _PERCENT,
    "shock": {"g": Unit.g_n, "g_n": Unit.g_n, "gn": Unit.g_n},
    "charge": _PERCENT,
}
_AGAIN = "Write a header like: time, temperature (degC), humidity (%), shock (g)."


class LoggedCondition(Struct, frozen=True, omit_defaults=True, rename="camel"):
    """
    The extremes of one quantity over one leg; `readings` counts the rows.

    `interval` is the usual time between two readings and `longest_gap` the longest [min];
    `charge` the first state of charge [percent].
    """

    property: str
    readings: int
    begins: datetime
    ends: datetime
    lowest: Quantity
    highest: Quantity
    leg: str = ""
    lot: Named | None = None
    interval: Quantity | None = None
    longest_gap: Quantity | None = None
    charge: Quantity | None = None


class _Column(Struct, frozen=True):
    """A column that is read: where it stands, what it is, in which unit."""

    at: int
    name: str
    unit: Unit | None = None


class _Row(Struct, frozen=True):
    """A row that could be read: when, on which leg, of which lot, and its values."""

    at: datetime
    leg: str
    lot: str
    values: dict[str, Decimal]


def fits(opened: Opened) -> bool:
    """
    Return whether a file is a logger's.

    Args:
        opened: the file

    Returns:
        True where its first line heads a time and a quantity with its unit.

    Source: our choice: ADR 0050.
    """
    if opened.kind != "text":
        return False
    first = _first(opened.value)
    if len(first) > _LONGEST:
        return False
    named = {one.name for one in _columns(_split(first))}
    return "time" in named and bool(named & _UNITS.keys())


def read(opened: Opened) -> Reading:
    """
    Return the drafts of a logger's file.

    Args:
        opened: the file

    Returns:
        One draft for each quantity of each leg, and a remark for each row that was left out.

    Raises:
        MalformedError: no header of this form, a unit that is not known, a quote that does not end
        on its line, or no row can be read.

    Source: our choice: ADR 0050.
    """
    if not fits(opened):
        raise MalformedError("The file is no table of a logger.", hint=_AGAIN)
    lines = str(opened.value).lstrip("\ufeff").splitlines()
    head, *body = row_lines.rows(lines, _delimiter(lines[0]))
    columns, remarks = _columns(head), list(opened.remarks)
    remarks += _unread(head, columns)
    rows = list[_Row]()
    wrong = Counter[str]()
    for number, cells in enumerate(body, 2):
        found = _row(columns, cells) if any(map(str.strip, cells)) else None
        if isinstance(found, _Row):
            rows.append(found)
        elif found is not None:
            wrong[found] += 1
            if wrong.total() <= _MOST_TOLD:
                remarks.append(Remark(f"row {number}", f"Left out: {found}", "bad-row"))
    if wrong.total() > _MOST_TOLD:
        said = f"{wrong.total() - _MOST_TOLD:,} more rows were left out."
        remarks.append(Remark("", said, "bad-row"))
    if not rows:
        raise MalformedError(
            f"No row can be read: {next(iter(wrong), 'there is none')}", hint=_AGAIN
        )
    return Reading(NAME, opened.digest, tuple(_drafts(rows, columns, opened.digest)), remarks)


FORMAT = Format(NAME, "Readings of a data logger (CSV)", fits, read)


def _first(text: object) -> str:
    return next(iter(str(text)[: _LONGEST + 2].lstrip("\ufeff").splitlines()), "")


def _delimiter(line: str) -> str:
    return max(_DELIMITERS, key=line.count)


def _split(line: str) -> list[str]:
    """Return the cells of what may be a header; whether its quotes end is told on reading."""
    return next(csv.reader([line], delimiter=_delimiter(line)), [])


def _columns(head: Sequence[str]) -> list[_Column]:
    """Return the columns that are read, each name once."""
    found: dict[str, _Column] = {}
    for at, cell in enumerate(head):
        match = _HEAD.fullmatch(cell.casefold().replace("_", " "))
        name = _COLUMNS.get(match[1]) if match else None
        unit = _UNITS.get(name or "", {}).get((match[2] or "") if match else "")
        if name is not None and (unit is not None or name not in _UNITS):
            found.setdefault(name, _Column(at, name, unit))
    return list(found.values())


def _unread(head: Sequence[str], columns: Sequence[_Column]) -> Iterator[Remark]:
    """Yield what is said of a column that is not read."""
    read_at = {one.at for one in columns}
    for at, cell in enumerate(head):
        if at not in read_at:
            said = f"The column {cell.strip()[:40]!r} is not read: no known quantity and unit."
            yield Remark(f"column {at + 1}", said)


def _row(columns: Sequence[_Column], cells: Sequence[str]) -> _Row | str:
    """Return a row, or why it cannot be read."""
    if len(cells) <= max(one.at for one in columns):
        return "it has fewer cells than the header."
    texts = {one.name: cells[one.at].strip() for one in columns}
    at = _moment(texts["time"])
    if at is None:
        return f"{texts['time'][:40]!r} is no time with a zone, like 2026-11-22T08:40:00Z."
    values: dict[str, Decimal] = {}
    for name in texts.keys() & _UNITS.keys():
        if texts[name]:
            value = _decimal(texts[name])
            if value is None:
                return f"{texts[name][:40]!r} is no number."
            values[name] = value
    if not values:
        return "it has no value."
    return _Row(at, texts.get("leg", ""), texts.get("lot", ""), values)


def _moment(text: str) -> datetime | None:
    if not _TIME.fullmatch(text):
        return None
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _decimal(text: str) -> Decimal | None:
    if not _NUMBER.fullmatch(text):
        return None
    try:
        return Decimal(text.replace(",", "."))
    except InvalidOperation:
        return None


def _drafts(rows: Sequence[_Row], columns: Sequence[_Column], digest: str) -> Iterator[Draft]:
    """Yield one draft for each quantity of each leg of each lot, in the order they begin."""
    legs: dict[tuple[str, str], list[_Row]] = defaultdict(list)
    for row in sorted(rows, key=lambda one: one.at):
        legs[row.lot, row.leg].append(row)
    for (lot, leg), passed in legs.items():
        for column in columns:
            told = [row for row in passed if column.name in row.values]
            if column.unit is not None and told:
                said = _condition(column.name, column.unit, told)
                place = f"{column.name}, leg {leg}" if leg else column.name
                named = Named(lot, "lot") if lot else None
                yield Draft(place, "condition", replace(said, lot=named, leg=leg), digest)


def _condition(name: str, unit: Unit, told: Sequence[_Row]) -> LoggedCondition:
    """Return the extremes of one quantity, and how steadily it was read."""
    values = [row.values[name] for row in told]
    gaps = [(after.at - before.at).total_seconds() for before, after in pairwise(told)]
    return LoggedCondition(
        name,
        len(told),
        told[0].at,
        told[-1].at,
        Quantity(min(values), unit),
        Quantity(max(values), unit),
        interval=_minutes(median(gaps)) if gaps else None,
        longest_gap=_minutes(max(gaps)) if gaps else None,
        charge=Quantity(values[0], unit) if name == "charge" else None,
    )


def _minutes(seconds: float) -> Quantity:
    return Quantity(
        (Decimal(str(seconds)) / 60).quantize(Decimal("0.01")).normalize() + 0, Unit.min
    )
