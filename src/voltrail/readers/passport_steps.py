"""
Which place of a passport a name leads to: worked out once for each name below each place.

Passports of one shape write the same names, so the ways through them are kept as a tree of steps,
the latest as many as fit. Knows how places are written; does not know what stands there.
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


def _is_passed(name: str) -> bool:
    return name.startswith("_") or name in ("@context", "elements")


def _below(path: str, name: str) -> str:
    plain = _HAS.sub("", name.rpartition(":")[2][:LONG], count=1).lower()
    return f"{path}.{plain}" if path else plain
