"""
One word at a time works on the register as a whole, and nobody serves or appends meanwhile.

    taken      every lease, inside a transaction of the register: who appends has ended before,
               and who appends afterwards finds it held and is refused
    renewed    from a thread of its own, until the word ends; after a crash it ends by itself
    a server   takes the sequencer's lease before it starts its children, or is refused

What a word leaves behind, a mark in the data folder, it leaves before it gives the hold back; a
server looks for marks after it has its lease. Does not know what the words do.
"""

import logging
import os
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta

from django.db import DatabaseError, connections

from voltrail_server import wiring
from voltrail_server.jobs import sequencer
from voltrail_server.operations import standing
from voltrail_server.records import lease
from voltrail_server.records.lease import DjangoLease
from voltrail_server.records.store import DjangoEntries

HELD = timedelta(seconds=40)  # how long a hold stands that nobody renews
EVERY_S = 5.0  # [s] between two renewals
_LOG = logging.getLogger(__name__)


class Hold:
    """Every lease of the database, under the name of one word in this process."""

    def __init__(self, word: str) -> None:
        """Keep how the word is called to others."""
        self._holder = f"{lease.UPKEEP}voltrail {word} on {socket.gethostname()}, {os.getpid()}"
        self._quiet, self.gone_to = threading.Lock(), ""

    def take(self) -> None:
        """Take or renew every lease, or refuse and name who has one."""
        at = wiring.now()
        if not lease.take_all(self._holder, at, at + HELD):
            raise lease.refusal(lease.holder(at))

    def end(self) -> None:
        """Let others have the leases, unless the register went elsewhere: then it stays closed."""
        with suppress(DatabaseError):  # what cannot be given back ends by itself
            if self.gone_to:
                lease.leave(self._holder, self.gone_to)
            else:
                lease.give_back_all(self._holder)

    @contextmanager
    def quiet(self) -> Iterator[None]:
        """Renew nothing and leave no connection open while the block runs."""
        with self._quiet:
            yield

    def renew(self, over: threading.Event) -> None:
        """Renew until told to stop; what fails is tried again while the hold still stands."""
        while not over.wait(EVERY_S):
            with self._quiet:
                try:
                    self.take()
                except Exception:  # noqa: BLE001 — the word itself looks again before it ends
                    _LOG.warning("The hold on the register could not be renewed; tried again.")
                finally:
                    connections.close_all()


@contextmanager
def held(word: str) -> Iterator[Hold]:
    """Hold the register for a word while the block runs; refuse where somebody serves it."""
    hold = Hold(word)
    if not _is_there():
        yield hold
        return
    with DjangoEntries().transaction():
        hold.take()
    over = threading.Event()
    renewing = threading.Thread(target=hold.renew, args=(over,), name="hold", daemon=True)
    renewing.start()
    try:
        yield hold
    finally:
        over.set()
        renewing.join()
        hold.end()


def need_nobody(at: datetime) -> None:
    """Refuse while somebody serves or works on the register: it appends, or is about to."""
    found = lease.holder(at) if _is_there() else ""
    if found:
        raise lease.refusal(found)


def come_in(holder: str) -> None:
    """Take the sequencer's lease for a server that starts; refuse where a word is at work."""
    if not _is_there():
        return
    at = wiring.now()
    if not DjangoLease().take(holder, at, at + sequencer.HELD):
        found = lease.holder(at)  # who else serves may: one of them publishes
        if lease.is_closed(found):
            raise lease.refusal(found)


def _is_there() -> bool:
    """Whether the database can be held; nobody serves one without tables or that is unreadable."""
    try:
        return "sequencer_lease" in standing.tables()
    except DatabaseError:
        return False
