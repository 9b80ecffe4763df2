"""
The register's sockets plugged into a plain folder: one journal, one lock file, one file per blob.

A transaction is one frame of the journal: magic, length, SHA-256, items. It is durable once `fsync`
returned. A frame cut short at the end was never acknowledged: it is set aside on opening. Anything
else that does not fit is corruption, and stops. Does not know what an entry says.
"""

import fcntl
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

from voltrail import canonical
from voltrail.errors import ProductError, RegisterCorruptError
from voltrail.register.entry import Entry
from voltrail.register.memory import Hook, Joined, MemoryEntries, ignore

MAGIC = b"\xff\xff\xff\xffVTL1"  # no item holds it: items are UTF-8, their lengths begin with 00
_LENGTH = 8  # [bytes] of a frame's length
_HEAD = len(MAGIC) + _LENGTH + sha256().digest_size  # [bytes]
_SIZE = 4  # [bytes] of a field's length
_DIGITS = frozenset("0123456789abcdef")
_DIGEST = 64  # [characters] SHA-256, hexadecimal


class FolderEntries(MemoryEntries):
    """Entries in `journal`, all of them also in memory; the lease is a lock on `lock`."""

    def __init__(
        self,
        path: Path,
        joined: Sequence[Joined] = (),
        *,
        before_write: Hook = ignore,
        after_write: Hook = ignore,
    ) -> None:
        super().__init__(joined, before_write=before_write, after_write=after_write)
        self._path = Path(path)
        self._path.mkdir(parents=True, exist_ok=True)
        self._journal = _open(self._path / "journal")
        self._lease = _open(self._path / "lock")
        sync_folder(self._path)
        self._read = 0
        with _locked(self._lease):
            self._refresh()
        self._check_promise()

    def close(self) -> None:
        """Close both files; the store is not used afterwards."""
        os.close(self._journal)
        os.close(self._lease)

    def _begin(self) -> None:
        fcntl.flock(self._lease, fcntl.LOCK_EX)
        try:
            self._refresh()
            super()._begin()
        except BaseException:
            fcntl.flock(self._lease, fcntl.LOCK_UN)
            raise

    def _settle(self, *, kept: bool) -> None:
        try:
            super()._settle(kept=kept)
        finally:
            fcntl.flock(self._lease, fcntl.LOCK_UN)

    def _persist(self) -> None:
        body = b"".join(self._items())
        if not body:
            return
        frame = MAGIC + len(body).to_bytes(_LENGTH, "big") + sha256(body).digest() + body
        try:
            self._before("journal")
            _write_all(self._journal, frame, self._read)
            self._after("journal")
            self._before("fsync")
            os.fsync(self._journal)
            self._after("fsync")
        except BaseException:
            os.ftruncate(self._journal, self._read)
            raise
        self._read += len(frame)

    def _items(self) -> Iterator[bytes]:
        start, _ = self._start
        for entry in self._entries[start:]:
            claim, _ = self._new_claims.get(entry.index, ("", None))
            yield _item(b"E", claim.encode(), entry.leaf, entry.raw)
        for size in self._new_notes:
            yield _item(b"C", str(size).encode(), self._notes[size])

    def _refresh(self) -> None:
        """Take in the frames that this or another process has committed since the last look."""
        end = os.fstat(self._journal).st_size
        while self._read < end:
            body = _frame(self._journal, self._read, end)
            if body is None:
                self._set_aside(end)
                return
            for kind, fields in _parts(body, self._read):
                self._replay(kind, fields)
            self._read += _HEAD + len(body)
        if self._read > end:
            raise _corrupt(end, "the journal became shorter")

    def _replay(self, kind: bytes, fields: list[bytes]) -> None:
        if kind == b"C":
            self._notes[int(fields[0])] = fields[1]
            return
        claim, leaf, raw = fields
        entry = Entry(len(self._entries), leaf, raw)
        try:
            self._take(entry, claim.decode() or None)
        except ProductError as error:
            raise _corrupt(self._read, f"entry {entry.index} cannot be read") from error
        self._frontier = self._frontier.push(entry.leaf_hash)

    def _set_aside(self, end: int) -> None:
        tail = _read(self._journal, self._read, end)
        if MAGIC in tail[1:]:
            raise _corrupt(self._read, f"the entries after {len(self._entries)} are damaged")
        place(self._path / f"torn-{self._read}-{sha256(tail).hexdigest()[:8]}", tail)
        os.ftruncate(self._journal, self._read)
        os.fsync(self._journal)

    def _check_promise(self) -> None:
        promised = max(self._notes, default=0)
        if promised > len(self._entries):
            raise _corrupt(self._read, f"a checkpoint promises {promised} entries")


class FolderBlobs:
    """One file per blob, named by its digest; durable before `put` returns. Not trusted."""

    def __init__(self, path: Path) -> None:
        self._path = Path(path)
        self._path.mkdir(parents=True, exist_ok=True)

    def put(self, data: bytes) -> str:
        """Store bytes durably and return their digest."""
        digest = canonical.digest(data)
        target = self._path / digest[:2] / digest
        if not target.exists() or target.read_bytes() != data:
            if not target.parent.exists():
                target.parent.mkdir(exist_ok=True)
                sync_folder(self._path)
            place(target, data)
        return digest

    def get(self, digest: str) -> bytes | None:
        """Return the bytes with a digest, or None."""
        if len(digest) != _DIGEST or not _DIGITS.issuperset(digest):
            return None
        try:
            return (self._path / digest[:2] / digest).read_bytes()
        except FileNotFoundError:
            return None


def place(target: Path, data: bytes, draft: Path | None = None) -> None:
    """
    Put a file in its place whole: write, fsync, rename, fsync the folder.

    Args:
        target: where it shall stand; what stood there is replaced
        data: its bytes
        draft: where it is written first, on the same disk; beside the target where absent

    Source: POSIX.1-2017, rename and fsync.
    """
    draft = draft or target.with_name(f".{target.name}.{os.getpid()}.part")
    handle = _open(draft)
    try:
        os.ftruncate(handle, 0)
        _write_all(handle, data, 0)
        os.fsync(handle)
    finally:
        os.close(handle)
    draft.replace(target)
    sync_folder(target.parent)


def sync_folder(path: Path) -> None:
    """
    Make the names in a folder durable.

    Args:
        path: the folder

    Source: POSIX.1-2017, fsync.
    """
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _item(kind: bytes, *fields: bytes) -> bytes:
    return kind + b"".join(len(one).to_bytes(_SIZE, "big") + one for one in fields)


def _parts(body: bytes, offset: int) -> Iterator[tuple[bytes, list[bytes]]]:
    at = 0
    while at < len(body):
        kind, at = body[at : at + 1], at + 1
        fields = []
        for _ in range({b"E": 3, b"C": 2}.get(kind, 0)):
            size = int.from_bytes(body[at : at + _SIZE], "big")
            at += _SIZE + size
            fields.append(body[at - size : at])
        if not fields or at > len(body):
            raise _corrupt(offset, "a frame holds no known item")
        yield kind, fields


def _frame(journal: int, start: int, end: int) -> bytes | None:
    head = _read(journal, start, min(start + _HEAD, end))
    length = int.from_bytes(head[len(MAGIC) : len(MAGIC) + _LENGTH], "big")
    if len(head) < _HEAD or not head.startswith(MAGIC) or start + _HEAD + length > end:
        return None
    body = _read(journal, start + _HEAD, start + _HEAD + length)
    return body if sha256(body).digest() == head[-sha256().digest_size :] else None


def _read(journal: int, start: int, end: int) -> bytes:
    parts = []
    while start < end:
        part = os.pread(journal, min(end - start, 1 << 24), start)
        if not part:
            break
        parts.append(part)
        start += len(part)
    return b"".join(parts)


def _write_all(handle: int, data: bytes, at: int) -> None:
    view = memoryview(data)
    while view:
        done = os.pwrite(handle, view, at)
        view, at = view[done:], at + done


def _open(path: Path) -> int:
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)


@contextmanager
def _locked(lease: int) -> Iterator[None]:
    fcntl.flock(lease, fcntl.LOCK_EX)
    try:
        yield
    finally:
        fcntl.flock(lease, fcntl.LOCK_UN)


def _corrupt(offset: int, what: str) -> RegisterCorruptError:
    return RegisterCorruptError(
        f"The journal is damaged at byte {offset}: {what}.", hint="Restore it from a backup."
    )


__all__ = ["FolderBlobs", "FolderEntries", "place", "sync_folder"]
