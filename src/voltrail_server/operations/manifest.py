"""
What a backup holds, file by file, and the log's signature over that list.

    voltrail.sqlite3      every table, see `snapshot`
    blobs/ab/<digest>     original files; hard links to the backup before where they stand there
    identity.json         operator and origin
    anchors.json          pinned trust
    witnesses.policy      who witnesses the register, where somebody does
    timestamp-services.toml  who stamps its checkpoints, where somebody does
    settings.json         settings that a restore needs, none of them secret
    keys.vault            operator's key, log key, secret key; `keys/` where they are left plain
    checkpoint            the newest signed promise about the register
    manifest.json         size and SHA-256 of each of these
    manifest.note         the log's signature over the manifest
    tail.json             entries that followed, the backup's own act the last; see `tail`

A folder without a manifest is no backup. Its name ends in the register's size.
"""

import hashlib
import json
import os
import re
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import chain
from pathlib import Path
from typing import BinaryIO

from msgspec import DecodeError, Struct, field
from msgspec import json as packed

from voltrail.errors import MalformedError, ProductError, RefusedError, UnknownSubjectError
from voltrail.register.log import LogKey
from voltrail.register.note import Verifier, open_note, parse_vkey, sign
from voltrail.trust import anchors as pins

DATABASE, VAULT, CHECKPOINT = "voltrail.sqlite3", "keys.vault", "checkpoint"
MANIFEST, NOTE, TAIL = "manifest.json", "manifest.note", "tail.json"
_AT_ONCE, _PART = 8, 1 << 20  # [files] read together, [bytes] of each at a time
PART = ".part-"  # how the name of an unfinished backup begins
_HEAD = "voltrail backup v1"  # the first line of the note: no origin is called so
_NAME = re.compile(r"[0-9]{8}T[0-9]{6}Z-[0-9]+(-[0-9]+)?")
_PATH = re.compile(r"(?:[A-Za-z0-9_-][A-Za-z0-9_.-]*/)*[A-Za-z0-9_-][A-Za-z0-9_.-]*")


class File(Struct, frozen=True):
    """One file of a backup."""

    path: str
    size: int
    sha256: str


class Manifest(Struct, frozen=True):
    """The whole list, and the register as it stood."""

    v: int
    product: str
    made_at: str
    operator: str
    origin: str
    size: int
    root: str
    covered: int
    keys: str
    schema: tuple[tuple[str, str], ...]
    views: int
    files: tuple[File, ...]
    damaged: tuple[str, ...] = field(default=())

    @property
    def bytes(self) -> int:
        """How much all files hold together."""
        return sum(one.size for one in self.files)


def write(found: Manifest, folder: Path, key: LogKey) -> None:
    """Write the manifest and the signature over it."""
    data = json.dumps(json.loads(packed.encode(found)), indent=1).encode()
    (folder / MANIFEST).write_bytes(data)
    text = f"{_HEAD}\n{found.origin}\n{hashlib.sha256(data).hexdigest()}\n"
    (folder / NOTE).write_bytes(sign(text, key.origin, key.signer.sign, key.raw))


def read(folder: Path) -> Manifest:
    """Return the manifest of a backup."""
    try:
        found = packed.decode((folder / MANIFEST).read_bytes(), type=Manifest)
    except FileNotFoundError as error:
        raise UnknownSubjectError(
            f"{folder} holds no whole backup.", hint="Name a folder made by voltrail backup."
        ) from error
    except DecodeError as error:
        raise _broken(folder) from error
    if found.v != 1:
        raise MalformedError("The backup is of no known version.", hint="Install a newer Voltrail.")
    if not all(_PATH.fullmatch(one.path) for one in found.files):
        raise _broken(folder)
    return found


def newest(folder: Path) -> Path:
    """Return a backup: the folder itself, or the newest whole one inside it."""
    if (folder / MANIFEST).exists():
        return folder
    found = backups(folder)
    if not found:
        raise UnknownSubjectError(
            f"{folder} holds no whole backup.", hint="Name a folder made by voltrail backup."
        )
    return found[-1]


def backups(folder: Path) -> list[Path]:
    """Return the whole backups in a folder, oldest first."""
    if not folder.is_dir():
        return []
    found = (one for one in folder.iterdir() if _NAME.fullmatch(one.name))
    return sorted(one for one in found if (one / MANIFEST).exists())


def faults(
    folder: Path, found: Manifest, trust: bytes | None = None, into: Path | None = None
) -> Iterator[str]:
    """
    Yield everything that disagrees between a backup's manifest and its files, re-read.

    Where a folder is named, it holds list and signature already, and each file is copied into it
    while it is read: what was checked is what was copied. Several files at once, since a disk makes
    many durable as fast as one.
    """
    signature = list(_signature_faults(into or folder, trust))
    yield from signature
    if signature and into is not None:
        return  # nothing of it is taken in
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        yield from chain.from_iterable(
            pool.map(lambda one: _file_faults(folder, one, into), found.files)
        )
    listed = {one.path for one in found.files} | {MANIFEST, NOTE, TAIL}
    for name in sorted(set(_present(folder)) - listed):
        yield f"{name} is in the folder and not in the manifest."
    for digest in found.damaged:
        yield f"The original file {digest} was damaged already when the backup was made."


def digest_of(path: Path) -> tuple[int, str]:
    """Return the size and the SHA-256 of a file."""
    with path.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
        return file.tell(), found


def verifiers(anchors: bytes) -> list[Verifier]:
    """Return the log keys that a file of pinned trust names."""
    return [parse_vkey(one) for one in pins.parse(anchors)[1]]


def _signature_faults(folder: Path, trust: bytes | None) -> Iterator[str]:
    try:
        known = verifiers(trust or (folder / "anchors.json").read_bytes())
        text, _ = open_note((folder / NOTE).read_bytes(), known)
    except (ProductError, OSError) as error:
        yield f"The manifest's signature cannot be verified: {error}"
        return
    lines = text.splitlines()
    if lines[0] != _HEAD or lines[2:] != [digest_of(folder / MANIFEST)[1]]:
        yield "The manifest is not the one that was signed."


def _file_faults(folder: Path, wanted: File, into: Path | None) -> Iterable[str]:
    path = folder / wanted.path
    try:
        if path.is_symlink():
            return [f"{wanted.path} is a link to another place."]
        found = digest_of(path) if into is None else _copied(path, into / wanted.path)
    except OSError:
        return [f"{wanted.path} is missing or cannot be read."]
    if found != (wanted.size, wanted.sha256):
        return [f"{wanted.path} was changed after the backup was made."]
    return []


def _copied(source: Path, target: Path) -> tuple[int, str]:
    """Copy a file, durably, and return size and SHA-256 of the bytes that were copied."""
    digest, size = hashlib.sha256(), 0
    handle = os.open(source, os.O_RDONLY | os.O_NOFOLLOW)
    with os.fdopen(handle, "rb") as reading, _made(target) as writing:
        while part := reading.read(_PART):
            digest.update(part)
            size += len(part)
            _put(writing, part)
        _put(writing, b"", durable=target.name != DATABASE)  # the tables are worked on first
    return size, digest.hexdigest()


def _made(target: Path) -> BinaryIO:
    try:
        return target.open("xb", buffering=0)
    except OSError as error:
        raise _no_room(target, error) from error


def _put(file: BinaryIO, part: bytes, *, durable: bool = False) -> None:
    try:
        rest = memoryview(part)
        while rest:
            rest = rest[file.write(rest) :]
        if durable:
            os.fsync(file.fileno())
    except OSError as error:
        raise _no_room(Path(file.name), error) from error


def _no_room(target: Path, error: OSError) -> RefusedError:
    return RefusedError(
        f"{target} cannot be written: {error.strerror}.",
        hint="Look at the disk of the data folder: its room, and who may write.",
    )


def _present(folder: Path) -> Iterator[str]:
    for place, _, names in os.walk(folder):
        for name in names:
            yield (Path(place) / name).relative_to(folder).as_posix()


def _broken(folder: Path) -> MalformedError:
    return MalformedError(f"The manifest in {folder} cannot be read.", hint="Take another backup.")
