"""
What a child of the supervisor does: web, sequencer with the clock, or worker.

    python -m voltrail_server.operations.child web HOST PORT [CERTIFICATE KEY]
    python -m voltrail_server.operations.child sequencer HOLDER
    python -m voltrail_server.operations.child worker HOLDER
"""

import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

from voltrail_server.operations import lifeline

POLL_S = 0.5  # [s] between looks for entries that other processes have appended
BEAT_S = 5.0  # [s] between two beats of the worker


def web(host: str, port: str, certificate: str = "", key: str = "") -> None:
    """Answer requests until told to stop."""
    from granian import Granian  # noqa: PLC0415 — only this child needs it
    from granian.constants import Interfaces  # noqa: PLC0415
    from granian.log import LogLevels  # noqa: PLC0415

    Granian(
        "voltrail_server.wsgi:application",
        address=host,
        port=int(port),
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=4,
        log_access=False,
        log_level=LogLevels.warning,
        ssl_cert=Path(certificate) if certificate else None,
        ssl_key=Path(key) if key else None,
        workers_kill_timeout=10,
    ).serve()


def sequencer(holder: str) -> None:
    """Publish checkpoints and look at the clock until told to stop."""
    from voltrail_server import wiring  # noqa: PLC0415 — after set-up
    from voltrail_server.notices import making, sending  # noqa: PLC0415
    from voltrail_server.operations.promises import Keeper  # noqa: PLC0415
    from voltrail_server.records.cosignatures import DjangoCosignatures  # noqa: PLC0415
    from voltrail_server.time_proofs import asking  # noqa: PLC0415
    from voltrail_server.witnesses.asking import Asking  # noqa: PLC0415

    stop = threading.Event()
    for one in (signal.SIGTERM, signal.SIGINT):
        signal.signal(one, lambda *_: stop.set())
    signs, tick = wiring.sequencer(holder), wiring.tick(holder).beside(making.turn)
    asks = Asking(wiring.desk(), DjangoCosignatures(), wiring.now)
    threads = [
        signs.start(POLL_S),
        _begun(lambda: tick.run(stop), "clock"),
        _begun(lambda: Keeper().run(stop), "promises"),
        _begun(lambda: sending.run(stop), "mail"),
        _begun(lambda: asks.run(stop, signs.signed), "witnesses"),
        _begun(lambda: asking.run(stop, holder), "time proofs"),
    ]
    while not stop.wait(POLL_S):
        if not all(thread.is_alive() for thread in threads):
            raise SystemExit(1)  # the supervisor starts all of them again
    signs.stop()
    for thread in threads:
        thread.join(10)


def worker(holder: str) -> None:
    """Do the work in the queue and what dead workers left, and tidy, until told to stop."""
    from voltrail_server.operations import queue  # noqa: PLC0415 — after set-up
    from voltrail_server.work.worker import work  # noqa: PLC0415

    _begun(_beat, "beat")
    queue.tidying().start()
    work(holder=holder[-64:])


def _begun(work: Callable[[], None], name: str) -> threading.Thread:
    thread = threading.Thread(target=work, name=name, daemon=True)
    thread.start()
    return thread


def _beat() -> None:
    from voltrail_server.operations.standing import run_folder  # noqa: PLC0415 — after set-up

    run_folder().mkdir(parents=True, exist_ok=True)
    while True:
        (run_folder() / "worker.beat").touch()
        time.sleep(BEAT_S)


def main(work: str, *words: str) -> None:
    """Do one child's work."""
    lifeline.watch()
    if work != "web":  # its own children load Django
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "voltrail_server.settings")
        import django  # noqa: PLC0415 — not for the web child

        django.setup()
    doing: dict[str, Callable[..., None]] = {"web": web, "sequencer": sequencer, "worker": worker}
    doing[work](*words)


if __name__ == "__main__":
    main(*sys.argv[1:])
