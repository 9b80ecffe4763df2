"""Where the cases of other people stand that tests read and never write."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
DEFAULT = ROOT.parent / "shared" / "data"


def corpus(*parts: str) -> Path:
    """Return a path below the corpus; skip where it is absent, fail there under CI=true."""
    path = Path(os.environ.get("VOLTRAIL_SHARED_DATA") or DEFAULT).joinpath(*parts)
    if not path.exists():
        reason = f"the corpus has no {'/'.join(parts)}: set VOLTRAIL_SHARED_DATA"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    return path
