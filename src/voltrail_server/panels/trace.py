"""A trace as rows: each thing, how it was reached, how sure that is, what it rests on."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_noop as N_  # noqa: N812 — gettext's own mark

from voltrail.statements.assembly import Certainty
from voltrail_server.panels import words
from voltrail_server.panels.named import Named
from voltrail_server.panels.words import Word

CERTAINTIES = {
    Certainty.DEFINITE: Word("definite", "Definite", "release", "quiet"),
    Certainty.POSSIBLE: Word("possible", "Possible", "unknown", "unknown"),
}
WAYS = {
    "start": N_("asked for"),
    "of-lot": N_("of the lot"),
    "made-of": N_("made of"),
    "part-of": N_("part of"),
    "has-unit": N_("unit of the lot"),
    "arrived": N_("arrived in"),
    "installed": N_("installed at"),
    "left": N_("left, to"),
}
_DEEPEST = 8  # [levels] that are set in; what is deeper stands under the eighth


@dataclass(frozen=True, slots=True)
class TraceLine:
    """One step as the page shows it."""

    one: Named
    way: str
    word: Word
    indent: int
    depth: str
    entries: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class GapLine:
    """What nobody says, and whom to ask."""

    sentence: str
    ask: Named | None


@dataclass(frozen=True, slots=True)
class TraceBoard:
    """One direction: its steps in the order of a tree, and its gaps."""

    lines: tuple[TraceLine, ...]
    gaps: tuple[GapLine, ...]
    is_cut: bool

    @property
    def count(self) -> str:
        """How many steps there are."""
        return words.number(len(self.lines))


def board(found: Any, name: Callable[[str], Named]) -> TraceBoard:  # noqa: ANN401 — a Traced
    """Return one direction of a trace, each step under the one that led to it."""
    below: dict[int | None, list[int]] = {}
    for at, step in enumerate(found.steps):
        below.setdefault(step.before, []).append(at)
    order: list[int] = []
    waiting = list(reversed(below.get(0, [])))
    while waiting:
        at = waiting.pop()
        order.append(at)
        waiting += reversed(below.get(at, []))
    return TraceBoard(
        tuple(_line(found.steps[at], name) for at in order),
        tuple(_gap(one, name) for one in found.gaps),
        found.is_cut,
    )


def _line(step: Any, name: Callable[[str], Named]) -> TraceLine:  # noqa: ANN401 — a Step
    return TraceLine(
        name(str(step.subject)),
        words.said(WAYS[step.way]),
        CERTAINTIES[step.certainty],
        min(step.depth, _DEEPEST) - 1,
        words.number(step.depth),
        step.entries,
    )


def _gap(one: Any, name: Callable[[str], Named]) -> GapLine:  # noqa: ANN401 — a Gap
    return GapLine(words.said(one.sentence), name(str(one.ask)) if one.ask else None)
