"""
Copy a living installation so that it can be brought back: rows, original files, keys, promises.

    1  publish a checkpoint, so that the copy can be checked against a signature
    2  take the tables as they stand at one moment
    3  copy the original files: they are written before the entries that name them, and never change
    4  close the keys; write list and signature; make everything durable
    5  rename: only now is it a backup
    6  put the act on record, outside the copy; `tail` then adds that entry beside it

A process that dies on the way leaves a folder whose name begins with a dot; the next run removes
it.
"""

import fcntl
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings

import voltrail
from voltrail import canonical
from voltrail.actions import prove
from voltrail.actions.desk import Desk
from voltrail.errors import MalformedError, RefusedError
from voltrail.register.blobs import BlobStore
from voltrail.register.fsck import Report, fsck
from voltrail_server.operations import (
    manifest,
    rereading,
    schema,
    snapshot,
    standing,
    vault,
)
from voltrail_server.operations.manifest import DATABASE, File, Manifest
from voltrail_server.records.store import DjangoEntries
from voltrail_server.records.views import DjangoViews

# Settings that a restore needs and that are no secret; the database's address holds a password.
TOLD = ("VOLTRAIL_ORIGIN", "VOLTRAIL_ALLOWED_HOSTS", "VOLTRAIL_TRUSTED_ORIGINS", "VOLTRAIL_TLS")
PLAIN = "plain"
# Files of the data folder that are no secret, in the order in which a restore puts them there: with
# the last one the installation is whole.
OPEN = ("witnesses.policy", "timestamp-services.toml", "anchors.json", "identity.json")
MAY_LACK = frozenset({"witnesses.policy", "timestamp-services.toml"})


@dataclass(frozen=True, slots=True)
class Made:
    """A whole backup and what it holds."""

    path: Path
    found: Manifest


def backup(desk: Desk, folder: Path, lock: vault.Lock | None, at: datetime) -> Made:
    """Write a backup into a folder of backups; without a lock the keys are left plain."""
    standing.only_ours(folder)
    with _alone(folder):
        for torn in folder.glob(f"{manifest.PART}*"):
            shutil.rmtree(torn)
        before = manifest.backups(folder)
        part = folder / f"{manifest.PART}{at:%Y%m%dT%H%M%SZ}-{os.getpid()}"
        part.mkdir(mode=0o700)
        try:
            found = _fill(desk, part, before[-1] if before else None, lock, at)
            return Made(_publish(part, folder, found.size, at), found)
        except BaseException:
            shutil.rmtree(part, ignore_errors=True)
            raise


def check(path: Path, trust: bytes | None = None) -> tuple[Manifest, tuple[str, ...]]:
    """Return a backup's manifest and everything that is wrong with it, re-read from the bytes."""
    found = manifest.read(path)
    wrong = list(manifest.faults(path, found, trust))
    if not any(DATABASE in fault for fault in wrong):
        wrong += _register_faults(path, found, trust)
    return found, tuple(wrong)


def reread(alias: str, anchors: bytes) -> Report:
    """Re-check the register in a database from its bytes."""
    return fsck(DjangoEntries(alias), manifest.verifiers(anchors))


def _fill(
    desk: Desk, part: Path, before: Path | None, lock: vault.Lock | None, at: datetime
) -> Manifest:
    prove.own_checkpoint(desk)
    steps = schema.applied()
    snapshot.take(part / DATABASE)
    snapshot.sync(part / DATABASE)
    damaged = _copy_blobs(desk.blobs, part, before)
    here = [name for name in OPEN if name not in MAY_LACK or (standing.home() / name).exists()]
    _write_all(part, {name: (standing.home() / name).read_bytes() for name in here})
    _write_all(part, {"settings.json": canonical.canonical_bytes(_settings())})
    _write_all(part, _closed(_secrets(), lock), mode=0o600)
    found = _described(desk, part, steps, damaged, at, keys="closed" if lock else PLAIN)
    manifest.write(found, part, desk.log)
    for path in (part / manifest.MANIFEST, part / manifest.NOTE):
        snapshot.sync(path)
    return found


def _described(
    desk: Desk,
    part: Path,
    steps: tuple[schema.Step, ...],
    damaged: tuple[str, ...],
    at: datetime,
    *,
    keys: str,
) -> Manifest:
    with snapshot.reading(part / DATABASE) as alias:
        entries = DjangoEntries(alias)
        size, root, notes = entries.size(), entries.frontier().root(), entries.checkpoints()
        views = DjangoViews(alias).revision()
    _write_all(part, {manifest.CHECKPOINT: notes[0][1] if notes else b""})
    return Manifest(
        v=1,
        product=voltrail.__version__,
        made_at=f"{at:%Y-%m-%dT%H:%M:%SZ}",
        operator=str(desk.operator),
        origin=desk.log.origin,
        size=size,
        root=root.hex(),
        covered=notes[0][0] if notes else 0,
        keys=keys,
        schema=steps,
        views=views,
        files=tuple(_listed(part)),
        damaged=damaged,
    )


def _listed(part: Path) -> Iterator[File]:
    """Yield each file so far; an original file's name is its digest, compared when it was put."""
    for path in sorted(one for one in part.rglob("*") if one.is_file()):
        name = path.relative_to(part).as_posix()
        if name.startswith("blobs/"):
            yield File(name, path.stat().st_size, path.name)
        else:
            yield File(name, *manifest.digest_of(path))


def _copy_blobs(blobs: BlobStore, part: Path, before: Path | None) -> tuple[str, ...]:
    """Copy every original file, or link it to the backup before; return those that are damaged."""
    damaged = []
    for path in sorted((standing.home() / "blobs").glob("[0-9a-f][0-9a-f]/*")):
        if path.name.startswith("."):
            continue
        target = part / "blobs" / path.parent.name / path.name
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        kept = before / "blobs" / path.parent.name / path.name if before else None
        if kept and _linked(kept, target):
            continue
        data = blobs.get(path.name) or b""
        if canonical.digest(data) == path.name:
            _write(target, data)
        else:
            damaged.append(path.name)
    for folder in part.glob("blobs/*"):
        snapshot.sync(folder)
    return tuple(damaged)


def _linked(kept: Path, target: Path) -> bool:
    """Link to the same file of the backup before, re-read; False where that cannot be."""
    try:
        if kept.is_symlink() or manifest.digest_of(kept)[1] != target.name:
            return False
        target.hardlink_to(kept)
    except OSError:
        return False  # not there, another disk, or a file system without links
    return True


def _secrets() -> dict[str, bytes]:
    home = standing.home()
    found = {f"keys/{path.name}": path.read_bytes() for path in sorted((home / "keys").iterdir())}
    return {**found, "secret_key": settings.SECRET_KEY.encode()}


def _closed(files: Mapping[str, bytes], lock: vault.Lock | None) -> dict[str, bytes]:
    return {manifest.VAULT: vault.close(files, lock)} if lock else dict(files)


def _settings() -> dict[str, canonical.Json]:
    return {name: os.environ[name] for name in TOLD if os.environ.get(name)}


def _write_all(part: Path, files: Mapping[str, bytes], mode: int = 0o644) -> None:
    for name, data in files.items():
        (part / name).parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        _write(part / name, data, mode)


def _write(path: Path, data: bytes, mode: int = 0o644) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(handle, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(handle)


def _publish(part: Path, folder: Path, size: int, at: datetime) -> Path:
    for place in (part, part / "blobs", part / "keys"):
        with suppress(FileNotFoundError):
            snapshot.sync(place)
    path = folder / f"{at:%Y%m%dT%H%M%SZ}-{size}"
    number = 1
    while path.exists():
        number += 1
        path = folder / f"{at:%Y%m%dT%H%M%SZ}-{size}-{number}"
    part.rename(path)
    snapshot.sync(folder)
    return path


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    handle = os.open(folder / ".lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise RefusedError(
                f"Another backup into {folder} is under way.", hint="Wait until it has ended."
            ) from error
        yield
    finally:
        os.close(handle)


def _register_faults(path: Path, found: Manifest, trust: bytes | None) -> Iterator[str]:
    try:
        log = manifest.verifiers(trust or (path / "anchors.json").read_bytes())
    except MalformedError:
        return  # the manifest's signature was told of for the same reason
    report = rereading.reread(path / DATABASE, log, (found.size, bytes.fromhex(found.root)))
    yield from report.faults
    if report.entries != found.size:
        yield f"The manifest says {found.size} entries; {report.entries} are here."
