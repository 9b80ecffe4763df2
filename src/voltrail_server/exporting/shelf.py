"""Where files that a worker wrote are kept: one for each piece of work, removed after a week."""

import time
from pathlib import Path
from uuid import UUID

from django.conf import settings

from voltrail.errors import UnknownSubjectError

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


def tidy() -> int:
    """Remove what was kept for a week; return how much that was."""
    ends = time.time() - KEPT_S
    old = [one for one in _folder().glob("*") if one.is_file() and one.stat().st_mtime < ends]
    for one in old:
        one.unlink(missing_ok=True)
    return len(old)


def _folder() -> Path:
    return Path(settings.VOLTRAIL_DATA) / "work"
