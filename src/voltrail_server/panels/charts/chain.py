"""
Who handed a lot to whom: firms in columns, hand-overs as lines; ends that nobody states are named.

A firm stands to the right of whoever first gave it goods. Draws what the halves say, no more.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from voltrail_server.panels import timeline
from voltrail_server.panels.named import Named, Naming, unnamed

COLUMN, ROW, BOX, HIGH = 264, 64, 200, 40  # [px]
TOP = 8  # [px]
_FITS = 23  # [letters] of a name in a box; the list has it whole
_MOST = 40  # [hand-overs] drawn


@dataclass(frozen=True, slots=True)
class Box:
    """A firm, or an end that nobody states."""

    named: Named | None
    text: str
    x: int
    y: int


@dataclass(frozen=True, slots=True)
class Line:
    """What went from one firm to another."""

    giver: Named
    taker: Named
    x1: int
    y1: int
    x2: int
    y2: int
    says: str
    state: str


@dataclass(frozen=True, slots=True)
class Chain:
    """The drawing."""

    boxes: tuple[Box, ...]
    lines: tuple[Line, ...]
    unknown: tuple[str, ...]
    width: int
    height: int


def chain(halves: Iterable[Any], maker: str, naming: Naming = unnamed) -> Chain:
    """Return the chain of a lot's hand-over halves, its maker on the left."""
    met = timeline.meetings(halves)[:_MOST]
    pairs = [(str(one.any.fact.giver), str(one.any.fact.taker)) for one in met]
    columns = _columns(pairs, maker)
    at = {name: (TOP + COLUMN * column, _y(row)) for name, (column, row) in columns.items()}
    boxes = tuple(Box(naming(name), _short(naming(name)), x, y) for name, (x, y) in at.items())
    lines = tuple(_line(one, pair, at, naming) for one, pair in zip(met, pairs, strict=True))
    unknown = tuple(_unknown(pairs, maker, naming))
    deep = max((y for _x, y in at.values()), default=0) + ROW
    return Chain(boxes, lines, unknown, max((x for x, _y in at.values()), default=0) + COLUMN, deep)


def _y(row: int) -> int:
    return TOP + ROW * row


def _columns(pairs: list[tuple[str, str]], maker: str) -> dict[str, tuple[int, int]]:
    """Return column and row of each firm: one to the right of its first giver."""
    found: dict[str, tuple[int, int]] = {}
    used: dict[int, int] = {}
    for giver, taker in [("", maker), *pairs]:
        for name, column in ((giver, 0), (taker, found.get(giver, (-1, 0))[0] + 1)):
            if name and name not in found:
                found[name] = (column, used.get(column, 0))
                used[column] = used.get(column, 0) + 1
    return found


def _short(named: Named) -> str:
    return named.text if len(named.text) <= _FITS else f"{named.text[: _FITS - 1]}…"


def _line(
    met: timeline.Meeting,
    pair: tuple[str, str],
    at: dict[str, tuple[int, int]],
    naming: Naming,
) -> Line:
    (gx, gy), (tx, ty) = at[pair[0]], at[pair[1]]
    middle = HIGH // 2
    return Line(
        naming(pair[0]),
        naming(pair[1]),
        gx + BOX,
        gy + middle,
        tx,
        ty + middle,
        met.says,
        met.state,
    )


def _unknown(pairs: list[tuple[str, str]], maker: str, naming: Naming) -> Iterable[str]:
    """Yield a sentence for each beginning that nobody states."""
    takers = {taker for _giver, taker in pairs}
    for giver in dict.fromkeys(giver for giver, _taker in pairs):
        if giver != maker and giver not in takers:
            yield _("Nobody says from whom %(firm)s had it.") % {"firm": naming(giver).text}
    if not pairs:
        yield _("No hand-over of this lot is stated. Ask the maker and the carrier for theirs.")
