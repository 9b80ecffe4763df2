"""The source tree as the house tests read it: files, their syntax trees, their public names."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SRC = ROOT / "src"
Function = ast.FunctionDef | ast.AsyncFunctionDef


def python_files(package: str = "") -> list[Path]:
    """Every hand-written module under a package of src; migrations are generated."""
    files = (SRC / package).rglob("*.py")
    return sorted(file for file in files if "migrations" not in file.parts)


@cache
def tree(file: Path) -> ast.Module:
    return ast.parse(file.read_text(encoding="utf-8"), str(file))


def functions(file: Path) -> Iterator[Function]:
    for node in ast.walk(tree(file)):
        if isinstance(node, Function):
            yield node


def public_members(file: Path) -> Iterator[tuple[str, Function | ast.ClassDef]]:
    """Public functions and classes of a module, and the public methods of those classes."""
    for node in tree(file).body:
        if not isinstance(node, Function | ast.ClassDef) or node.name.startswith("_"):
            continue
        yield node.name, node
        if isinstance(node, ast.ClassDef):
            for inner in node.body:
                if isinstance(inner, Function) and not inner.name.startswith("_"):
                    yield f"{node.name}.{inner.name}", inner


def length(function: Function) -> int:
    """Lines of a function from its `def` on; its docstring is not counted."""
    total = (function.end_lineno or function.lineno) - function.lineno + 1
    if ast.get_docstring(function, clean=False) is not None:
        text = function.body[0]
        total -= (text.end_lineno or text.lineno) - text.lineno + 1
    return total


def arguments(function: Function) -> list[str]:
    spec = function.args
    named = [*spec.posonlyargs, *spec.args, *spec.kwonlyargs]
    # `self` and a method's `cls` carry no annotation; a function's own argument `cls` does.
    return [a.arg for a in named if a.annotation is not None or a.arg not in {"self", "cls"}]


def decorators(function: Function) -> set[str]:
    found = set()
    for node in function.decorator_list:
        target = node.func if isinstance(node, ast.Call) else node
        found.add(target.attr if isinstance(target, ast.Attribute) else getattr(target, "id", ""))
    return found


def where(file: Path, node: ast.AST | None = None) -> str:
    place = file.relative_to(ROOT).as_posix()
    return f"{place}:{node.lineno}" if node is not None else place  # type: ignore[attr-defined]
