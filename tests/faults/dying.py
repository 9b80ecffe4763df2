"""
A child process that runs a `voltrail` command, or a script of these tests behind an @, and dies at
the n-th moment at which it may.

Moments are what a crash can fall between: each sync, rename, link and unlink, and each
statement that a database is asked to run. Arguments: the moment, then the command; moment 0 lives,
and tells on the last line of stderr how many moments there were.
"""

import os
import signal
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

SEEN = 0


def moment(wanted: int) -> None:
    """Count, and die where told."""
    global SEEN  # noqa: PLW0603 — one count for the process
    SEEN += 1
    if wanted == SEEN:
        os.kill(os.getpid(), signal.SIGKILL)


def dying(call: Callable[..., Any], wanted: int) -> Callable[..., Any]:
    """A call that may be the last one, before it or after it."""

    def called(*arguments: Any, **more: Any) -> Any:  # noqa: ANN401 — whatever is called
        moment(wanted)
        found = call(*arguments, **more)
        moment(wanted)
        return found

    return called


def main(wanted: int, words: list[str]) -> int:
    """Run the command until death; what a script does while it is imported counts no moment."""
    script = import_module(words[0][1:]).main if words[0].startswith("@") else None
    for place, names in ((os, ("fsync", "link", "rename", "replace", "unlink", "rmdir", "mkdir")),):
        for name in names:
            setattr(place, name, dying(getattr(place, name), wanted))
    for name in ("rename", "replace", "unlink", "hardlink_to", "write_bytes", "mkdir"):
        setattr(Path, name, dying(getattr(Path, name), wanted))
    from django.db.backends.utils import CursorWrapper  # noqa: PLC0415 — patched before use

    for name in ("execute", "executemany"):
        setattr(CursorWrapper, name, dying(getattr(CursorWrapper, name), wanted))
    from voltrail.cli.main import main as run  # noqa: PLC0415 — after the patches

    code = script(words[1:]) if script else run(words)
    sys.stderr.write(f"{SEEN}\n")
    return code


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), sys.argv[2:]))
