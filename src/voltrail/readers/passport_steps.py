"""
Which places of a passport are filled, and to which place each of its names leads.

Passports of one shape write the same names, so where each leads is worked out once and kept as a
tree of steps, the latest as many as fit. Knows how places are written; not what their values mean.
"""

import re
from collections import deque
from collections.abc import Collection
from typing import Any

LONG = 200  # [characters] of one name that are looked at; our choice
MOST = 16_384  # [steps] remembered; our choice
MOST_PLACES, MOST_TEXT = 2_000, 65_536  # [places, characters] of a layout remembered; our choice
_HAS = re.compile(r"has(?=[A-Z])")

# name → the place it leads to, None where it is passed over, and the steps below
Steps = dict[str, tuple[str | None, dict[str, Any]]]
FIRST: Steps = {}
_KEPT: deque[tuple[Steps, str]] = deque()


def step(path: str, name: str, steps: Steps) -> tuple[str | None, Steps]:
    """
    Return where a name leads below a place, and remember it unless it is long.

    Args:
        path: the place
        name: as a passport writes it
        steps: those below the place, without this one

    Returns:
        The place in small letters, without prefix and without `has`; None where the name is passed
        over. And the steps below it.

    Source: our choice: ADR 0047.
    """
    found: tuple[str | None, Steps] = (None if _is_passed(name) else _below(path, name), {})
    if len(path) + len(name) <= LONG:
        steps[name] = found
        _KEPT.append((steps, name))
    if len(_KEPT) > MOST:
        former, forgotten = _KEPT.popleft()
        former.pop(forgotten, None)
    return found


def walk(value: dict[str, Any], path: str, steps: Steps, found: dict[str, Any]) -> None:
    """
    Add each filled place below an object; the first value at a place stays.

    Args:
        value: the object
        path: the place where it stands; empty for the outermost
        steps: those below that place
        found: place → value, added to

    Source: our choice: ADR 0047.
    """
    for name, one in value.items():
        try:
            at, below = steps[name]
        except KeyError:
            at, below = step(path, name, steps)
        if at is None:
            continue
        kind = type(one)
        if kind is dict:
            walk(one, at, below, found)
        elif kind is list:
            _walk_list(one, at, below, found)
        elif at not in found and (one if kind is str else one is not None):
            found[at] = one
    if "recycledMaterial" in value and isinstance(value["recycledMaterial"], str):
        material = value["recycledMaterial"]
        found.setdefault(f"{path}.{material[:LONG].lower()}", material)


def are_few(paths: Collection[str]) -> bool:
    """
    Return whether the filled places of a passport are few and short enough to be remembered.

    Args:
        paths: all of them

    Returns:
        True for what passports of every shape fill.

    Source: our choice: ADR 0047.
    """
    return len(paths) <= MOST_PLACES and len("".join(paths)) <= MOST_TEXT


def _walk_list(value: list[Any], path: str, steps: Steps, found: dict[str, Any]) -> None:
    for one in value:
        if type(one) is dict:
            walk(one, path, steps, found)
        elif type(one) is list:
            _walk_list(one, path, steps, found)
        elif one is not None and one != "":
            found.setdefault(path, one)


def _is_passed(name: str) -> bool:
    return name.startswith("_") or name in ("@context", "elements")


def _below(path: str, name: str) -> str:
    plain = _HAS.sub("", name.rpartition(":")[2][:LONG], count=1).lower()
    return f"{path}.{plain}" if path else plain
