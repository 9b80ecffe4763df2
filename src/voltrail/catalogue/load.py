"""
Read the catalogue of controls and frameworks, and the baseline policy that follows from it.

Everything here is an editable default: the operator's own policy is a signed statement. Does not
know how a control works.
"""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from msgspec import Struct

from voltrail.canonical import Json
from voltrail.statements.policy import Consequence, Mode, Rule

TIERS = (1, 2, 3)  # mission, risk tiers


class Mapping(Struct, frozen=True):
    """How a control relates to a requirement of a framework, with one sentence of reason."""

    framework: str
    requirement: str
    relation: str
    reason: str


class CatalogueEntry(Struct, frozen=True):
    """
    What the catalogue says of one control; modes and limits by tier.

    `never_waived` says what to do instead where no exception is possible; empty where one is.
    """

    id: str
    title: str
    revision: int
    layer: str
    threat: str
    modes: dict[int, Mode]
    violated: Consequence
    unproven: Consequence
    limits: dict[int, dict[str, Json]]
    mappings: tuple[Mapping, ...]
    never_waived: str = ""


class Framework(Struct, frozen=True):
    """A framework we map to, and the requirements that we name; never its whole text."""

    id: str
    title: str
    edition: str
    requirements: dict[str, str]


def entry(control_id: str) -> CatalogueEntry:
    """
    Return the catalogue entry of a control.

    Args:
        control_id: FAM-nn

    Returns:
        The entry.

    Raises:
        KeyError: the catalogue lacks the control (a fault in our own data).

    Source: design, section 5.1.
    """
    return _by_id()[control_id]


def entries() -> tuple[CatalogueEntry, ...]:
    """
    Return all catalogue entries.

    Returns:
        Entries in order of control id.

    Source: design, section 5.1.
    """
    return tuple(_by_id()[control_id] for control_id in sorted(_by_id()))


def frameworks() -> tuple[Framework, ...]:
    """
    Return the frameworks that controls are mapped to.

    Returns:
        Frameworks in order of id.

    Source: design, section 5.1.
    """
    return tuple(sorted((_framework(found) for found in _tables("frameworks")), key=_id_of))


def baseline_rules() -> tuple[Rule, ...]:
    """
    Return the rules of the baseline policy: one for each control and tier.

    Returns:
        Rules in order of control id, then tier.

    Source: our choice: ADR 0007.
    """
    return tuple(
        Rule(
            control=one.id,
            mode=one.modes[tier],
            violated=one.violated,
            unproven=one.unproven,
            tier=tier,
            limits=dict(one.limits[tier]) or None,
        )
        for one in entries()
        for tier in TIERS
    )


@cache
def _by_id() -> dict[str, CatalogueEntry]:
    return {
        control_id: _entry(control_id, found)
        for table in _tables("controls")
        for control_id, found in table.items()
    }


@cache
def _tables(folder: str) -> tuple[dict[str, Any], ...]:
    named = sorted(Path(__file__).with_name(folder).glob("*.toml"))
    return tuple(tomllib.loads(file.read_text(encoding="utf-8")) for file in named)


def _entry(control_id: str, found: dict[str, Any]) -> CatalogueEntry:
    modes, limits = found["tiers"], found.get("limits", {})
    return CatalogueEntry(
        id=control_id,
        title=found["title"],
        revision=found["revision"],
        layer=found["layer"],
        threat=found["threat"],
        modes={tier: Mode(modes[str(tier)]) for tier in TIERS},
        violated=Consequence(found["violated"]),
        unproven=Consequence(found["unproven"]),
        limits={tier: dict(limits.get(str(tier), {})) for tier in TIERS},
        mappings=tuple(Mapping(**row) for row in found.get("mappings", ())),
        never_waived=found.get("never_waived", ""),
    )


def _framework(found: dict[str, Any]) -> Framework:
    return Framework(found["id"], found["title"], found["edition"], found["requirements"])


def _id_of(framework: Framework) -> str:
    return framework.id
