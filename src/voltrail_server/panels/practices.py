"""The matrix of areas and tiers in words: which practice binds, what it reduces, what lacks."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_noop as N_  # noqa: N812 — gettext's own mark

from voltrail.actions.practices import Level, matrix
from voltrail.catalogue import load
from voltrail.controls.policy import of_record
from voltrail.statements.policy import Mode
from voltrail_server.panels import words
from voltrail_server.panels.words import Word

LEVELS = {
    Level.RECOMMENDED: Word("recommended", N_("Recommended"), "release", "release"),
    Level.BETWEEN: Word("between", N_("More than the minimum"), "one", "release"),
    Level.MINIMUM: Word("minimum", N_("Minimum"), "dot", "quiet"),
    Level.BELOW: Word("below", N_("Below the minimum"), "refuse", "refuse"),
}
TIER_NAMES = {
    1: N_("Tier 1, critical"),
    2: N_("Tier 2"),
    3: N_("Tier 3, the light path"),
}


@dataclass(frozen=True, slots=True)
class Cell:
    """One area at one tier."""

    name: str
    tier: int
    tier_name: str
    word: Word
    required: int
    of: int
    lacking: tuple[tuple[str, str], ...]
    choices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One area: both practices in words, the risk it reduces, and its cells."""

    title: str
    minimum: str
    recommended: str
    reduces: str
    cells: tuple[Cell, ...]


def table(record: Any) -> dict[str, Any]:  # noqa: ANN401 — a policy record
    """Return the matrix of a policy, and how many controls each tier requires in all."""
    rows = tuple(_row(found) for found in matrix(record))
    policy = of_record(record)
    totals = tuple(
        sum(policy.rule(one.id, "", tier, "").mode is Mode.REQUIRED for one in load.entries())
        for tier in load.TIERS
    )
    tiers = tuple(zip(load.TIERS, TIER_NAMES.values(), totals, strict=True))
    return {"rows": rows, "tiers": tiers, "title": record.title, "levels": LEVELS.values()}


def _row(found: Any) -> Row:  # noqa: ANN401 — the practices of one area
    area = found[0].area
    cells = tuple(_cell(one) for one in found)
    return Row(
        words.said(area.title),
        words.said(area.minimum),
        words.said(area.recommended),
        words.said(area.reduces),
        cells,
    )


def _cell(one: Any) -> Cell:  # noqa: ANN401 — a practice
    lacking = tuple((control, words.said(load.entry(control).title)) for control in one.lacking)
    choices = tuple(
        str(level) for level in (Level.MINIMUM, Level.RECOMMENDED) if level is not one.level
    )
    return Cell(
        f"{one.area.id}-{one.tier}",
        one.tier,
        words.said(TIER_NAMES[one.tier]),
        LEVELS[one.level],
        len(one.required),
        len(one.area.controls),
        lacking,
        choices,
    )
