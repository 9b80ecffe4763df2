"""
Files outside the register: what a worker wrote, and lists of people's names while they are needed.

Nothing here is kept longer than a week; names can be forgotten, which a blob cannot.
"""

import time
from pathlib import Path
from uuid import UUID

from django.conf import settings

from voltrail.errors import UnknownSubjectError

MEDIA_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
    "zip": "application/zip",
}
KEPT_S = 7 * 86_400  # [s]


def place(work: UUID, ending: str) -> Path:
    """Return where the file of some work is written."""
    folder = _folder()
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder / f"{work}.{ending}"


def find(work: UUID, ending: str) -> Path:
    """Return the file of some work."""
    found = _folder() / f"{work}.{ending}"
    if not found.is_file():
        raise UnknownSubjectError(
            "The file is not here any more; files are kept for a week.", hint="Take the list again."
        )
    return found


def keep_list(digest: str, data: bytes) -> None:
    """Keep a list of people's names for as long as its import is open."""
    _folder().mkdir(parents=True, exist_ok=True, mode=0o700)
    final = _folder() / f"{digest}.list"
    draft = final.with_suffix(".part")
    draft.touch(mode=0o600)
    draft.write_bytes(data)
    draft.replace(final)


def list_of(digest: str) -> bytes:
    """Return a list of people's names."""
    found = _folder() / f"{digest}.list"
    if not found.is_file():
        raise UnknownSubjectError(
            "The list of people is not kept any more.", hint="Upload it again."
        )
    return found.read_bytes()


def forget_list(digest: str) -> None:
    """Forget a list of people's names."""
    (_folder() / f"{digest}.list").unlink(missing_ok=True)


def tidy() -> int:
    """Remove what was kept for a week; return how much that was."""
    ends = time.time() - KEPT_S
    old = [one for one in _folder().glob("*") if one.is_file() and one.stat().st_mtime < ends]
    for one in old:
        one.unlink(missing_ok=True)
    return len(old)


def _folder() -> Path:
    return Path(settings.VOLTRAIL_DATA) / "work"
