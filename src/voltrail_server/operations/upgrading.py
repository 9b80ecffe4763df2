"""
Bring a database to this version: a backup first, the tables, the views, and what they may say now.

Refuses while another process serves, and a database that a newer version has written.
"""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.db import connections, transaction

from voltrail.actions.refold import refold
from voltrail.errors import RefusedError
from voltrail.ids.subject import PartyId
from voltrail.projections.fold import REVISION
from voltrail.register.blobs import BlobStore
from voltrail.trust import anchors as pins
from voltrail_server import wiring
from voltrail_server.operations import backup, schema, snapshot, standing, upkeep
from voltrail_server.operations.backup import Made
from voltrail_server.people import unstated
from voltrail_server.records.views import DjangoViews

STAGE = ".upgrading"  # how the name of the copy ends that is worked on


@dataclass(frozen=True, slots=True)
class Upgraded:
    """What was done: migrations, entries folded again, functions stated, the backup before."""

    steps: tuple[schema.Step, ...]
    folded: int | None
    stated: int
    made: Made | None


def upgrade(folder: Path | None, at: datetime) -> Upgraded:
    """Bring the database to this version; a folder takes the backup that is made before."""
    standing.need_whole()
    schema.need_known(schema.applied(), "The database")
    steps = schema.pending()
    if not steps and not _is_behind():
        return Upgraded((), _views_up_to_date(), state_functions(), None)
    with upkeep.held("upgrade") as hold:
        made = None
        if folder is not None and steps and standing.identity() and standing.entries():
            made = backup.backup(wiring.desk(), folder, None, at)
        if steps:
            _migrate(hold)
        folded = _views_up_to_date()
    # Stating appends, so the hold is given back first; nobody serves while functions wait.
    return Upgraded(steps, folded, state_functions(), made)


def state_functions() -> int:
    """State what accounts held before functions were stated; where no register stands, later."""
    return unstated.state_all() if standing.installed() else 0


def need_current(using: str = "default") -> None:
    """Refuse to serve tables or views of another version, or functions that are not stated."""
    standing.need_whole()
    schema.need_known(schema.applied(using), "The database")
    if schema.pending(using) or _is_behind(using):
        raise RefusedError("The database is of an earlier version.", hint="Run: voltrail upgrade.")


def fold_again(using: str, blobs: BlobStore, anchors: bytes, operator: PartyId) -> int:
    """Fold every view of a database again, and remember by which revision."""
    pinned, _ = pins.parse(anchors)
    desk = wiring.folding_desk(using, blobs, pinned, operator)
    with desk.entries.transaction():
        count = refold(desk, wiring.now())
        DjangoViews(using).set_revision(REVISION)
    return count


def _migrate(hold: upkeep.Hold) -> None:
    """Bring the database to this version's tables; who dies on the way has changed nothing."""
    if connections["default"].vendor == "postgresql":
        schema.migrate_whole()
        return
    live = Path(connections["default"].settings_dict["NAME"])
    stage = live.with_name(f"{live.name}{STAGE}")
    for torn in live.parent.glob(f"{stage.name}*"):
        torn.unlink()
    if live.exists():
        snapshot.copy_pages(stage, "default")
    with snapshot.opened(stage, "upgrading") as alias:
        schema.migrate(alias)
    with hold.quiet():
        connections["default"].close()  # the last one out takes the journal along
        if live.with_name(f"{live.name}-wal").exists():
            raise RefusedError(
                "Another process has the database open.", hint="Stop it, then upgrade again."
            )
        snapshot.sync(stage)
        stage.replace(live)
        snapshot.sync(live.parent)


def _is_behind(using: str = "default") -> bool:
    """Whether rows stand that an upgrade which died had yet to fold or to state."""
    found = standing.tables(using)
    views = "records_viewstate" in found and DjangoViews(using).revision() != REVISION
    return views or ("people_unstated" in found and unstated.waits(using))


def _views_up_to_date() -> int | None:
    """Fold the views again where another revision made them; None where they are as they should."""
    views = DjangoViews()
    if views.revision() == REVISION:
        return None
    if not standing.entries():
        with transaction.atomic():
            views.set_revision(REVISION)
        return 0
    desk = wiring.desk()
    anchors = (standing.home() / "anchors.json").read_bytes()
    return fold_again("default", desk.blobs, anchors, desk.operator)
