"""
Remove what is kept for a while only, every hour, whether or not anybody asks for more of it.

Each process that works through the queue does it for its own machine. What is removed twice is
gone as before. Does not know what is removed.
"""

import logging
import threading
from collections.abc import Callable, Sequence

from django.db import close_old_connections

EVERY_S = 3_600.0  # [s] between two rounds
_LOG = logging.getLogger(__name__)


class Tidying:
    """Goes round some chores; each removes what is over and returns how much that was."""

    def __init__(self, chores: Sequence[Callable[[], int]]) -> None:
        """Keep the chores."""
        self._chores = tuple(chores)

    def turn(self) -> int:
        """Do every chore once; one that fails is logged, and the others are done."""
        close_old_connections()
        done = sum(self._tried(one) for one in self._chores)
        close_old_connections()
        return done

    def run(self, stop: threading.Event, every_s: float = EVERY_S) -> None:
        """Begin with a round, then go round until told to stop."""
        self.turn()
        while not stop.wait(every_s):
            self.turn()

    def start(self) -> threading.Event:
        """Go round beside other work of this process; return what stops it."""
        stop = threading.Event()
        threading.Thread(target=self.run, args=(stop,), name="tidying", daemon=True).start()
        return stop

    @staticmethod
    def _tried(chore: Callable[[], int]) -> int:
        try:
            return chore()
        except Exception:  # noqa: BLE001 — a thread that dies would leave everything lying
            _LOG.exception("What is over could not be removed; the next round tries again.")
            return 0
