"""
Re-read a register in a file from its bytes, with as many cores as there are.

Each core looks at a run of entries in a process of its own; tree, frontier and checkpoints are
compared here. Where no process can be started, or one dies, all is looked at here.
"""

import os
import subprocess
import sys
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from msgspec import MsgspecError, msgpack

from voltrail.register.fsck import Report, Run, fsck
from voltrail.register.note import Verifier
from voltrail_server.operations import snapshot
from voltrail_server.records.store import DjangoEntries

MANY = 20_000  # [entries] from here on a further process costs less than it saves
_MOST = 16  # [processes]


def reread(path: Path, log: Iterable[Verifier], promise: tuple[int, bytes]) -> Report:
    """Return everything that disagrees in the register of a SQLite file, and with a promise."""
    with snapshot.reading(path) as alias:
        store = DjangoEntries(alias)
        runs = _apart(path, store.size())
        return fsck(store, list(log), promises=[promise], runs=runs)


def _apart(path: Path, size: int) -> list[Run] | None:
    """Return the runs as processes looked at them; None where one process is better."""
    count = min(os.cpu_count() or 1, _MOST, size // (MANY // 2))
    if count < 2:  # noqa: PLR2004 — one is this process
        return None
    bounds = [size * at // count for at in range(count + 1)]
    try:
        with ThreadPoolExecutor(count) as pool:
            return list(pool.map(lambda at: _run(path, *bounds[at : at + 2]), range(count)))
    except (OSError, subprocess.SubprocessError, MsgspecError):
        return None


def _run(path: Path, start: int, stop: int) -> Run:
    command = [sys.executable, "-m", "voltrail_server.operations.leaves", str(path)]
    done = subprocess.run(  # noqa: S603 — our own words
        [*command, str(start), str(stop)], stdout=subprocess.PIPE, check=True
    )
    return msgpack.decode(done.stdout, type=Run)
