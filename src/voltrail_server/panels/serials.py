"""The comparison of a delivery's lists as rows: each question, its word, its number, examples."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from voltrail_server.panels import words
from voltrail_server.panels.words import Word

_SHOWN = 20  # [serials] of each kind on the page; all stand in the sheet
_FINE = Word("agrees", "Agrees", "release", "release")
_CLEAR = Word("none-such", "Nothing found", "release", "release")
_WRONG = Word("differs", "Differs", "refuse", "refuse")
_LOOK = Word("open", "Open", "hold", "hold")
_NONE = Word("nothing-to-compare", "Nothing to compare with", "unknown", "unknown")


@dataclass(frozen=True, slots=True)
class SerialLine:
    """One question about the lists, and what is found."""

    question: str
    word: Word
    count: str
    serials: tuple[str, ...]
    more: str


@dataclass(frozen=True, slots=True)
class SerialBoard:
    """All questions, the numbers of the lists, and the entries they come from."""

    word: Word
    numbers: tuple[tuple[str, str], ...]
    lines: tuple[SerialLine, ...]
    entries: tuple[int, ...]


def board(comparison: Any) -> SerialBoard:  # noqa: ANN401 — a Comparison
    """Return a comparison as rows."""
    found = comparison.found
    return SerialBoard(_FINE if found.agrees else _WRONG, _numbers(found), (
        _counted(_("As many came as were ordered"), found.ordered, found.more),
        _counted(_("As many serials as were counted"), found.counted, found.miscounted),
        _listed(_("Delivered, and not in the maker's list"), found.strange, found.listed),
        _listed(_("More than once in the delivery"), found.twice, found.delivered),
        _listed(_("More than once in the maker's list"), found.listed_twice, found.listed),
        _listed(_("Scanned, and not delivered"), found.unexpected, found.scanned),
        _open(_("Delivered, and not scanned"), found.unscanned, found.scanned),
    ), comparison.entries)  # fmt: skip


def _numbers(found: Any) -> tuple[tuple[str, str], ...]:  # noqa: ANN401 — a Reconciled
    told = (
        (_("Ordered"), found.ordered),
        (_("Counted"), found.counted),
        (_("Delivered"), found.delivered),
        (_("Listed by the maker"), found.listed),
        (_("Listed, not here"), found.rest),
        (_("Scanned"), found.scanned),
    )
    return tuple((name, "–" if one is None else words.number(one)) for name, one in told)


def _counted(question: str, there: int | None, difference: int) -> SerialLine:
    word = _NONE if there is None else _FINE if difference == 0 else _WRONG
    if there is not None and difference < 0:
        word = _LOOK  # fewer than ordered may still come
    count = f"{difference:+,}" if difference else "0"
    return SerialLine(question, word, "–" if there is None else count, (), "")


def _listed(question: str, serials: tuple[str, ...], there: int | None) -> SerialLine:
    return _line(question, serials, _NONE if there is None else _WRONG if serials else _CLEAR)


def _open(question: str, serials: tuple[str, ...], there: int | None) -> SerialLine:
    return _line(question, serials, _NONE if there is None else _LOOK if serials else _CLEAR)


def _line(question: str, serials: tuple[str, ...], word: Word) -> SerialLine:
    more = words.number(len(serials) - _SHOWN) if len(serials) > _SHOWN else ""
    count = "–" if word is _NONE else words.number(len(serials))
    return SerialLine(question, word, count, serials[:_SHOWN], more)
