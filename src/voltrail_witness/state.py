"""
What a witness has cosigned, in a folder, so that it cannot go back unnoticed.

    heads   the newest head of each log, and where the anchor stood when it was written
    anchor  the number of the last change, and where the file of heads stood after it

Each file names the other by inode and time of change, which no copy keeps. A pair that was restored
from a backup, both files or one, does not fit: the witness refuses until `resume` is told what was
cosigned since. Dying between the two writes leaves heads one change ahead, which fits as well.
A disk that is rolled back as a whole, as a virtual machine can be, is not noticed.
"""

import fcntl
import json
import os
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from voltrail import canonical
from voltrail.errors import MalformedError, RefusedError
from voltrail.register.folder import place
from voltrail.register.note import from_base64, to_base64
from voltrail.register.witness import Head

_HINT = "Run: voltrail witness resume DIR --checkpoint FILE, with the newest that it cosigned."


class FolderState:
    """Heads in a folder that one process holds; trusted."""

    def __init__(self, folder: Path) -> None:
        """Take the folder's lock, or refuse."""
        self._folder, self._busy = folder, threading.Lock()
        self._lock = os.open(folder / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            os.close(self._lock)
            raise RefusedError(
                f"Another witness works in {folder}.", hint="End it first; two would sign twice."
            ) from error
        try:
            self._number, self._heads, self._fits = _read(folder)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Give the folder back; the state is not used afterwards."""
        os.close(self._lock)

    @property
    def fits(self) -> bool:
        """Whether the state is the one that was written here last."""
        return self._fits

    def need_fit(self) -> None:
        """Refuse a state that was brought back from elsewhere."""
        if not self._fits:
            raise RefusedError(
                "The state of this witness is a copy; it may have cosigned more since.", hint=_HINT
            )

    def heads(self) -> Mapping[str, Head]:
        """Return the newest head of each log."""
        return dict(self._heads)

    def newest(self, origin: str) -> Head:
        """Return the head of a log; size 0 where nothing was cosigned."""
        self.need_fit()
        return self._heads.get(origin, Head())

    def advance(self, origin: str, before: Head, after: Head) -> bool:
        """Set the head of a log where it is still the one before; return whether it was."""
        self.need_fit()
        with self._busy:
            if self._heads.get(origin, Head()) != before:
                return False
            self._write({**self._heads, origin: after})
        return True

    def resume(self, told: Mapping[str, Head]) -> None:
        """Go on from a copy, with what was cosigned since; a head never goes back."""
        heads = dict(self._heads)
        for origin, head in told.items():
            known = heads.get(origin, Head())
            if head.size == known.size and head.root != known.root and head.size:
                raise RefusedError(
                    f"{origin} has two roots at {head.size:,} entries.",
                    hint="The log has two histories. Keep both checkpoints, and tell its partners.",
                )
            heads[origin] = max(known, head, key=lambda one: one.size)
        with self._busy:
            self._write(heads)
            self._fits = True

    def _write(self, heads: Mapping[str, Head]) -> None:
        number = self._number + 1
        written: dict[str, Any] = {
            "number": number,
            "anchor": _mark(self._folder / "anchor"),
            "heads": [
                {"origin": origin, "size": head.size, "root": to_base64(head.root)}
                for origin, head in sorted(heads.items())
            ],
        }
        place(self._folder / "heads", json.dumps(written).encode())
        self._number, self._heads = number, dict(heads)  # from here on it may be relied upon
        seal(self._folder, number)


def seal(folder: Path, number: int) -> None:
    """Write the anchor that says where the file of heads stands."""
    found = {"number": number, "heads": _mark(folder / "heads")}
    place(folder / "anchor", json.dumps(found).encode())


def begin(folder: Path) -> None:
    """Write the state of a witness that has cosigned nothing."""
    place(folder / "heads", json.dumps({"number": 0, "anchor": [], "heads": []}).encode())
    seal(folder, 0)


def look(folder: Path) -> tuple[Mapping[str, Head], bool]:
    """Return the heads, and whether they are those written here last; takes no lock."""
    _, heads, fits = _read(folder)
    return heads, fits


def _read(folder: Path) -> tuple[int, dict[str, Head], bool]:
    said, anchor = _parse(folder / "heads"), _parse(folder / "anchor")
    heads = {
        one["origin"]: Head(one["size"], from_base64(one["root"], "root")) for one in said["heads"]
    }
    ahead = said["number"] - anchor["number"]
    if ahead == 0:
        fits = anchor["heads"] == _mark(folder / "heads")
    else:
        fits = ahead == 1 and said["anchor"] == _mark(folder / "anchor")
    return said["number"], heads, fits


def _parse(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = canonical.parse(path.read_bytes(), what=path.name)
    if not isinstance(found.get("number"), int):
        raise MalformedError(f"{path} is damaged.", hint="Make a new witness, with new keys.")
    return found


def _mark(path: Path) -> list[int]:
    found = path.stat()
    return [found.st_ino, found.st_ctime_ns // 1_000]  # [µs], small enough for JSON
