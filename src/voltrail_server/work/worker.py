"""The worker: a process that does what waits, until it is told to end."""

import logging
import secrets
import socket
import threading

from django.db import DatabaseError, close_old_connections, connections
from django_tasks_db.management.commands.db_worker import Worker

from voltrail_server.work import queue

INTERVAL_S = 1.0  # [s] between two looks at an empty queue
REVIVE_S = 30.0  # [s] between two looks for what dead workers left behind
_LOG = logging.getLogger(__name__)


def work(*, until_empty: bool = False, holder: str = "") -> None:
    """Do what waits; end at SIGTERM, or once nothing waits where told so."""
    queue.revive()
    over = threading.Event()
    threading.Thread(target=_revive, args=(over,), daemon=True).start()
    found = Worker(
        queue_names=["*"],
        interval=INTERVAL_S,
        batch=until_empty,
        backend_name="default",
        startup_delay=False,
        max_tasks=None,
        worker_id=holder or f"{socket.gethostname()[:40]}:{secrets.token_hex(4)}",
        excluded_queue_names=[],
    )
    found.configure_signals()
    try:
        found.run()
    finally:
        over.set()


def _revive(over: threading.Event) -> None:
    """Take up, from time to time, what other workers left behind when they died."""
    while not over.wait(REVIVE_S):
        close_old_connections()
        try:
            queue.revive()
        except DatabaseError:
            _LOG.warning("Work of dead workers could not be looked for; the next look tries again.")
    connections.close_all()
