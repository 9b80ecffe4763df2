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
        return tuple(self._line(one.found, one.arrival, one.place) for one in rows)

    def panel(self, told: Any) -> ContradictionPanel:  # noqa: ANN401 — what the action tells
        """Return what a subject's page shows."""
        return ContradictionPanel(
            tuple(self._line(one) for one in told.found),
            tuple(self._line(one) for one in told.nearby),
            told.more,
            tuple(self._naming(str(one)) for one in told.cut),
            words.number(told.size),
        )

    def _line(self, found: Any, arrival: str = "", place: str = "") -> ContradictionLine:  # noqa: ANN401 — an anomaly
        return ContradictionLine(
            found.rule,
            words.said(self._rules[found.rule]),
            SEVERITIES[found.severity],
            self._naming(str(found.subject)),
            found.sentence,
            words.said(found.instead),
            found.entries,
            self._controls(found.rule),
            self._naming(arrival) if arrival else None,
            self._naming(place) if place else None,
        )
