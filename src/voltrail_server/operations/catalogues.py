"""
Message catalogues made ready for use: each `.po` file becomes the `.mo` file that Django reads.

Made at the first start of a version, in the data folder, so that an installed wheel needs no step
between. The folder carries the digest of its sources: an upgrade makes a new one beside the old,
which a process still running goes on reading. Knows no text.
"""

import hashlib
import os
from pathlib import Path


def compiled(sources: Path, kept: Path) -> Path:
    """Return the folder with the catalogues in the form that Django reads; make what is missing."""
    files = sorted(sources.glob("*/LC_MESSAGES/*.po"))
    digest = hashlib.sha256()
    for file in files:
        digest.update(file.read_bytes())
    home = kept / digest.hexdigest()[:16]
    for file in files:
        target = (home / file.relative_to(sources)).with_suffix(".mo")
        if not target.exists():
            _compile(file, target)
    return home


def _compile(source: Path, target: Path) -> None:
    """Write one catalogue beside its place and move it there whole: others may do the same now."""
    import polib  # noqa: PLC0415 — only the first start of a version needs it

    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_name(f".{target.name}.{os.getpid()}")
    draft.write_bytes(polib.pofile(str(source)).to_binary())
    draft.replace(target)
