"""A contradiction as a line: its rule, how grave, whom it is about, what would change it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from voltrail_server.panels import words
from voltrail_server.panels.named import Named, Naming, unnamed
from voltrail_server.panels.words import Word

SEVERITIES = {
    "H": Word("blocks", "Blocks", "refuse", "refuse"),
    "M": Word("review", "Review", "hold", "hold"),
    "L": Word("noted", "Note", "dot", "quiet"),
}


@dataclass(frozen=True, slots=True)
class ContradictionLine:
    """One finding as lists and panels show it."""

    rule: str
    name: str
    word: Word
    subject: Named
    sentence: str
    more: int
    instead: str
    entries: tuple[int, ...]
    control: str
    arrival: Named | None
    place: Named | None


@dataclass(frozen=True, slots=True)
class ContradictionPanel:
    """What a subject's page shows of contradictions, and what of its lot touches it too."""

    own: tuple[ContradictionLine, ...]
    lot: tuple[ContradictionLine, ...]
    more: bool
    cut: tuple[Named, ...]
    size: str


class Lines:
    """Makes lines of findings, with the names of rules and of who is spoken of."""

    def __init__(self, rules: Mapping[str, str], controls: Any, naming: Naming = unnamed) -> None:  # noqa: ANN401 — a function of a rule
        """Keep what findings are called."""
        self._rules, self._controls, self._naming = rules, controls, naming

    def of_rows(self, rows: Iterable[Any]) -> tuple[ContradictionLine, ...]:
        """Return the lines of a list, each with the arrival it was found through."""
        listed = list(rows)
        where = {one.found: one for one in listed}
        return tuple(
            self._line(alike, where[alike[0]].arrival, where[alike[0]].place)
            for alike in _alike(one.found for one in listed)
        )

    def panel(self, told: Any) -> ContradictionPanel:  # noqa: ANN401 — what the action tells
        """Return what a subject's page shows."""
        return ContradictionPanel(
            tuple(self._line(alike) for alike in _alike(_gravest_first(told.found))),
            tuple(self._line(alike) for alike in _alike(_gravest_first(told.nearby))),
            told.more,
            tuple(self._naming(str(one)) for one in told.cut),
            words.number(told.size),
        )

    def _line(self, alike: list[Any], arrival: str = "", place: str = "") -> ContradictionLine:
        found = alike[0]
        return ContradictionLine(
            found.rule,
            words.said(self._rules[found.rule]),
            SEVERITIES[found.severity],
            self._naming(str(found.subject)),
            found.sentence,
            len(alike) - 1,
            words.said(found.instead),
            tuple(sorted({index for one in alike for index in one.entries})),
            self._controls(found.rule),
            self._naming(arrival) if arrival else None,
            self._naming(place) if place else None,
        )


def tabs(tally: Mapping[str, str]) -> tuple[tuple[Word, str, str], ...]:
    """Return word, letter and number of findings for each severity, the gravest first."""
    return tuple((word, letter, tally[letter]) for letter, word in SEVERITIES.items())


def _alike(found: Iterable[Any]) -> list[list[Any]]:
    """Return findings in order, those of one rule about one subject together."""
    groups: dict[tuple[str, str, str], list[Any]] = {}
    for one in found:
        groups.setdefault((one.rule, one.severity, one.subject), []).append(one)
    return list(groups.values())


def _gravest_first(found: Iterable[Any]) -> list[Any]:
    return sorted(found, key=lambda one: list(SEVERITIES).index(one.severity))
