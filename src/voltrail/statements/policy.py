"""
The operator's control policy as a value: who must pass what, how strictly, from when.

Each rule says, for one control and a scope, its mode and what a violated or unproven finding
leads to. Two people approve the same bytes. No rule language.
"""

from enum import StrEnum
from typing import Any

from voltrail.ids.subject import PersonId
from voltrail.statements.fields import Fact, Instant, Many, Text, Whole


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


class Rule(Fact, frozen=True):
    """One control in one scope, an absent field meaning any; the narrowest fitting rule wins."""

    control: Text
    mode: Mode
    violated: Consequence = Consequence.QUARANTINE
    unproven: Consequence = Consequence.QUARANTINE
    family: Text | None = None
    tier: Whole | None = None
    place_class: Text | None = None
    limits: dict[str, Any] | None = None


class PolicyRecord(Fact, frozen=True):
    """A whole policy: title, rules, when it begins, who proposed and approved it."""

    title: Text
    valid_from: Instant
    rules: Many[Rule]
    approved_by: Many[PersonId]
