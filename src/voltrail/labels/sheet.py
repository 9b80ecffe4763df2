"""
Sheets of labels to print: a code, and beside it what a person reads without one.

A sheet follows a stationer's grid. Knows texts and millimetres; does not know units.
"""

from collections.abc import Callable, Iterable, Iterator
from io import BytesIO
from itertools import islice
from typing import Any

from msgspec import Struct

from voltrail.errors import MalformedError, UnverifiableError
from voltrail.labels import code
from voltrail.wording import worded

MOST = 100_000  # [labels] of one file
_MM = 72 / 25.4  # [points] of a millimetre
_GAP = 2.0  # [mm] between the edge of a label and what is on it
_SIZES = {"title": 9.0, "line": 6.5, "foot": 6.0}  # [points]


class Layout(Struct, frozen=True):
    """A stationer's grid: page and label [mm], labels across and down, margins and gaps [mm]."""

    page: tuple[float, float]
    label: tuple[float, float]
    grid: tuple[int, int]
    margin: tuple[float, float]
    gap: tuple[float, float] = (0.0, 0.0)


LAYOUTS = {
    "a4-24": Layout((210, 297), (70, 37), (3, 8), (0, 0.5)),
    "a4-65": Layout((210, 297), (38.1, 21.2), (5, 13), (4.75, 10.7), (2.5, 0)),
    "letter-30": Layout((215.9, 279.4), (66.7, 25.4), (3, 10), (4.8, 12.7), (3.1, 0)),
}


class Printed(Struct, frozen=True):
    """One label: what the code says, a title, and a few lines."""

    text: str
    title: str
    lines: tuple[str, ...] = ()


def _nobody(_: int) -> None:
    """Hear how many labels are drawn, and tell nobody."""


def sheet(
    labels: Iterable[Printed], layout: str = "a4-24", told: Callable[[int], None] = _nobody
) -> bytes:
    """
    Return labels as sheets to print.

    Args:
        labels: what stands on each, 1 to 100,000
        layout: a name in `LAYOUTS`
        told: hears after each page how many labels are drawn

    Returns:
        A PDF; print it at 100 %, without fitting it to the page.

    Raises:
        MalformedError: no label, too many, no such layout, or a text that fits no code.
        UnverifiableError: the extra `labels` is not installed.

    Source: ISO 32000; our choice: ADR 0039.
    """
    grid = LAYOUTS.get(layout)
    if grid is None:
        said = worded("There is no layout %(name)s.", name=repr(layout))
        raise MalformedError(said, hint=worded("Choose: %(names)s.", names=", ".join(LAYOUTS)))
    listed = list(islice(labels, MOST + 1))
    if not 0 < len(listed) <= MOST:
        said = worded("A file holds 1 to %(most)s labels.", most=f"{MOST:,}")
        raise MalformedError(said, hint="Print them in parts.")
    out = BytesIO()
    drawn = _canvas(out, grid)
    per_page = grid.grid[0] * grid.grid[1]
    pages = -(-len(listed) // per_page)
    for page in range(pages):
        for place, one in _placed(listed[page * per_page : (page + 1) * per_page], grid):
            _draw(drawn, one, place, grid)
        drawn.setFont("Helvetica", _SIZES["foot"])
        drawn.drawRightString((grid.page[0] - 3) * _MM, 2 * _MM, f"{page + 1} / {pages}")
        drawn.showPage()
        told(min((page + 1) * per_page, len(listed)))
    drawn.save()
    return out.getvalue()


def _placed(labels: list[Printed], grid: Layout) -> Iterator[tuple[tuple[float, float], Printed]]:
    """Yield each label with its lower left corner [mm], row by row from the top."""
    for number, one in enumerate(labels):
        down, across = divmod(number, grid.grid[0])
        x = grid.margin[0] + across * (grid.label[0] + grid.gap[0])
        top = grid.margin[1] + down * (grid.label[1] + grid.gap[1])
        yield (x, grid.page[1] - top - grid.label[1]), one


def _draw(drawn: Any, one: Printed, place: tuple[float, float], grid: Layout) -> None:  # noqa: ANN401
    """Draw the code at the left of a label, and the words beside it."""
    side = min(grid.label[1], grid.label[0] / 2) - 2 * _GAP
    top = place[1] + grid.label[1] - _GAP
    _draw_code(drawn, one.text, (place[0] + _GAP, top), side)
    beside = place[0] + 2 * _GAP + side
    room = place[0] + grid.label[0] - _GAP - beside
    _draw_words(drawn, one, (beside, top), room)


def _draw_code(drawn: Any, text: str, corner: tuple[float, float], side: float) -> None:  # noqa: ANN401
    found = code.matrix(text)
    module = side / (found.size + 2 * code.QUIET) * _MM
    left, top = corner[0] * _MM + code.QUIET * module, corner[1] * _MM - code.QUIET * module
    drawn.saveState()
    drawn.translate(left, top)
    drawn.scale(module, -module)  # whole numbers below: rows run down, and the file is small
    path = drawn.beginPath()
    for x, y, run in found.runs():
        path.rect(x, y, run, 1)
    drawn.drawPath(path, stroke=0, fill=1)
    drawn.restoreState()


def _draw_words(drawn: Any, one: Printed, corner: tuple[float, float], room: float) -> None:  # noqa: ANN401
    words = [(one.title, "Helvetica-Bold", "title")]
    words += [(each, "Helvetica", "line") for each in one.lines]
    height = corner[1] * _MM
    for text, font, kind in words:
        size = _fitting(drawn, text, font, _SIZES[kind], room * _MM)
        height -= size * 1.25
        drawn.setFont(font, size)
        drawn.drawString(corner[0] * _MM, height, text)


def _fitting(drawn: Any, text: str, font: str, size: float, room: float) -> float:  # noqa: ANN401
    """Return the size at which a line fits; a name that is cut would be another name."""
    wide = drawn.stringWidth(text, font, size)
    return size if wide <= room else size * room / wide


def _canvas(out: BytesIO, grid: Layout) -> Any:  # noqa: ANN401 — of reportlab
    try:
        from reportlab.pdfgen.canvas import Canvas  # noqa: PLC0415 — an extra
    except ImportError as error:
        raise UnverifiableError(
            "Sheets cannot be drawn here.", hint="Install it: pip install 'voltrail[labels]'."
        ) from error
    made = Canvas(out, pagesize=(grid.page[0] * _MM, grid.page[1] * _MM), invariant=True)
    made.setTitle("Labels")
    made.setCreator("Voltrail")
    return made
