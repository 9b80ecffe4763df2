"""Arrivals of a supplier month by month, by decision: columns with counts. Foretells nothing."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import ngettext

from voltrail_server.panels import words
from voltrail_server.panels.words import Word

ENOUGH = 12  # [arrivals] our choice: fewer say nothing about a trend
MONTHS = 12  # [columns]
COLUMN, HIGH, BASE = 56, 96, 116  # [px]


@dataclass(frozen=True, slots=True)
class Part:
    """A decision's share of one month."""

    word: Word
    count: int
    y: int
    height: int


@dataclass(frozen=True, slots=True)
class Month:
    """One column."""

    name: str
    x: int
    total: int
    top: int
    parts: tuple[Part, ...]
    counts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Trend:
    """The drawing, what heads its table, and what is to be said about few data."""

    months: tuple[Month, ...]
    heads: tuple[Word, ...]
    total: int
    width: int
    caution: str
    height: int = BASE + 24


def trend(found: Iterable[tuple[str, str, int]]) -> Trend:
    """Return the columns of (month, disposition, count), a month without arrivals left empty."""
    counted: dict[str, dict[str, int]] = {}
    for month, disposition, count in found:
        counted.setdefault(month, {})[disposition] = count
    names = _months(sorted(counted))[-MONTHS:]
    most = max((sum(counted.get(name, {}).values()) for name in names), default=1) or 1
    total = sum(sum(each.values()) for each in counted.values())
    few = ngettext(
        "%(count)s arrival: too few to see a trend.",
        "%(count)s arrivals: too few to see a trend.",
        total,
    )
    return Trend(
        tuple(_month(name, at, counted.get(name, {}), most) for at, name in enumerate(names)),
        tuple(words.DISPOSITIONS.values()),
        total,
        max(1, len(names)) * COLUMN,
        few % {"count": total} if total < ENOUGH else "",
    )


def _months(known: list[str]) -> list[str]:
    """Return every month from the first to the last."""
    if not known:
        return []
    year, month = map(int, known[0].split("-"))
    found = [known[0]]
    while found[-1] < known[-1]:
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)  # noqa: PLR2004 — months
        found.append(f"{year:04}-{month:02}")
    return found


def _month(name: str, at: int, counts: dict[str, int], most: int) -> Month:
    parts, y = list[Part](), BASE
    for disposition, word in words.DISPOSITIONS.items():
        if count := counts.get(disposition, 0):
            height = max(4, HIGH * count // most)
            y -= height
            parts.append(Part(word, count, y, height))
    every = tuple(counts.get(one, 0) for one in words.DISPOSITIONS)
    return Month(name, at * COLUMN, sum(counts.values()), y - 4, tuple(parts), every)
