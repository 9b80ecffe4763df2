"""How the server is, one word for each part; asks cheap questions only and tells no secret."""

import shutil
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import DatabaseError

from voltrail.errors import ProductError
from voltrail_server import own_keys, wiring
from voltrail_server.operations import queue, schema, standing, supervisor
from voltrail_server.records.lease import DjangoCursor

LATE_S = 30.0  # [s] an entry may wait for its checkpoint
TICK_LATE = timedelta(minutes=5)  # the clock is looked at every half minute
BEAT_LATE_S = 30.0  # [s] between two beats of the worker there are five
WORK_LATE = timedelta(minutes=10)  # how long a task may wait
FULL, LOW = 100 * 2**20, 2 * 2**30  # [bytes] free on the data folder's disk
Part = dict[str, Any]
_schema_seen: list[bool] = []


def look(at: datetime) -> tuple[bool, dict[str, Part]]:
    """Return whether all is well enough to be used, and each part with its word."""
    parts: dict[str, Callable[[], Part]] = {
        "database": _database,
        "schema": _schema,
        "register": _register,
        "checkpoint": lambda: _checkpoint(at),
        "clock": lambda: _clock(at),
        "worker": lambda: _worker(at),
        "disk": _disk,
        "processes": _processes,
        "keys": _keys,
    }
    found = {name: _tried(part) for name, part in parts.items()}
    return all(one["ok"] for one in found.values()), found


def _tried(part: Callable[[], Part]) -> Part:
    """Return what a part says; one that cannot be asked is not well, and says no more than that."""
    try:
        return part()
    except (DatabaseError, ProductError, OSError) as error:
        return {"ok": False, "word": "cannot be read", "fault": type(error).__name__}


def _database() -> Part:
    return {"ok": standing.entries() >= 0, "word": "reachable"}


def _schema() -> Part:
    """Compare migrations once in a process: tables do not change under one that serves."""
    if not _schema_seen:
        if schema.pending() or schema.unknown(schema.applied()):
            return {"ok": False, "word": "of another version"}
        _schema_seen.append(True)
    return {"ok": True, "word": "current"}


def _register() -> Part:
    desk = wiring.desk()
    size = desk.entries.size()
    if size:
        (newest,) = desk.entries.at([size - 1])
        if desk.entries.node(0, size - 1) != newest.leaf_hash:
            return {"ok": False, "word": "disagrees with itself", "entries": size}
    return {"ok": True, "word": "readable", "entries": size}


def _checkpoint(at: datetime) -> Part:
    entries = wiring.desk().entries
    newest = entries.checkpoints()
    covered = newest[0][0] if newest else 0
    uncovered = max(0, entries.size() - covered)
    waiting = 0.0
    if uncovered:
        (oldest,) = entries.at([covered])
        waiting = max(0.0, (at - oldest.parsed.log_time).total_seconds())
    late = waiting > LATE_S
    kept = standing.home() / standing.SEEN
    age = round(time.time() - kept.stat().st_mtime, 1) if kept.exists() else None
    word = "late" if late else "covers everything" if not uncovered else "follows"
    return {"ok": not late, "word": word, "covered": covered, "uncovered": uncovered, "age_s": age}


def _clock(at: datetime) -> Part:
    """Say when the clock was last looked at; where nobody supervises, nobody promised a look."""
    looked, _ = DjangoCursor().read()
    never = looked.year == 1970  # noqa: PLR2004 — the cursor begins at the beginning of time
    late = not never and at - looked > TICK_LATE
    word = "not looked at yet" if never else "late" if late else "looked at"
    stamp = None if never else f"{looked.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
    return {"ok": not (late and _supervised()), "word": word, "last": stamp}


def _worker(at: datetime) -> Part:
    oldest = queue.oldest_waiting()
    beat = standing.run_folder() / "worker.beat"
    age = round(time.time() - beat.stat().st_mtime, 1) if beat.exists() else None
    behind = oldest is not None and at - oldest > WORK_LATE
    silent = age is None or age > BEAT_LATE_S
    word = "silent" if silent else "behind" if behind else "at work"
    return {"ok": not (behind or (silent and _supervised())), "word": word, "beat_s": age}


def _disk() -> Part:
    free = shutil.disk_usage(standing.home()).free
    word = "full" if free < FULL else "low" if free < LOW else "enough"
    return {"ok": free >= FULL, "word": word, "free_bytes": free}


def _processes() -> Part:
    found = supervisor.told(standing.run_folder())
    states = {name: one["state"] for name, one in found.items()}
    well = all(state == "running" for state in states.values())
    return {"ok": True, "word": "all running" if well else "some start again", **states}


def _keys() -> Part:
    """Say whether the operator's key signs, and whether the key files are encrypted."""
    signer = wiring.desk().signer
    if isinstance(signer, own_keys.FarSigner) and not signer.is_at_hand():
        return {"ok": False, "word": "out of reach", "advice": own_keys.OUT_OF_REACH}
    if not own_keys.unprotected(standing.home() / "keys"):
        return {"ok": True, "word": "encrypted"}
    return {"ok": True, "word": "not encrypted", "advice": own_keys.UNPROTECTED}


def _supervised() -> bool:
    return bool(supervisor.told(standing.run_folder()))
