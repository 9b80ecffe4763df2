"""
A child that looks at some entries of a register in a SQLite file, so that each core has its share.

    python -m voltrail_server.operations.leaves FILE START STOP

Prints what `register.fsck.look` found, in MessagePack. Opens the file only to read and knows no
Django, so that it begins at once.
"""

import sqlite3
import sys
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

from msgspec import msgpack

from voltrail.register.entry import Entry
from voltrail.register.fsck import Run, look

_ENTRIES = """SELECT "index", leaf, raw FROM records_entry
WHERE "index" >= ? AND "index" < ? ORDER BY "index\""""


def address_of(path: Path) -> str:
    """Return how a file is opened only to read; where nobody writes beside us it stays as it is."""
    alone = "" if path.with_name(f"{path.name}-wal").exists() else "&immutable=1"
    return f"file:{quote(str(path.resolve()))}?mode=ro{alone}"


def run(path: Path, start: int, stop: int) -> Run:
    """Return what is wrong with some entries of a file, and their leaf hashes."""
    with closing(sqlite3.connect(address_of(path), uri=True)) as file:
        rows = file.execute(_ENTRIES, (start, stop))
        return look((Entry(*row) for row in rows), start)


if __name__ == "__main__":
    found = run(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
    sys.stdout.buffer.write(msgpack.encode(found))
