"""How the layers of some arrivals stand: a bar for each, a part for each state. Counts only."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from voltrail_server.panels import strip, words
from voltrail_server.panels.words import Word

WIDTH, HIGH = 480, 16  # [px] of a bar
LEFT, ROW = 96, 24  # [px]


@dataclass(frozen=True, slots=True)
class Part:
    """A state's share of one bar."""

    word: Word
    count: int
    x: int
    width: int


@dataclass(frozen=True, slots=True)
class Bar:
    """One layer's bar."""

    layer: str
    y: int
    parts: tuple[Part, ...]
    counts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Layers:
    """The whole drawing, and the states that head its table."""

    bars: tuple[Bar, ...]
    states: tuple[Word, ...]
    total: int
    width: int = LEFT + WIDTH
    height: int = ROW * len(strip.LAYERS)


def layers(rows: Iterable[Any]) -> Layers:
    """Return the bars of some arrivals' rows."""
    listed = [strip.cells(row.layers) for row in rows]
    bars = tuple(
        _bar(layer, at, Counter(cells[at].word.name for cells in listed), len(listed))
        for at, layer in enumerate(strip.LAYERS)
    )
    return Layers(bars, tuple(words.STATES.values()), len(listed))


def _bar(layer: str, at: int, found: Counter[str], total: int) -> Bar:
    parts, done = list[Part](), 0
    for name, word in words.STATES.items():
        if found[name]:
            x, end = (LEFT + WIDTH * each // total for each in (done, done + found[name]))
            parts.append(Part(word, found[name], x, end - x))
            done += found[name]
    return Bar(layer, at * ROW, tuple(parts), tuple(found[name] for name in words.STATES))
