"""A scaffold writes the whole slice, and never over something that is there."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from house.source import ROOT

SLICES = {
    "predicate": ["src/voltrail/statements/tide.py", "tests/statements/test_tide.py"],
    "control": ["src/voltrail/controls/tide.py", "src/voltrail/catalogue/controls/tide.toml"],
    "reader": ["src/voltrail/readers/tide.py", "tests/readers/test_tide.py"],
}


def scaffold(house: Path, *words: str) -> subprocess.CompletedProcess[str]:
    (house / "tools").mkdir(exist_ok=True)
    shutil.copy(ROOT / "tools/scaffold.py", house / "tools")
    command = [sys.executable, str(house / "tools/scaffold.py"), *words]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("kind", SLICES)
def test_a_scaffold_writes_code_test_and_page(kind: str, tmp_path: Path) -> None:
    answer = scaffold(tmp_path, kind, "tide")
    assert answer.returncode == 0
    assert all((tmp_path / file).is_file() for file in [*SLICES[kind], "docs/spec/tide.md"])
    compile((tmp_path / SLICES[kind][0]).read_text(), "tide.py", "exec")
    assert "Next:" in answer.stdout


def test_a_scaffold_keeps_what_is_there(tmp_path: Path) -> None:
    scaffold(tmp_path, "reader", "tide")
    written = tmp_path / "src/voltrail/readers/tide.py"
    written.write_text("# mine\n")
    assert "kept" in scaffold(tmp_path, "reader", "tide").stdout
    assert written.read_text() == "# mine\n"


def test_a_scaffold_without_a_name_says_how_to_call_it(tmp_path: Path) -> None:
    answer = scaffold(tmp_path, "control")
    assert answer.returncode == 65
    assert "NAME=" in answer.stderr
