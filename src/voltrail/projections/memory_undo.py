"""How what was written into memory in one transaction is undone. Does not know what is kept."""

from collections.abc import Callable


class Undoing:
    """Remembers how to undo what was written since `begin`."""

    def __init__(self) -> None:
        self._undo: list[Callable[[], object]] | None = None

    def begin(self) -> None:
        """Remember the state to go back to."""
        self._undo = []

    def settle(self, *, kept: bool) -> None:
        """Keep what was written since `begin`, or undo it."""
        undo, self._undo = self._undo or [], None
        if not kept:
            for step in reversed(undo):
                step()

    def _later(self, step: Callable[[], object]) -> None:
        if self._undo is not None:
            self._undo.append(step)
