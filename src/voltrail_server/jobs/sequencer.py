"""
Publish a signed checkpoint soon after every append; of all processes, one does it at a time.

    the append's commit rings the bell          entries in this process
    a look every two seconds                    entries of other processes
    one row names the holder, and until when    whoever finds it past its time takes over

The lease is taken inside the transaction that signs, so nobody signs on a lease that has passed.
What one process leaves unsigned, the next one covers: a checkpoint stands for all entries before.
"""

import logging
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Protocol

from django.db import close_old_connections, connections, transaction

from voltrail.actions import prove
from voltrail.actions.desk import Desk

POLL_S = 2.0  # [s] between looks for entries of other processes
HELD = timedelta(seconds=10)  # how long a lease stands; a dead holder is replaced after it
_LOG = logging.getLogger(__name__)


class Lease(Protocol):
    """The one row that names who signs, and until when."""

    def take(self, holder: str, at: datetime, until: datetime) -> bool:
        """Return whether the holder has the lease now, taken or renewed."""
        ...

    def release(self, holder: str) -> None:
        """Give the lease back where this holder has it."""
        ...


class Bell:
    """A store's hook that rings when an append has committed."""

    def __init__(self, using: str = "default") -> None:
        """Keep the database whose commits count."""
        self.rung, self._using = threading.Event(), using

    def __call__(self, write: str) -> None:
        """Ring after the commit of the transaction that moved the register's size."""
        if write == "lease":
            transaction.on_commit(self.rung.set, using=self._using)


class Sequencer:
    """Signs what was appended, while it holds the lease."""

    def __init__(
        self, desk: Desk, lease: Lease, holder: str, bell: Bell, now: Callable[[], datetime]
    ) -> None:
        """Keep the sockets and the name under which this process holds the lease."""
        self._desk, self._lease, self._holder = desk, lease, holder
        self._bell, self._now = bell, now
        self._stopped = threading.Event()
        self.signed = threading.Event()  # rung by each checkpoint, for who asks witnesses

    def turn(self) -> bool:
        """Sign what is not covered yet; return whether this process holds the lease."""
        if not self.behind():
            return self._hold()
        with self._desk.entries.transaction():
            if not self._hold():
                return False
            prove.own_checkpoint(self._desk)
        self.signed.set()
        return True

    def behind(self) -> int:
        """Return how many entries no checkpoint covers."""
        newest = self._desk.entries.checkpoints()
        return self._desk.entries.size() - (newest[0][0] if newest else 0)

    def run(self, poll_s: float = POLL_S) -> None:
        """Take turns until stopped; a turn that fails is logged and tried again."""
        while not self._stopped.is_set():
            self._bell.rung.clear()  # before the turn: what comes during it rings again
            self._try()
            self._bell.rung.wait(poll_s)
        self._lease.release(self._holder)
        connections.close_all()

    def start(self, poll_s: float = POLL_S) -> threading.Thread:
        """Run beside the requests of this process, and end with it."""
        thread = threading.Thread(target=self.run, args=(poll_s,), name="sequencer", daemon=True)
        thread.start()
        return thread

    def stop(self) -> None:
        """End after the turn under way, and let another process have the lease."""
        self._stopped.set()
        self._bell.rung.set()

    def _hold(self) -> bool:
        at = self._now()
        return self._lease.take(self._holder, at, at + HELD)

    def _try(self) -> None:
        close_old_connections()
        try:
            self.turn()
        except Exception:  # noqa: BLE001 — a thread that dies would stop all checkpoints
            _LOG.exception("No checkpoint could be published; the next turn tries again.")
        finally:
            close_old_connections()
