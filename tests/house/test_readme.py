"""The README does not lie: every block marked as run is run, and every file it names exists."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from house.source import ROOT, SRC

PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
RUN = re.compile(r"^<!-- run -->\n```sh\n(.*?)^```", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)#\s]+)")
WORD = re.compile(r"`make ([a-z-]+)")


def blocks() -> list[tuple[str, str]]:
    return [
        (f"{page.relative_to(ROOT)}-{number}", text)
        for page in PAGES
        for number, text in enumerate(RUN.findall(page.read_text(encoding="utf-8")), 1)
    ]


BLOCKS = blocks()


@pytest.mark.parametrize("text", [b[1] for b in BLOCKS], ids=[b[0] for b in BLOCKS])
def test_a_block_marked_as_run_runs(text: str, tmp_path: Path) -> None:
    environment = {
        **os.environ,
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(SRC),
        "SERVE": "0",
        "CI": "",
    }
    child = subprocess.run(
        ["bash", "-euc", text],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert child.returncode == 0, f"{text}\n{child.stdout}\n{child.stderr}"


def test_the_readme_runs_something() -> None:
    assert any(name.startswith("README") for name, _ in BLOCKS)


def test_every_link_between_documents_leads_somewhere() -> None:
    pages = [*PAGES, *ROOT.glob("*.md")]
    broken = [
        f"{page.relative_to(ROOT)} → {target}"
        for page in pages
        for target in LINK.findall(page.read_text(encoding="utf-8"))
        if not (page.parent / target).exists()
    ]
    assert not broken, f"Broken links: {broken}"


def test_every_make_word_in_a_document_is_in_the_makefile() -> None:
    words = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    pages = [*PAGES, *ROOT.glob("*.md")]
    unknown = {
        word
        for page in pages
        for word in WORD.findall(page.read_text(encoding="utf-8"))
        if word not in words
    }
    assert not unknown, f"The Makefile has no {sorted(unknown)}"
