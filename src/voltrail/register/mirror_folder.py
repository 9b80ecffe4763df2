"""
A copy of a partner's register in a plain folder, which any web server can show as a tile log.

    mirror.json       whose it is: the pinned keys, and where it is read from
    witnesses.policy  which witnesses must cosign, where somebody said so
    checkpoint        how far the copy reaches; written last
    tile/             full tiles and bundles, and the parts that the checkpoint needs
    blobs/            envelopes by digest
    alarms/           pairs of notes that do not fit
    looked            when the partner was last read without an alarm

Does not know what any of them prove.
"""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from msgspec import Struct

from voltrail import canonical
from voltrail.errors import MalformedError, RefusedError, UnverifiableError
from voltrail.register import witness_policy
from voltrail.register.folder import place, sync_folder
from voltrail.register.mirror_copy import Partner
from voltrail.register.note import ED25519, MLDSA_COSIGNATURE, parse_vkey
from voltrail.statements import fields

SETTINGS, POLICY, LOOKED = "mirror.json", "witnesses.policy", "looked"
DRAFTS = ".drafts"  # files that are being written; what a kill leaves here is swept away
_LONGEST = 65_536  # [bytes] of mirror.json; an ML-DSA-44 key takes 1,800


class FolderShelf:
    """Files below a folder, each written whole; paths come from `tile`, never from a stranger."""

    def __init__(self, path: Path) -> None:
        """Keep the folder's path."""
        self._path = path

    def get(self, path: str) -> bytes | None:
        """Return what stands at a path, or None."""
        try:
            return (self._path / path).read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            return None

    def has(self, path: str) -> bool:
        """Return whether anything stands at a path."""
        return (self._path / path).is_file()

    def put(self, path: str, data: bytes) -> None:
        """Set what stands at a path: durable before it returns, whole or not at all."""
        target = self._path / path
        for folder in (target.parent, self._path / DRAFTS):
            self._make(folder)
        place(target, data, self._path / DRAFTS / target.name)

    def drop(self, path: str) -> None:
        """Take away what stands at a path, if anything does."""
        (self._path / path).unlink(missing_ok=True)

    def names(self, folder: str) -> Iterator[str]:
        """Yield the paths of everything below a folder, in order."""
        for at, below, files in os.walk(self._path / folder):
            below.sort()  # which os.walk then follows; one folder's names are held at a time
            for name in sorted(files):
                yield (Path(at) / name).relative_to(self._path).as_posix()

    def _make(self, folder: Path) -> None:
        """Make a folder and those above it, each durable in the one above."""
        if folder.is_dir():
            return
        self._make(folder.parent)
        folder.mkdir(exist_ok=True)
        sync_folder(folder.parent)


class Mirror(Struct, frozen=True):
    """A copy's folder, whose register it is a copy of, and where that is read from."""

    path: Path
    partner: Partner
    url: str

    @property
    def shelf(self) -> FolderShelf:
        """The files of the copy."""
        return FolderShelf(self.path)


def make(path: Path, url: str, log: str, second: str = "", policy: bytes = b"") -> Mirror:
    """
    Return a new copy's folder, with nothing in it yet.

    Args:
        path: the folder
        url: where the partner's checkpoint and tiles stand
        log: vkey of the partner's log
        second: vkey of its ML-DSA-44 key, where it has one
        policy: a tlog-policy file, where witnesses must have cosigned

    Returns:
        The copy.

    Raises:
        RefusedError: a copy stands there, or other files do.
        MalformedError: a key is none of a log, or the policy is none, or names other logs.

    Source: our choice: ADR 0041.
    """
    if path.exists() and any(path.iterdir()):
        raise RefusedError(f"{path} is not empty.", hint="Name a new folder.")
    partner = _partner(log, second, policy)
    shelf = FolderShelf(path)
    path.mkdir(parents=True, exist_ok=True)
    if policy:
        shelf.put(POLICY, policy)
    told: dict[str, canonical.Json] = {"v": 1, "log": log, "second": second, "url": url.rstrip("/")}
    shelf.put(SETTINGS, canonical.canonical_bytes(told) + b"\n")
    return Mirror(path, partner, url.rstrip("/"))


def is_mirror(path: Path) -> bool:
    """
    Return whether a folder holds a copy of a partner's register.

    Args:
        path: the folder

    Returns:
        Whether it was made as one.

    Source: our choice: ADR 0041.
    """
    return (path / SETTINGS).is_file()


def read(path: Path) -> Mirror:
    """
    Return the copy in a folder.

    Args:
        path: the folder

    Returns:
        The copy.

    Raises:
        UnverifiableError: the folder holds none.
        MalformedError: its settings are damaged.

    Source: our choice: ADR 0041.
    """
    if not is_mirror(path):
        raise UnverifiableError(f"{path} holds no mirror.", hint="Make one: voltrail mirror init.")
    shelf = FolderShelf(path)
    data = (path / SETTINGS).read_bytes().rstrip(b"\n")
    found = canonical.parse(data, what="mirror.json", limit=_LONGEST)
    if found.get("v") != 1:
        raise MalformedError("mirror.json is of no known version.", hint="Update Voltrail.")
    log, second, url = (str(found.get(name) or "") for name in ("log", "second", "url"))
    return Mirror(path, _partner(log, second, shelf.get(POLICY) or b""), url)


@contextmanager
def held(mirror: Mirror) -> Iterator[None]:
    """
    Hold a copy while it is written; nobody else writes it then.

    Args:
        mirror: the copy

    Yields:
        Once it is held.

    Raises:
        RefusedError: somebody else writes it now.

    Source: POSIX.1-2017; our choice: ADR 0041.
    """
    handle = os.open(mirror.path / ".lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise RefusedError(
                f"{mirror.path} is being pulled already.", hint="Wait until that pull ends."
            ) from error
        shutil.rmtree(mirror.path / DRAFTS, ignore_errors=True)
        yield
    finally:
        os.close(handle)


def mark_looked(mirror: Mirror, at: datetime) -> None:
    """
    Write down when the partner was read without an alarm.

    Args:
        mirror: the copy
        at: when

    Source: our choice: ADR 0041.
    """
    mirror.shelf.put(LOOKED, f"{fields.stamp(at)}\n".encode())


def _partner(log: str, second: str, policy: bytes) -> Partner:
    first = parse_vkey(log)
    if first.key_type != ED25519:
        raise MalformedError("--log is no key of a log.", hint="Give its vkey of type 1.")
    other = parse_vkey(second) if second else None
    if other is not None and (other.key_type, other.name) != (MLDSA_COSIGNATURE, first.name):
        raise MalformedError(
            f"--second is no ML-DSA-44 key of {first.name}.", hint="Give its vkey of type 6."
        )
    rules = witness_policy.parse(policy) if policy else None
    if rules is not None and rules.logs and first not in rules.logs:
        raise MalformedError(
            f"The policy accepts other logs than {first.name}.", hint="Add its log line."
        )
    return Partner(first, other, rules)
