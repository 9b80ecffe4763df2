"""The part of the view socket in memory that keeps what the rules found. Does not know a rule."""

from collections.abc import Mapping, Sequence
from functools import partial

from voltrail.projections.memory_undo import Undoing
from voltrail.projections.store import FoundRow


class MemoryFound(Undoing):
    """Findings by arrival."""

    def __init__(self) -> None:
        super().__init__()
        self._found: dict[str, tuple[FoundRow, ...]] = {}

    def put_found(self, found: Mapping[str, Sequence[FoundRow]]) -> None:
        """Store the findings about these arrivals, in place of those they had."""
        for arrival, rows in found.items():
            before = self._found.get(arrival, ())
            self._find(arrival, tuple(rows))
            self._later(partial(self._find, arrival, before))

    def found_about(self, subject: str) -> Sequence[FoundRow]:
        """Return, by arrival and number, the findings about a subject."""
        every = (row for arrival in sorted(self._found) for row in self._found[arrival])
        return [row for row in every if row.subject == subject]

    def clear_found(self) -> None:
        """Forget every finding."""
        before, self._found = self._found, {}
        self._later(lambda: setattr(self, "_found", before))

    def _find(self, arrival: str, rows: tuple[FoundRow, ...]) -> None:
        if rows:
            self._found[arrival] = rows
        else:
            self._found.pop(arrival, None)
