"""
What was found when an arrival was inspected: a drawn sample, or a look at packaging and labels.

A first result is never superseded: `run` counts up, and a retest needs a plan. Readings over
1,000 rows are a committed table. Does not know the acceptance number; the plan named here does.
"""

from enum import StrEnum

from voltrail.ids.subject import ArrivalId, InstrumentId, UnitId
from voltrail.statements.fields import Fact, Instant, Many, Text, Whole
from voltrail.table import Commitment


class Stage(StrEnum):
    """The order of checks at receipt."""

    RECEIPT = "receipt"
    SAMPLE = "sample"


class Test(StrEnum):
    """What was checked."""

    PACKAGING = "packaging"
    SEALS = "seals"
    SERIALS = "serials"
    LABELS = "labels"
    SHIPPING_CONDITION = "shipping-condition"
    CAPACITY = "capacity"
    RESISTANCE = "internal-resistance"
    CYCLE = "cycle-behaviour"
    THERMAL = "thermal-response"
    STABILITY = "voltage-stability"


class Plan(Fact, frozen=True):
    """The sampling plan, fixed before: sample size, acceptance and rejection number [items]."""

    sample_size: Whole
    accept: Whole
    reject: Whole
    rule: Text


class Result(Fact, frozen=True):
    """One test over the sample: units examined, nonconforming items [items]."""

    test: Test
    examined: Whole
    nonconforming: Whole
    note: Text | None = None
    units: Many[UnitId] = ()


class Inspection(Fact, frozen=True):
    """One stage of inspection of one arrival."""

    arrival: ArrivalId
    stage: Stage
    run: Whole
    plan: Plan
    results: Many[Result]
    inspected_at: Instant
    instruments: Many[InstrumentId] = ()
    readings: Commitment | None = None

    @property
    def claim(self) -> str:
        """One result for each stage and run of an arrival."""
        return f"{self.arrival} {self.stage} {self.run}"
