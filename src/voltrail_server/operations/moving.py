"""
Carry an installation's tables to another database, SQLite to PostgreSQL or back, and prove it.

Entries and checkpoints go as they are, people and drafts beside them; views are folded again over
there. The move counts only where root and view bytes come out the same. Original files and keys
stay in the data folder, which both share; the old database is then marked, so that it never serves
again beside the new one.
"""

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import connections

from voltrail.errors import RefusedError, RegisterCorruptError
from voltrail_server import wiring
from voltrail_server.database import from_url
from voltrail_server.operations import backup, schema, snapshot, standing, upgrading, upkeep
from voltrail_server.records.store import DjangoEntries
from voltrail_server.records.views import DjangoViews

STAGE = ".moving"
TARGET = "moved_to"  # the alias of the database over there


@dataclass(frozen=True, slots=True)
class Moved:
    """What stands over there."""

    to: str
    size: int
    root: bytes
    views_differed: bool


def move(url: str) -> Moved:
    """Copy everything to the empty database of a URL, check it there, and mark this one as left."""
    upgrading.need_current()
    settings = from_url(url)
    with upkeep.held("move") as hold:
        stage = standing.home() / STAGE
        shutil.rmtree(stage, ignore_errors=True)
        standing.only_ours(stage)
        snapshot.take(stage / "voltrail.sqlite3")
        with snapshot.known(TARGET, settings) as target:
            _need_another(target)
            try:
                _carry(stage / "voltrail.sqlite3", settings)
                found = _proven(target)
                _leave(found, hold)
            except BaseException:
                _take_back(settings)
                raise
        shutil.rmtree(stage, ignore_errors=True)
        return found


def _leave(found: Moved, hold: upkeep.Hold) -> None:
    """Mark this database as left, unless the hold was lost or somebody appended after all."""
    entries = DjangoEntries()
    with entries.transaction():
        hold.take()
        if (entries.size(), entries.frontier().root()) != (found.size, found.root):
            raise RefusedError(
                "Somebody appended to the register while it was moved.",
                hint="This database is as it was. Stop whoever it is, then move again.",
            )
        standing.write(standing.MOVED, {"from": standing.database(), "to": found.to})
        hold.gone_to = found.to


def _need_another(target: str) -> None:
    if standing.database(target) == standing.database():
        raise RefusedError("The register is in that database already.", hint="Name another.")
    if standing.entries(target) or standing.accounts(target):
        raise RefusedError(
            "The database over there is not empty.", hint="Make a new one; nothing is replaced."
        )


def _carry(staged: Path, settings: dict[str, Any]) -> None:
    if settings["ENGINE"].endswith("sqlite3"):
        connections[TARGET].close()
        snapshot.sync(staged)
        shutil.move(staged, settings["NAME"])
        snapshot.sync(Path(settings["NAME"]).parent)
        return
    schema.migrate_whole(TARGET)
    with snapshot.opened(staged) as alias:
        snapshot.load(alias, TARGET)


def _proven(target: str) -> Moved:
    """Re-read the register over there, fold its views again, and compare both with ours."""
    ours, theirs = DjangoEntries(), DjangoEntries(target)
    anchors = (standing.home() / "anchors.json").read_bytes()
    report = backup.reread(target, anchors)
    if report.faults or report.root != ours.frontier().root() or theirs.size() != ours.size():
        raise RegisterCorruptError(
            f"The copy is not the register: {[*report.faults, 'another root'][0]}",
            hint="This database is as it was. Run voltrail check-register, then move again.",
        )
    desk = wiring.desk()
    before = DjangoViews().digest()
    upgrading.fold_again(target, desk.blobs, anchors, desk.operator)
    differed = DjangoViews(target).digest() != before
    return Moved(standing.database(target), report.entries, report.root, differed)


def _take_back(settings: dict[str, Any]) -> None:
    """Leave no half copy that could be taken for a register."""
    if settings["ENGINE"].endswith("sqlite3"):
        connections[TARGET].close()
        for path in Path(settings["NAME"]).parent.glob(f"{Path(settings['NAME']).name}*"):
            path.unlink()
