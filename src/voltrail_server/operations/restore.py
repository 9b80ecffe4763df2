"""
Bring an installation back from a backup, and never fork its register.

    1  re-read the backup: every hash, the log's signature, every entry
    2  compare it with every proof at hand that the register was once longer or other; refuse, or
       append the missing entries from a source that holds them
    3  hold what stands here, so that nobody begins to serve it; work on a copy beside it: this
       version's tables, fsck, views
    4  write a mark; set aside what stands there; put database, files and keys in place; remove the
       mark. While the mark stands nothing is served, and the same command goes on.
"""

import re
import shutil
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.db import DatabaseError, connections

from voltrail.errors import ProductError, RefusedError, RegisterCorruptError
from voltrail.ids.subject import PartyId
from voltrail.projections.fold import REVISION
from voltrail.register.folder import FolderBlobs, place
from voltrail.register.note import Verifier
from voltrail_server.operations import (
    backup,
    history,
    manifest,
    schema,
    snapshot,
    standing,
    upgrading,
    upkeep,
    vault,
)
from voltrail_server.operations.history import Known
from voltrail_server.operations.manifest import DATABASE, Manifest
from voltrail_server.records.store import DjangoEntries
from voltrail_server.records.views import DjangoViews

_SECRET = re.compile(r"secret_key|keys/[A-Za-z0-9_-]+\.pem")  # all that a vault may hold
STAGE = ".restoring"  # the copy that is worked on, in the data folder


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody asked for."""

    source: Path
    lock: vault.Lock
    known: Sequence[Path] = ()
    imports: Sequence[Path] = ()
    replace: bool = False
    trust: bytes | None = None


@dataclass(frozen=True, slots=True)
class Restored:
    """What stands now."""

    found: Manifest
    size: int
    imported: int
    aside: Path | None


def restore(wish: Wish, at: datetime) -> Restored:
    """Put a backup in place of nothing, or of what stands there where told to replace it."""
    path = manifest.newest(wish.source)
    begun = standing.begun()
    if not begun:
        upkeep.need_nobody(at)
    found = backup.need_sound(path, wish.trust)
    if begun:
        _need_the_same(begun, found)
    if begun and begun.placing:
        standing.clear_half()
    schema.need_known(found.schema, "The backup")
    stamp = begun.stamp if begun else f"{at:%Y%m%dT%H%M%SZ}"
    with upkeep.held("restore") if not begun else nullcontext():
        if not begun:
            _need_place(found, replace=wish.replace)
        secrets = _secrets(path, found, wish.lock)
        stage = standing.home() / STAGE
        shutil.rmtree(stage, ignore_errors=True)
        standing.only_ours(stage)
        imported, size, sources = _prepare(path, stage, wish, found.operator)
        under = begun or standing.mark(stamp, found.root, stood=standing.stood())
    aside = standing.make_room(under)  # the mark keeps servers away now, not the hold
    _put_in_place(path, stage, found, secrets, sources)
    snapshot.sync(standing.home())
    (standing.home() / standing.RESTORING).unlink()
    snapshot.sync(standing.home())
    shutil.rmtree(stage, ignore_errors=True)
    return Restored(found, size, imported, aside)


def _need_the_same(begun: standing.Begun, found: Manifest) -> None:
    """Refuse another backup than the one whose restore died here: proofs were weighed for that."""
    if begun.root != found.root:
        raise RefusedError(
            "Another backup was being restored here.", hint="Finish that restore first."
        )


def _need_place(found: Manifest, *, replace: bool) -> None:
    if not replace and standing.stands():
        raise RefusedError(
            "An installation stands in this data folder or its database.",
            hint="Restore into an empty one, or say --replace: the old one is then kept aside.",
        )
    identity = standing.identity()
    if identity and (identity.operator, identity.origin) != (found.operator, found.origin):
        raise RefusedError(
            f"{identity.origin} of {identity.operator} stands here, not {found.origin}.",
            hint="Set VOLTRAIL_DATA to another folder.",
        )


def _prepare(path: Path, stage: Path, wish: Wish, operator: str) -> tuple[int, int, list[Known]]:
    """Make the database that will stand, in the stage; return imported, size and sources."""
    anchors = (path / "anchors.json").read_bytes()
    log = manifest.verifiers(anchors)
    shutil.copyfile(path / DATABASE, stage / DATABASE)
    with snapshot.opened(stage / DATABASE) as alias:
        stepped = schema.pending(alias)
        if stepped:
            schema.migrate(alias)
        store = DjangoEntries(alias)
        begun = store.size()
        holding = [history.read(one, log, begun) for one in wish.imports]
        followed = history.of_tail(path, log)
        holding += [followed] if followed else []
        sources = [*holding, *(history.read(one, log, begun) for one in wish.known)]
        sources += _proofs_here(log, told=bool(wish.known or wish.imports))
        longer = history.need_same(store, sources)
        imported = history.complete(store, longer, holding) if longer else 0
        blobs = FolderBlobs(path / "blobs") if not holding else _gathered(path, stage, holding)
        views = DjangoViews(alias)
        if imported or views.revision() != REVISION or views.projected() != store.size():
            upgrading.fold_again(alias, blobs, anchors, PartyId.read(operator))
        if imported or stepped:
            _need_sound(alias, anchors)
        return imported, store.size(), holding


def _need_sound(alias: str, anchors: bytes) -> None:
    """Re-read a register that is no longer, byte for byte, the one that was re-read before."""
    report = backup.reread(alias, anchors)
    if report.faults:
        raise RegisterCorruptError(
            f"The restored register is not sound: {report.faults[0]}",
            hint="Nothing was put in place. Take an older backup.",
        )


def _gathered(path: Path, stage: Path, sources: Sequence[Known]) -> FolderBlobs:
    """Return the original files of the backup and of what is imported, in one place."""
    if (path / "blobs").exists():
        shutil.copytree(path / "blobs", stage / "blobs", dirs_exist_ok=True)
    blobs = FolderBlobs(stage / "blobs")
    for data in history.blobs_of(sources):
        blobs.put(data)
    return blobs


def _proofs_here(log: Sequence[Verifier], *, told: bool) -> list[Known]:
    """Return what the data folder proves: its database, and the promise it keeps beside it."""
    found = []
    seen = standing.home() / standing.SEEN
    if seen.exists():
        found.append(history.read(seen, log, 0))
    try:
        if standing.entries():
            found.append(history.of_store("The register that stands here", DjangoEntries(), log))
    except (DatabaseError, ProductError) as error:
        if not told:
            raise RefusedError(
                "The register that stands here cannot be read, so nothing says how long it was.",
                hint="Name the newest checkpoint or pack that somebody holds: --known FILE.",
            ) from error
    return found


def _secrets(path: Path, found: Manifest, lock: vault.Lock) -> dict[str, bytes]:
    if found.keys == backup.PLAIN:
        names = [one.path for one in found.files if one.path.startswith("keys/")]
        return {name: (path / name).read_bytes() for name in [*names, "secret_key"]}
    opened = vault.open_((path / manifest.VAULT).read_bytes(), lock)
    strange = [name for name in opened if not _SECRET.fullmatch(name)]
    if strange:
        raise RefusedError(
            f"The backup's keys name a file that is none of ours: {strange[0]!r:.60}.",
            hint="Nothing was written. Somebody made this backup to write elsewhere; keep it.",
        )
    return opened


def _put_in_place(
    path: Path,
    stage: Path,
    found: Manifest,
    secrets: dict[str, bytes],
    sources: Sequence[Known],
) -> None:
    home = standing.home()
    standing.only_ours(home / "keys")
    for name, data in secrets.items():
        place(home / name, data)  # readable by this user only
    blobs = FolderBlobs(home / "blobs")
    for one in found.files:
        if one.path.startswith("blobs/"):
            snapshot.copy_file(path / one.path, home / one.path)
    for folder in (home / "blobs", *(home / "blobs").iterdir()):
        snapshot.sync(folder)
    for data in history.blobs_of(sources):
        blobs.put(data)
    _database(stage)
    for name in ("anchors.json", "identity.json"):
        place(home / name, (path / name).read_bytes())


def _database(stage: Path) -> None:
    """Put the staged tables where the installation keeps its own."""
    if connections["default"].vendor == "sqlite":
        connections["default"].close()
        target = Path(connections["default"].settings_dict["NAME"])
        snapshot.sync(stage / DATABASE)
        if target.parent.stat().st_dev == stage.stat().st_dev:
            (stage / DATABASE).replace(target)
        else:
            place(target, (stage / DATABASE).read_bytes())
        snapshot.sync(target.parent)
        return
    schema.migrate_whole()
    with snapshot.opened(stage / DATABASE) as alias:
        snapshot.load(alias, "default")
