"""
Bring an installation back from a backup, and never fork its register.

    1  hold what stands here, so that nobody begins to serve it
    2  take the backup in: each file copied beside the installation and hashed on the way, the log's
       signature over their list; from here on only these copies are looked at
    3  compare with every proof at hand that the register was once longer or other; refuse, or
       append the missing entries from a source that holds them; ask the witnesses the same
    4  work on the copy: this version's tables, views; then re-read every entry of what will stand
    5  write a mark; set aside what stands there; put database, files and keys in place; remove the
       mark. While the mark stands nothing is served, and the same command goes on.
"""

import re
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from django.db import DatabaseError, connections

from voltrail.actions.refold import catch_up
from voltrail.errors import ProductError, RefusedError, RegisterCorruptError
from voltrail.ids.subject import PartyId
from voltrail.projections.fold import REVISION
from voltrail.register.folder import FolderBlobs, place
from voltrail.register.note import Verifier
from voltrail.trust import anchors as pins
from voltrail_server import wiring
from voltrail_server.operations import (
    backup,
    history,
    manifest,
    rereading,
    schema,
    snapshot,
    standing,
    taking,
    upgrading,
    upkeep,
    vault,
)
from voltrail_server.operations.history import Known
from voltrail_server.operations.manifest import DATABASE, Manifest
from voltrail_server.records.cosignatures import DjangoCosignatures
from voltrail_server.records.store import DjangoEntries
from voltrail_server.records.views import DjangoViews
from voltrail_server.witnesses import known

_SECRET = re.compile(r"secret_key|keys/[A-Za-z0-9_-]+\.pem")  # all that a vault may hold
STAGE = ".restoring"  # the copy that is worked on, in the data folder


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody asked for."""

    source: Path
    lock: vault.Lock
    trust: bytes  # pinned trust that somebody vouches for, see `trusting`
    known: Sequence[Path] = ()
    imports: Sequence[Path] = ()
    replace: bool = False


@dataclass(frozen=True, slots=True)
class Restored:
    """What stands now."""

    found: Manifest
    size: int
    imported: int
    aside: Path | None
    silent: tuple[str, ...] = ()  # witnesses that could not tell


def restore(wish: Wish, at: datetime) -> Restored:
    """Put a backup in place of nothing, or of what stands there where told to replace it."""
    path = manifest.newest(wish.source)
    found, begun = manifest.read(path), standing.begun()
    if begun:
        _need_the_same(begun, found)
    else:
        upkeep.need_nobody(at)
        _need_place(found, replace=wish.replace)
    stage = standing.home() / STAGE
    stamp = begun.stamp if begun else f"{at:%Y%m%dT%H%M%SZ}"
    with upkeep.held("restore") if not begun else nullcontext(), _emptied(stage):
        if not begun:
            _need_place(found, replace=wish.replace)
        taking.take_in(path, stage, found, wish.trust)
        if begun and begun.placing:
            standing.clear_half()
        schema.need_known(found.schema, "The backup")
        secrets = _secrets(stage, found, wish.lock)
        done = _prepare(path, stage, wish, found)
        under = begun or standing.mark(stamp, found.root, stood=standing.stood())
    aside = standing.make_room(under)  # the mark keeps servers away now, not the hold
    _put_in_place(stage, secrets)
    snapshot.sync(standing.home())
    (standing.home() / standing.RESTORING).unlink()
    snapshot.sync(standing.home())
    shutil.rmtree(stage, ignore_errors=True)
    return replace(done, aside=aside)


@contextmanager
def _emptied(stage: Path) -> Iterator[None]:
    """Leave no copy of keys and people behind where the block fails."""
    try:
        yield
    except BaseException:
        shutil.rmtree(stage, ignore_errors=True)
        raise


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


def _prepare(path: Path, stage: Path, wish: Wish, found: Manifest) -> Restored:
    """Make the database that will stand, in the stage."""
    anchors = (stage / "anchors.json").read_bytes()
    log, blobs = manifest.verifiers(anchors), FolderBlobs(stage / "blobs")
    with snapshot.opened(stage / DATABASE) as alias:
        if schema.pending(alias):
            schema.migrate(alias)
        store = DjangoEntries(alias)
        begun = store.size()
        holding = [history.read(one, log, begun) for one in wish.imports]
        followed = history.of_tail(path, log)
        holding += [followed] if followed else []
        sources = [*holding, *(history.read(one, log, begun) for one in wish.known)]
        sources += _proofs_here(log, told=bool(wish.known or wish.imports))
        imported = history.settle(store, sources, holding)
        silent = _witnessed(alias, blobs, anchors, found)
        for data in history.blobs_of(holding):
            blobs.put(data)
        _fold(alias, blobs, anchors, found)
        size = store.size()
    _need_sound(stage, log, found, size)
    return Restored(found, size, imported, None, silent)


def _witnessed(alias: str, blobs: FolderBlobs, anchors: bytes, found: Manifest) -> tuple[str, ...]:
    """Ask the witnesses that the backup names, and those that are named here."""
    pinned, _ = pins.parse(anchors)
    desk = wiring.folding_desk(alias, blobs, pinned, PartyId.read(found.operator))
    policies = (standing.home() / STAGE / known.FILE, standing.home() / known.FILE)
    return history.need_witnessed(desk, DjangoCosignatures(alias), policies)


def _fold(alias: str, blobs: FolderBlobs, anchors: bytes, found: Manifest) -> None:
    """Fold what the views do not know; all again where another version folded them."""
    views, size, operator = DjangoViews(alias), DjangoEntries(alias).size(), found.operator
    if views.revision() != REVISION or views.projected() > size:
        upgrading.fold_again(alias, blobs, anchors, PartyId.read(operator))
    elif views.projected() < size:
        pinned, _ = pins.parse(anchors)
        desk = wiring.folding_desk(alias, blobs, pinned, PartyId.read(operator))
        with desk.entries.transaction():
            catch_up(desk, views.projected(), wiring.now())


def _need_sound(stage: Path, log: Sequence[Verifier], found: Manifest, size: int) -> None:
    """Re-read what will stand, from its bytes; at the backup's size it has the backup's root."""
    report = rereading.reread(stage / DATABASE, log, (found.size, bytes.fromhex(found.root)))
    faults = [*report.faults, *(["Entries are missing."] if report.entries != size else [])]
    if faults:
        raise RegisterCorruptError(
            f"The register in the backup is not sound: {faults[0]}",
            hint="Nothing was put in place. Take an older backup.",
        )


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


def _secrets(stage: Path, found: Manifest, lock: vault.Lock) -> dict[str, bytes]:
    if found.keys == backup.PLAIN:
        names = [one.path for one in found.files if one.path.startswith("keys/")]
        return {name: (stage / name).read_bytes() for name in [*names, "secret_key"]}
    opened = vault.open_((stage / manifest.VAULT).read_bytes(), lock)
    strange = [name for name in opened if not _SECRET.fullmatch(name)]
    if strange:
        raise RefusedError(
            f"The backup's keys name a file that is none of ours: {strange[0]!r:.60}.",
            hint="Nothing was written. Somebody made this backup to write elsewhere; keep it.",
        )
    return opened


def _put_in_place(stage: Path, secrets: dict[str, bytes]) -> None:
    home = standing.home()
    standing.only_ours(home / "keys")
    for name, data in secrets.items():
        place(home / name, data)  # readable by this user only
    (stage / "blobs").rename(home / "blobs")
    _database(stage)
    for name in backup.OPEN:
        if name not in backup.MAY_LACK or (stage / name).exists():
            place(home / name, (stage / name).read_bytes())


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
