"""Whoever runs the server finds each setting on one page."""

import re

from house.source import ROOT, python_files

PAGE = ROOT / "docs/reference/settings.md"
VARIABLE = re.compile(r"[\"'](VOLTRAIL_[A-Z_]+)[\"']")


def test_every_setting_the_code_reads_is_on_the_page() -> None:
    page = PAGE.read_text(encoding="utf-8")
    read = {name for file in python_files() for name in VARIABLE.findall(file.read_text())}
    lost = sorted(name for name in read if f"`{name}`" not in page)
    assert not lost, f"Describe these in docs/reference/settings.md: {lost}"


def test_every_setting_on_the_page_is_read() -> None:
    rows = re.findall(r"^\| `(VOLTRAIL_[A-Z_]+)`", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    text = "".join(file.read_text() for file in python_files())
    assert not [name for name in rows if name not in text]
