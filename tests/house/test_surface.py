"""
The kernel's public names are a promise: adding or losing one is a visible line in a diff.

Write the list anew with VOLTRAIL_UPDATE_SURFACE=1 and read the difference before you commit it.
"""

import ast
import os

from house.source import ROOT, SRC, Function, python_files, tree

LIST = ROOT / "tests/house/surface.txt"


def surface() -> list[str]:
    names = []
    for file in python_files("voltrail"):
        parts = file.relative_to(SRC).with_suffix("").parts
        module = ".".join(part for part in parts if part != "__init__")
        names += [
            f"{module}.{node.name}"
            for node in tree(file).body
            if isinstance(node, Function | ast.ClassDef) and not node.name.startswith("_")
        ]
    return sorted(names)


def test_the_public_names_are_those_on_the_list() -> None:
    now = surface()
    if os.environ.get("VOLTRAIL_UPDATE_SURFACE") == "1":
        LIST.write_text("\n".join(now) + "\n", encoding="utf-8")
    listed = LIST.read_text(encoding="utf-8").split()
    new, gone = sorted(set(now) - set(listed)), sorted(set(listed) - set(now))
    assert not new, f"New public names; run with VOLTRAIL_UPDATE_SURFACE=1: {new}"
    assert not gone, f"Lost public names; run with VOLTRAIL_UPDATE_SURFACE=1: {gone}"
