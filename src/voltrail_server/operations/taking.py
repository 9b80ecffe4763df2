"""
Take a backup in: copy each file once, hash it on the way, refuse what is not as it was made.

The bytes that are placed later are the ones that were hashed here, whatever happens to the folder
they came from. Looks into no file.
"""

import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from voltrail.errors import RegisterCorruptError
from voltrail_server.operations import manifest, snapshot, standing
from voltrail_server.operations.manifest import Manifest

_AT_ONCE = 8  # [folders] made durable together


def take_in(path: Path, stage: Path, found: Manifest, trust: bytes) -> None:
    """Copy a backup into a new stage, or refuse; all is durable but the tables."""
    shutil.rmtree(stage, ignore_errors=True)
    folders = {stage, stage / "blobs", *((stage / one.path).parent for one in found.files)}
    for folder in folders:
        standing.only_ours(folder)
    faults = tuple(_faults(path, stage, found, trust))
    if faults:
        raise RegisterCorruptError(
            f"The backup is not whole: {faults[0]}",
            hint=f"{len(faults)} faults in all; take an older backup or another copy of this one.",
        )
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        list(pool.map(snapshot.sync, folders))


def _faults(path: Path, stage: Path, found: Manifest, trust: bytes) -> Iterator[str]:
    for name in (manifest.MANIFEST, manifest.NOTE):
        try:
            (stage / name).write_bytes((path / name).read_bytes())
        except OSError:
            yield f"{name} is missing or cannot be read."
            return
    if manifest.read(stage) != found:
        yield "Its list changed meanwhile."
        return
    for fault in manifest.faults(path, found, trust, stage):
        if "was damaged already" not in fault:
            yield fault
