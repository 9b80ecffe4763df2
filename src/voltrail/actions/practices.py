"""
Which practice each tier asks for in the five control areas, and the policy that asks for another.

Reads and writes modes of rules only: consequences and limits stay as they are. Approves nothing: a
changed policy binds when two persons have signed it.
"""

from collections.abc import Mapping
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace

from voltrail.catalogue.load import TIERS
from voltrail.catalogue.practices import Area, areas
from voltrail.controls.policy import of_record
from voltrail.errors import MalformedError
from voltrail.statements.policy import Mode, PolicyRecord, Rule


class Level(StrEnum):
    """The practice of an area at a tier."""

    RECOMMENDED = "recommended"
    BETWEEN = "between"
    MINIMUM = "minimum"
    BELOW = "below"


class Practice(Struct, frozen=True):
    """What a policy asks for in one area at one tier; `lacking` it does not require."""

    area: Area
    tier: int
    level: Level
    required: tuple[str, ...]
    lacking: tuple[str, ...]


def matrix(record: PolicyRecord) -> tuple[tuple[Practice, ...], ...]:
    """
    Return the practice of each area at each tier.

    Args:
        record: a policy; rules for one family or class of place are left aside

    Returns:
        One row for each area, in it one practice for each tier.

    Source: mission, RT-04.
    """
    return tuple(tuple(_practice(record, area, tier) for tier in TIERS) for area in areas())


def chosen(record: PolicyRecord, wanted: Mapping[tuple[str, int], str]) -> PolicyRecord:
    """
    Return a policy that asks for other practices.

    Args:
        record: the policy to begin with
        wanted: area and tier to minimum or recommended; what is not named stays as it is

    Returns:
        The policy, nobody's yet. Controls beyond the minimum become advised, never off.

    Raises:
        MalformedError: no such area, tier or practice.

    Source: mission, RT-04.
    """
    known = {area.id: area for area in areas()}
    for (name, tier), level in wanted.items():
        if name not in known or tier not in TIERS or level not in (*_SETTABLE,):
            raise MalformedError(
                f"There is no practice {level!r} of {name!r} at tier {tier}.",
                hint="Choose minimum or recommended for one of the five areas.",
            )
        record = _set(record, known[name], tier, Level(level))
    return record


_SETTABLE = (Level.MINIMUM, Level.RECOMMENDED)


def _practice(record: PolicyRecord, area: Area, tier: int) -> Practice:
    policy = of_record(record)
    required = tuple(
        one for one in area.controls if policy.rule(one, "", tier, "").mode is Mode.REQUIRED
    )
    lacking = tuple(one for one in area.controls if one not in required)
    return Practice(area, tier, _level(area, required), required, lacking)


def _level(area: Area, required: tuple[str, ...]) -> Level:
    if set(area.least) - set(required):
        return Level.BELOW
    if len(required) == len(area.controls):
        return Level.RECOMMENDED
    return Level.BETWEEN if len(required) > len(area.least) else Level.MINIMUM


def _set(record: PolicyRecord, area: Area, tier: int, level: Level) -> PolicyRecord:
    """Return a policy in which the area's controls have the modes of a practice at a tier."""
    whole = level is Level.RECOMMENDED
    modes = {
        one: Mode.REQUIRED if whole or one in area.least else Mode.ADVISED for one in area.controls
    }
    rules: list[Rule] = []
    for rule in record.rules:
        plain = rule.family is None and rule.place_class is None
        if plain and rule.tier == tier and rule.control in modes:
            rules.append(replace(rule, mode=modes.pop(rule.control)))
        else:
            rules.append(rule)
    policy = of_record(record)
    fresh = (
        replace(policy.rule(one, "", tier, ""), mode=mode, tier=tier, family=None, place_class=None)
        for one, mode in modes.items()
    )
    return replace(record, rules=(*rules, *fresh))
