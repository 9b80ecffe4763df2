"""Bytes that seek new paths through a parser find its answers only, never a crash."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from fuzz.parsers import PARSERS

pytest.importorskip("atheris", reason="atheris does not install on every machine")

RUNS = 200_000 if os.environ.get("VOLTRAIL_DRILL") == "1" else 500
PATIENCE_S = 600  # [s] for one parser; the counts above end long before

pytestmark = pytest.mark.corpus


@pytest.mark.parametrize("name", sorted(PARSERS))
def test_guided_bytes_are_read_or_refused(name: str, tmp_path: Path) -> None:
    script = Path(__file__).with_name("guided.py")
    command = [sys.executable, str(script), name, str(RUNS), str(tmp_path)]
    found = subprocess.run(
        command, capture_output=True, text=True, check=False, timeout=PATIENCE_S, cwd=tmp_path
    )
    assert found.returncode == 0, found.stderr[-2_000:]
    assert not list(tmp_path.iterdir())
