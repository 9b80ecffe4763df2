"""Sentences to people are plain, and nothing of one machine enters the tracked files."""

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

from house.source import ROOT, SRC, python_files, tree, where

HOLLOW = re.compile(r"\b(please|oops|successfully)\b", re.IGNORECASE)
HOSTS = re.compile(
    "|".join(["py" + r"pi\.org", "python" + r"hosted\.org", "npm" + r"js\.(com|org)"])
)
PLACES = re.compile(r"(?<![\w.:/*}-])/(?:work|root|home|Users|opt)/\w")
TEXT = {".py", ".md", ".toml", ".txt", ".html", ".css", ".js", ".json", ".csv", ".svg", ".cfg", ""}


def tracked() -> list[Path]:
    """What git tracks or would track; everything where there is no git."""
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    names = listed.stdout.splitlines() if listed.returncode == 0 else []
    return [ROOT / name for name in names if (ROOT / name).suffix in TEXT]


def sentences(file: Path) -> Iterator[tuple[int, str]]:
    """Every text of a module, docstrings included."""
    for node in ast.walk(tree(file)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.lineno, node.value


def test_no_message_begs_or_cheers() -> None:
    hollow = [
        f"{where(file)}:{line}"
        for file in python_files()
        for line, text in sentences(file)
        if HOLLOW.search(text)
    ]
    assert not hollow, f"Say the thing, the rule and the way out: {hollow}"


def test_no_template_begs_or_cheers() -> None:
    pages = [*SRC.rglob("*.html"), *SRC.rglob("*.txt")]
    hollow = [where(page) for page in pages if HOLLOW.search(page.read_text(encoding="utf-8"))]
    assert not hollow, f"Say the thing, the rule and the way out: {hollow}"


def test_no_tracked_file_names_a_package_index_or_a_place_on_one_machine() -> None:
    found = []
    for file in tracked():
        if not file.is_file():
            continue
        text = file.read_text(encoding="utf-8", errors="replace")
        for number, line in enumerate(text.splitlines(), 1):
            if HOSTS.search(line) or PLACES.search(line):
                found.append(f"{where(file)}:{number}")
    assert not found, f"Take these addresses and paths out: {found}"


def test_no_template_fetches_from_elsewhere() -> None:
    foreign = [
        where(page)
        for page in SRC.rglob("*.html")
        if re.search(r"""(?:src|href|action)=["']https?://""", page.read_text(encoding="utf-8"))
    ]
    assert not foreign, f"Sites are air-gapped; serve these files ourselves: {foreign}"
