"""An auditor reads the docstrings: what is returned, what is refused, and where the rule stands."""

import ast
import builtins
import re

from house.source import Function, arguments, public_members, python_files, tree, where
from voltrail import errors

SECTION = re.compile(r"^(Args|Returns|Yields|Raises|Source|Why|Remedy):", re.MULTILINE)
ENTRY = re.compile(r"^    ([A-Za-z_*][\w, *]*):", re.MULTILINE)
OURS = {name for name in vars(errors) if name.endswith("Error")}


def section(text: str, name: str) -> str | None:
    """The indented body of one section of a docstring, or None where it is absent."""
    parts = SECTION.split(text)
    return dict(zip(parts[1::2], parts[2::2], strict=True)).get(name)


def entries(body: str) -> set[str]:
    return {name.strip("* ") for row in ENTRY.findall(body) for name in row.split(",")}


def raised(function: Function) -> set[str]:
    """Our errors that a function raises itself, inner functions left out."""
    found: set[str] = set()
    waiting: list[ast.AST] = list(function.body)
    while waiting:
        node = waiting.pop()
        if isinstance(node, Function | ast.Lambda):
            continue
        if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
            found.add(getattr(node.exc.func, "id", getattr(node.exc.func, "attr", "")))
        waiting.extend(ast.iter_child_nodes(node))
    return found & OURS


def is_covered(error: str, named: set[str]) -> bool:
    family = {parent.__name__ for parent in getattr(errors, error).__mro__}
    return bool(family & named)


def test_every_module_says_what_it_knows() -> None:
    silent = [where(file) for file in python_files() if not ast.get_docstring(tree(file))]
    assert not silent, f"These modules have no docstring: {silent}"


def test_every_public_name_has_a_docstring() -> None:
    silent = [
        f"{where(file, node)} {name}"
        for file in python_files()
        for name, node in public_members(file)
        if not ast.get_docstring(node)
        and not (isinstance(node, ast.ClassDef) and node.name == "Meta")
    ]
    assert not silent, f"These say nothing of themselves: {silent}"


def test_every_error_a_kernel_function_raises_is_in_its_docstring() -> None:
    forgotten = []
    for file in python_files("voltrail"):
        for name, node in public_members(file):
            if isinstance(node, ast.ClassDef):
                continue
            text = ast.get_docstring(node) or ""
            named = entries(section(text, "Raises") or "")
            lost = {error for error in raised(node) if not is_covered(error, named)}
            if lost:
                forgotten.append(f"{where(file, node)} {name}: {sorted(lost)}")
    assert not forgotten, f"Name these under Raises: {forgotten}"


def test_every_error_named_under_raises_exists() -> None:
    unknown = []
    for file in python_files("voltrail"):
        for name, node in public_members(file):
            named = entries(section(ast.get_docstring(node) or "", "Raises") or "")
            lost = {error for error in named if error not in OURS and not hasattr(builtins, error)}
            if lost:
                unknown.append(f"{where(file, node)} {name}: {sorted(lost)}")
    assert not unknown, f"No such errors: {unknown}"


def test_every_argument_named_in_a_docstring_exists() -> None:
    wrong = []
    for file in python_files("voltrail"):
        for name, node in public_members(file):
            if isinstance(node, ast.ClassDef):
                continue
            named = entries(section(ast.get_docstring(node) or "", "Args") or "")
            extra = {a.arg for a in (node.args.vararg, node.args.kwarg) if a is not None}
            lost = named - set(arguments(node)) - extra
            if lost:
                wrong.append(f"{where(file, node)} {name}: {sorted(lost)}")
    assert not wrong, f"These arguments do not exist: {wrong}"
