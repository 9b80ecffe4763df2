"""The directions of the floors hold, and each contract is shown to break when it is broken."""

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from house.source import ROOT, SRC

CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"][
    "contracts"
]
LINT = "from importlinter.cli import lint_imports_command as run; run()"

# contract → (module to write into a copy of the source, the line that breaks the contract)
VIOLATIONS = {
    "spine": ("voltrail/statements/planted.py", "import voltrail.trust"),
    "register": ("voltrail/register/tile.py", "import voltrail.register.log"),
    "kernel": ("voltrail/planted.py", "import django"),
    "witness": ("voltrail_witness/planted.py", "import voltrail.projections"),
    "controls-are-pure": ("voltrail/controls/planted.py", "import time"),
    "foreign": ("voltrail/trust/foreign/planted.py", "import voltrail.trust.verify"),
    "families": ("voltrail/controls/custody.py", "import voltrail.controls.supplier"),
    "tables": ("voltrail_server/pages/planted.py", "import voltrail_server.records.models"),
    "faces": ("voltrail_server/pages/planted.py", "import voltrail.register"),
    "acyclic": ("voltrail/ids/planted.py", "import voltrail.statements"),
}
NOT_FAMILIES = {"__init__", "model", "policy", "evaluate", "families"}


def lint(source: Path, folder: Path, contract: str = "") -> subprocess.CompletedProcess[str]:
    """Run import-linter over a source tree."""
    chosen = ["--contract", contract] if contract else []
    return subprocess.run(
        [
            sys.executable,
            "-c",
            LINT,
            "--config",
            str(ROOT / "pyproject.toml"),
            "--no-cache",
            *chosen,
        ],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(source)},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def test_every_contract_is_kept(tmp_path: Path) -> None:
    answer = lint(SRC, tmp_path)
    assert answer.returncode == 0, answer.stdout + answer.stderr


def test_every_contract_has_a_violation_that_proves_it() -> None:
    assert {contract["id"] for contract in CONTRACTS} == set(VIOLATIONS)


@pytest.mark.parametrize("contract", sorted(VIOLATIONS))
def test_a_planted_violation_breaks_its_contract(contract: str, tmp_path: Path) -> None:
    source = tmp_path / "src"
    shutil.copytree(
        SRC, source, ignore=shutil.ignore_patterns("__pycache__", "static", "*.egg-info")
    )
    module, line = VIOLATIONS[contract]
    with (source / module).open("a", encoding="utf-8") as file:
        file.write(f"\n{line}\n")
    answer = lint(source, tmp_path, contract)
    assert "BROKEN" in answer.stdout, answer.stdout + answer.stderr


def test_every_control_family_is_in_the_contract() -> None:
    (families,) = [c["modules"] for c in CONTRACTS if c["id"] == "families"]
    files = {file.stem for file in (SRC / "voltrail/controls").glob("*.py")} - NOT_FAMILIES
    assert {name.rpartition(".")[2] for name in families} == files
