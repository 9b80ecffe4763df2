"""
The five control areas: least and recommended practice, the controls that carry each, the risk.

Editable defaults, as the catalogue of controls is. Knows no policy.
"""

import tomllib
from functools import cache
from pathlib import Path

from msgspec import Struct


class Area(Struct, frozen=True):
    """One control area; `least` holds at every tier, `more` where the practice is recommended."""

    id: str
    title: str
    minimum: str
    recommended: str
    reduces: str
    least: tuple[str, ...]
    more: tuple[str, ...]

    @property
    def controls(self) -> tuple[str, ...]:
        """Every control of the area."""
        return (*self.least, *self.more)


@cache
def areas() -> tuple[Area, ...]:
    """
    Return the control areas.

    Returns:
        Areas in the order of the file.

    Source: mission, control areas (five).
    """
    file = Path(__file__).with_name("practices.toml")
    found = tomllib.loads(file.read_text(encoding="utf-8"))
    return tuple(
        Area(name, **{**row, "least": tuple(row["least"]), "more": tuple(row["more"])})
        for name, row in found.items()
    )
