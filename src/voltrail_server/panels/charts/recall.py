"""
A recall drawn: the suspect, what is related to it, and the places where that stands.

Three columns with lines between them; a column that is too long says how many more there are. Draws
what the scope says, no more.
"""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from voltrail_server.panels import words
from voltrail_server.panels.named import Naming, key_of

_Tally = tuple[str, int, bool, set[str]]  # place, things, whether one is sure, through which leads
COLUMN, ROW, BOX, HIGH = 288, 56, 232, 40  # [px]
_FITS = 27  # [letters] in a box; the table has it whole
_MOST = 12  # [boxes] in a column


@dataclass(frozen=True, slots=True)
class Box:
    """A thing or a place: what it is called, a second line, where it stands."""

    text: str
    more: str
    x: int
    y: int
    sure: bool


@dataclass(frozen=True, slots=True)
class Tree:
    """The drawing."""

    boxes: tuple[Box, ...]
    lines: tuple[tuple[int, int, int, int, bool], ...]
    width: int
    height: int


def tree(found: Any, naming: Naming) -> Tree:  # noqa: ANN401 — a scope
    """Return the drawing of a scope."""
    leads = [one for one in found.leads if str(one.thing) != found.suspect.about]
    start = Box(_short(key_of(found.suspect.about)), _("suspect"), 8, 8, sure=True)
    middle = [_lead(one, row) for row, one in enumerate(leads[:_MOST])]
    tallies = _places(found, naming)
    ends = [_place(row, *one[:3]) for row, one in enumerate(tallies[:_MOST])]
    boxes = [start, *middle, *ends]
    boxes += [
        Box(_more(len(many) - _MOST), "", 8 + COLUMN * column, _y(_MOST), sure=False)
        for column, many in ((1, leads), (2, tallies))
        if len(many) > _MOST
    ]
    lines = [_line(start, one) for one in middle]
    begins = zip(middle, (str(one.thing) for one in leads), strict=False)
    lines += [
        _line(from_, end)
        for from_, lot in [(start, ""), *begins]
        for end, (_text, _many, _sure, lots) in zip(ends, tallies, strict=False)
        if lot in lots
    ]
    high = max(box.y for box in boxes) + ROW
    return Tree(tuple(boxes), tuple(lines), 3 * COLUMN, high)


def _lead(one: Any, row: int) -> Box:  # noqa: ANN401 — a lead
    text, kind = _short(one.thing.key), _(str(one.thing.kind))
    return Box(text, kind, 8 + COLUMN, _y(row), sure=one.certainty == "definite")


def _place(row: int, text: str, many: int, sure: bool) -> Box:  # noqa: FBT001 — of one row
    things = ngettext("%(count)s thing", "%(count)s things", many) % {"count": words.number(many)}
    return Box(_short(text), things, 8 + 2 * COLUMN, _y(row), sure)


def _places(found: Any, naming: Naming) -> list[_Tally]:  # noqa: ANN401 — a scope
    """Return each place: how many things are there, whether one is sure, through which leads."""
    shown = {str(one.thing) for one in found.leads} - {found.suspect.about}
    tally: dict[str, tuple[int, bool, set[str]]] = {}
    for one in found.related:
        lots = {str(lot) if str(lot) in shown else "" for lot in one.lots or ("",)}
        for place in {stay.place for stay in one.stays} or {""}:
            many, sure, through = tally.get(place, (0, False, set()))
            sure = sure or one.certainty == "definite"
            tally[place] = many + 1, sure, through | lots
    order = sorted(tally.items(), key=lambda each: (-each[1][0], each[0]))
    return [(naming(p).text if p else _("nobody says where"), *of) for p, of in order]


def _line(one: Box, end: Box) -> tuple[int, int, int, int, bool]:
    return one.x + BOX, one.y + HIGH // 2, end.x, end.y + HIGH // 2, one.sure and end.sure


def _y(row: int) -> int:
    return 8 + ROW * row


def _short(text: str) -> str:
    return text if len(text) <= _FITS else f"{text[: _FITS - 1]}…"


def _more(many: int) -> str:
    return _("and %(count)s more") % {"count": words.number(many)}
