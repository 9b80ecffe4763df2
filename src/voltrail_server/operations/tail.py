"""
The entries that followed a backup, up to the one that says it was made.

That act is recorded once the backup is whole, so it cannot stand inside. Without it the newest
backup would always be one entry behind every checkpoint signed since. A tail needs no signature of
its own: it counts only where it leads to the root of the checkpoint that it carries.
"""

import base64
import json
from pathlib import Path

from voltrail.actions import prove
from voltrail.actions.desk import Desk
from voltrail.errors import MalformedError
from voltrail.register.entry import Entry
from voltrail.register.folder import place
from voltrail_server.operations.backup import Made
from voltrail_server.operations.manifest import TAIL

MOST = 10_000  # [entries] of a tail; a busy register is rather backed up again


def add(desk: Desk, made: Made, last: int) -> None:
    """Write what was appended since a backup, its own act the last, beside it."""
    begun, note = made.found.size, prove.own_checkpoint(desk)
    if last - begun >= MOST:
        return
    size = desk.entries.checkpoints()[0][0]
    entries = [
        {"leaf": _text(one.leaf), "raw": _text(one.raw)}
        for one in desk.entries.entries(begun, size)
    ]
    found = {"begins": begun, "entries": entries, "checkpoint": _text(note)}
    place(made.path / TAIL, json.dumps(found).encode())


def read(folder: Path) -> tuple[bytes, dict[int, Entry]] | None:
    """Return the checkpoint and the entries of a backup's tail, if it has one."""
    path = folder / TAIL
    if not path.exists():
        return None
    try:
        found = json.loads(path.read_bytes())
        begun = int(found["begins"])
        rows = [(_bytes(one["leaf"]), _bytes(one["raw"])) for one in found["entries"]]
        entries = {begun + at: Entry(begun + at, *row) for at, row in enumerate(rows)}
        return _bytes(found["checkpoint"]), entries
    except (ValueError, KeyError, TypeError) as error:
        raise MalformedError(
            f"{path} is damaged.", hint="Remove it; the backup is whole without it."
        ) from error


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _bytes(text: str) -> bytes:
    return base64.b64decode(text, validate=True)
