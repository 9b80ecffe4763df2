"""
Look at the clock: judge again what began or ended, and go round all arrivals in turn.

One process does it at a time, under a lease of its own. How far it looked is one row; a look that
is repeated, or one that was missed, changes nothing but when.
"""

import logging
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Protocol

from django.db import close_old_connections, connections

from voltrail.actions import due
from voltrail.actions.desk import Desk
from voltrail_server.jobs.sequencer import Lease

EVERY_S = 30.0  # [s] between two looks
HELD = timedelta(seconds=120)  # how long the lease stands; a dead holder is replaced after it
_LOG = logging.getLogger(__name__)


class Cursor(Protocol):
    """How far the last look came: until when, and after which arrival to go on."""

    def read(self) -> tuple[datetime, str]:
        """Return the time, and the arrival after which the round goes on."""
        ...

    def write(self, until: datetime, after: str) -> None:
        """Remember both."""
        ...


class Tick:
    """Looks at the clock while it holds the lease."""

    def __init__(
        self, desk: Desk, lease: Lease, cursor: Cursor, holder: str, now: Callable[[], datetime]
    ) -> None:
        """Keep the sockets and the name under which this process holds the lease."""
        self._desk, self._lease, self._cursor = desk, lease, cursor
        self._beside: Callable[[datetime], object] = lambda _at: None
        self._holder, self._now = holder, now

    def beside(self, work: Callable[[datetime], object]) -> "Tick":
        """Do this too at each look, under the same lease: one process tells, as one judges."""
        self._beside = work
        return self

    def turn(self) -> int | None:
        """Look once; return how many arrivals what came to pass bears on, or None without lease."""
        at = self._now()
        if not self._lease.take(self._holder, at, at + HELD):
            return None
        since, after = self._cursor.read()
        found = due.ring(self._desk, since, at)
        self._cursor.write(found.until, due.walk(self._desk, after, at))
        self._beside(at)
        return found.judged

    def run(self, stop: threading.Event, every_s: float = EVERY_S) -> None:
        """Look until told to stop; a look that fails is logged and tried again."""
        while not stop.is_set():
            self._try()
            stop.wait(every_s)
        self._lease.release(self._holder)
        connections.close_all()

    def _try(self) -> None:
        close_old_connections()
        try:
            self.turn()
        except Exception:  # noqa: BLE001 — a thread that dies would stop every end and beginning
            _LOG.exception("The clock could not be looked at; the next look tries again.")
        finally:
            close_old_connections()
