"""The worker: a process that does what waits, until it is told to end."""

import secrets
import socket

from django_tasks_db.management.commands.db_worker import Worker

from voltrail_server.work import queue

INTERVAL_S = 1.0  # [s] between two looks at an empty queue


def work(*, until_empty: bool = False) -> None:
    """Do what waits; end at SIGTERM, or once nothing waits where told so."""
    queue.revive()
    found = Worker(
        queue_names=["*"],
        interval=INTERVAL_S,
        batch=until_empty,
        backend_name="default",
        startup_delay=False,
        max_tasks=None,
        worker_id=f"{socket.gethostname()[:40]}:{secrets.token_hex(4)}",
        excluded_queue_names=[],
    )
    found.configure_signals()
    found.run()
