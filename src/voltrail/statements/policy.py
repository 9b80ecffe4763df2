"""
The operator's control policy as a value: who must pass what, how strictly, from when.

Each rule says, for one control and a scope, its mode and what a violated or unproven finding
leads to. Two people approve the same bytes. No rule language.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from voltrail.canonical import Json
from voltrail.ids.subject import PersonId


class Mode(StrEnum):
    """Whether a control counts."""

    REQUIRED = "required"
    ADVISED = "advised"
    OFF = "off"


class Consequence(StrEnum):
    """What a finding leads to, mildest first."""

    NOTE = "note"
    QUARANTINE = "quarantine"
    REJECT = "reject"
    ISOLATE = "isolate"


@dataclass(frozen=True, slots=True)
class Rule:
    """One control in one scope, an absent field meaning any; the narrowest fitting rule wins."""

    control: str
    mode: Mode
    violated: Consequence = Consequence.QUARANTINE
    unproven: Consequence = Consequence.QUARANTINE
    family: str | None = None
    tier: int | None = None
    place_class: str | None = None
    limits: dict[str, Json] | None = None


@dataclass(frozen=True, slots=True)
class PolicyRecord:
    """A whole policy: title, rules, when it begins, who proposed and approved it."""

    title: str
    valid_from: datetime
    rules: tuple[Rule, ...]
    approved_by: tuple[PersonId, ...]
