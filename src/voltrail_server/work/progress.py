"""How work tells how far it is, hears that it is to stop, and shows that it is alive."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from uuid import UUID

from django.db import DatabaseError, connections
from django.db.models import QuerySet

from voltrail_server.work.models import State, Work

EVERY_S = 1.0  # [s] a row is written no more often
BEAT_S = 10.0  # [s] between two signs of life where nothing else is told


class StoppedError(Exception):
    """Somebody asked that this work stops."""


class ReplacedError(Exception):
    """Another worker has begun this work again; this one leaves it alone."""


class Progress:
    """The pen with which one attempt writes into its row of work."""

    def __init__(self, work: UUID, attempt: int, now: Callable[[], datetime]) -> None:
        """Keep whose row it is, and which attempt writes."""
        self.work, self.attempt, self._now = work, attempt, now
        self._told = -EVERY_S
        self._counted: str | None = None

    def count(self, unit: str) -> None:
        """Say what is counted, for example rows."""
        self._counted = unit[:40]

    def tell(self, done: int, total: int, sentence: str = "") -> None:
        """Say how far the work is; raises where it is to stop, or somebody else does it now."""
        ends = 0 < total <= done
        if not ends and time.monotonic() - self._told < EVERY_S:
            return
        self._told = time.monotonic()
        told = {"done": done, "total": total, "sentence": sentence[:400]}
        if self._counted is not None:
            told["counted"] = self._counted
        self._write(told)

    def check(self) -> None:
        """Raise where the work is to stop, or where somebody else does it now."""
        found = self._own().values_list("stop_asked", flat=True).first()
        if found is None:
            raise ReplacedError
        if found:
            raise StoppedError

    def _write(self, told: dict[str, object]) -> None:
        if not self._own().update(heartbeat=self._now(), **told):
            raise ReplacedError
        self.check()

    def _own(self) -> QuerySet[Work]:
        return Work.objects.filter(pk=self.work, attempt=self.attempt, state=State.RUNNING)

    @contextmanager
    def alive(self) -> Iterator[None]:
        """Give a sign of life from a thread of its own, however long one step takes."""
        over = threading.Event()
        beating = threading.Thread(target=self._beat, args=(over,), daemon=True)
        beating.start()
        try:
            yield
        finally:
            over.set()
            beating.join()

    def _beat(self, over: threading.Event) -> None:
        while not over.wait(BEAT_S):
            try:
                self._own().update(heartbeat=self._now())
            except DatabaseError:
                continue  # a long write holds the table; the next sign comes soon
        connections.close_all()
