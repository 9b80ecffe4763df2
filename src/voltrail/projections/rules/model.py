"""
The words anomaly rules are written in: finding, severity, tolerances, and the table of rules.

A rule sees what bears on one subject and the tolerances, and yields what it found. Knows no rule.
"""

import csv
from collections.abc import Callable, Iterator
from enum import StrEnum
from functools import cache
from importlib import resources
from typing import Any

from msgspec import Struct

from voltrail.ids.subject import Kind, SubjectId
from voltrail.projections.rules.bearing import Bearing
from voltrail.projections.view import Recorded


class Severity(StrEnum):
    """What a finding does to a release: it blocks, it holds for review, or it is a note."""

    HIGH = "H"
    MIDDLE = "M"
    LOW = "L"


GRAVITY = tuple(Severity)  # the gravest first


class Anomaly(Struct, frozen=True, order=True):
    """One finding: the rule, whom it is about, the entries, what was seen, what would change it."""

    rule: str
    severity: Severity
    subject: SubjectId
    entries: tuple[int, ...]
    sentence: str
    instead: str


class Tolerances(Struct, frozen=True):
    """The numbers of the rules; `catalogue/tables/anomaly_tolerances.csv` says why."""

    clock_min: int = 15
    max_speed_km_h: int = 900
    open_hand_over_h: int = 72
    max_gap_d: int = 45
    one_sided_d: int = 7
    one_sided_unknown_d: int = 60
    max_place_km: int = 25
    date_slack_h: int = 14
    max_interval_ratio: int = 2
    max_air_charge_percent: int = 30
    storage_least_deg_c: int = -20
    storage_most_deg_c: int = 60
    min_lane_trips: int = 20
    max_lane_mad: int = 6
    max_late_d: int = 7
    max_code_date_d: int = 7
    max_passport_percent: int = 5


class Found(Struct, frozen=True):
    """What a rule yields; the severity is the rule's own where none is given."""

    subject: SubjectId
    facts: tuple[Recorded[Any], ...]
    sentence: str
    severity: Severity | None = None


Check = Callable[[Bearing, Tolerances], Iterator[Found]]


class Rule(Struct, frozen=True):
    """A rule of the table: its number, name, severity, what it is about, its function."""

    id: str
    severity: Severity
    about: frozenset[Kind]
    check: Check

    @property
    def name(self) -> str:
        """The rule's name in words."""
        return self.check.__name__.replace("_", " ")

    @property
    def why(self) -> str:
        """What the rule is for, from its docstring."""
        return _told(self.check.__doc__ or "", "Why:", "Remedy:")

    @property
    def instead(self) -> str:
        """What would change a finding, and who can do that, from its docstring."""
        return _told(self.check.__doc__ or "", "Remedy:", "Source:")


RULES: dict[str, Rule] = {}


def rule(number: str, severity: Severity, *about: Kind) -> Callable[[Check], Check]:
    """
    Register a function as an anomaly rule.

    Args:
        number: R1 and so on, a promise: never reused
        severity: of its findings, where one says no other
        about: kinds of subjects it is asked about

    Returns:
        A decorator that leaves the function as it is.

    Source: our choice: ADR 0048.
    """

    def register(check: Check) -> Check:
        RULES[number] = Rule(number, severity, frozenset(about), check)
        return check

    return register


def anomaly(row: Rule, found: Found) -> Anomaly:
    """
    Return the finding that a rule's yield makes.

    Args:
        row: the rule
        found: what it yielded

    Returns:
        The finding, its entries ascending and each once.

    Source: our choice: ADR 0048.
    """
    entries = tuple(sorted({one.entry.index for one in found.facts}))
    severity = found.severity or row.severity
    return Anomaly(row.id, severity, found.subject, entries, found.sentence, row.instead)


@cache
def tolerances() -> Tolerances:
    """
    Return the tolerances in the catalogue.

    Returns:
        What policy people set.

    Source: our choice: ADR 0048; catalogue/tables/anomaly_tolerances.csv.
    """
    file = resources.files("voltrail.catalogue").joinpath("tables", "anomaly_tolerances.csv")
    rows = csv.DictReader(file.read_text("utf-8").splitlines())
    return Tolerances(**{row["field"]: int(row["value"]) for row in rows})


def _told(page: str, begins: str, ends: str) -> str:
    """Return one paragraph of a docstring on one line."""
    return " ".join(page.partition(begins)[2].partition(ends)[0].split())
