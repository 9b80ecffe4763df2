"""A trace as rows: each thing, how it was reached, how sure that is, what it rests on."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import groupby, islice
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
_FEW = 12  # of what is alike, one by one; more is one line with a count that opens
_NAMED = 200  # of what is folded into a line; the sheet has all
_LINES = 2_000  # our choice: ADR 0049; what a page draws
_DEEPEST = 8  # [levels] that are set in; what is deeper stands under the eighth


@dataclass(frozen=True, slots=True)
class Alike:
    """What is folded into the line before it: how many there are, and those that are named."""

    count: str
    named: tuple[Named, ...]
    others: str


@dataclass(frozen=True, slots=True)
class TraceLine:
    """One step as the page shows it, and the steps like it, with nothing below them."""

    one: Named
    way: str
    word: Word
    indent: int
    depth: str
    entries: tuple[int, ...]
    more_entries: str
    alike: Alike | None


@dataclass(frozen=True, slots=True)
class GapLine:
    """What nobody says, whom to ask, and of what else nobody says the same."""

    sentence: str
    ask: Named | None
    alike: Alike | None = None


@dataclass(frozen=True, slots=True)
class TraceBoard:
    """One direction: its steps in the order of a tree, and its gaps."""

    lines: tuple[TraceLine, ...]
    gaps: tuple[GapLine, ...]
    count: str
    gap_count: str
    is_cut: bool
    is_long: bool


def board(found: Any, name: Callable[[str], Named]) -> TraceBoard:  # noqa: ANN401 — a Traced
    """Return one direction of a trace, each step under the one that led to it."""
    steps, below = found.steps, dict[int | None, list[int]]()
    for at, step in enumerate(steps):
        below.setdefault(step.before, []).append(at)
    order: list[int] = []
    waiting = list(reversed(below.get(0, [])))
    while waiting:
        at = waiting.pop()
        order.append(at)
        waiting += reversed(below.get(at, []))
    lines = _runs(order, lambda at: at if below.get(at) else _like(steps[at]))
    gaps = _runs(found.gaps, lambda one: (one.sentence.form, one.ask, _like(steps[one.after])))
    things = (
        (gap, [steps[one.after].subject for one in rest]) for gap, *rest in islice(gaps, _LINES)
    )
    return TraceBoard(
        tuple(
            _line(steps[at], [steps[one].subject for one in rest], name)
            for at, *rest in islice(lines, _LINES)
        ),
        tuple(_gap(one, rest, name) for one, rest in things),
        words.number(len(order)),
        words.number(len(found.gaps)),
        found.is_cut,
        max(len(lines), len(gaps)) > _LINES,
    )


def _like(step: Any) -> object:  # noqa: ANN401 — a Step
    return step.before, step.way, step.certainty, step.entries, step.subject.kind


def _runs(listed: Iterable[Any], like: Callable[[Any], object]) -> list[list[Any]]:
    """Return what follows each other and is alike together, where it is too many to read."""
    found: list[list[Any]] = []
    for _, each in groupby(listed, like):
        run = list(each)
        found += [run] if len(run) > _FEW else [[one] for one in run]
    return found


def _line(step: Any, rest: list[Any], name: Callable[[str], Named]) -> TraceLine:  # noqa: ANN401 — a Step
    more = len(step.entries) - _FEW
    return TraceLine(
        name(str(step.subject)),
        words.said(WAYS[step.way]),
        CERTAINTIES[step.certainty],
        min(step.depth, _DEEPEST) - 1,
        words.number(step.depth),
        step.entries[:_FEW],
        words.number(more) if more > 0 else "",
        _alike(rest, name),
    )


def _gap(one: Any, rest: list[Any], name: Callable[[str], Named]) -> GapLine:  # noqa: ANN401 — a Gap
    ask = name(str(one.ask)) if one.ask else None
    return GapLine(words.said(one.sentence), ask, _alike(rest, name))


def _alike(rest: list[Any], name: Callable[[str], Named]) -> Alike | None:
    if not rest:
        return None
    others = len(rest) - _NAMED
    return Alike(
        words.number(len(rest)),
        tuple(name(str(one)) for one in rest[:_NAMED]),
        words.number(others) if others > 0 else "",
    )
