"""
Whether the arrival was looked at, and the sample drawn, tested and accepted as planned.

Counts only inspections that the operator or its people stated. The first run decides; later runs
never cure it. Does not draw samples, nor make plans.
"""

from datetime import datetime
from typing import Any

from msgspec import Struct

from voltrail.controls.model import NoLimits, Verdict, control, holds, unproven, violated
from voltrail.ids.subject import PersonId
from voltrail.projections.dossier import Dossier
from voltrail.projections.view import Recorded
from voltrail.statements.inspection import Inspection, Stage, Test

_NO_ARRIVAL = "No arrival is on record."
_NO_CHECK = "No receipt check of this arrival is on record."
_NO_SAMPLE = "No sample of this arrival was tested."
_RECEIPT = (Test.PACKAGING, Test.SEALS, Test.SERIALS, Test.LABELS, Test.SHIPPING_CONDITION)
_SAMPLE = (Test.CAPACITY, Test.RESISTANCE, Test.CYCLE, Test.THERMAL, Test.STABILITY)


class CheckLimits(Struct, frozen=True):
    """How many of the five receipt checks must be done [checks]."""

    min_checks: int = 5


class DefectLimits(Struct, frozen=True):
    """How many nonconforming items a receipt check may find [items]."""

    max_nonconforming_items: int = 0


class SampleLimits(Struct, frozen=True):
    """Least sample, whatever the plan says [items], and share of it in each test [percent]."""

    min_sample_items: int = 2
    min_examined_percent: int = 100


class AcceptLimits(Struct, frozen=True):
    """Largest acceptance number a plan may have, as a share of its sample [percent]."""

    max_accept_percent: int = 20


class TestLimits(Struct, frozen=True):
    """How many of the five validation tests must be done [tests]."""

    min_tests: int = 5


@control("INS-01", needs=("arrival", "inspection"), limits=CheckLimits)
def receipt_checks_were_done(dossier: Dossier, limits: CheckLimits, at: datetime) -> Verdict:
    """
    Packaging, seals, serials, labels and shipping condition were checked.

    Why: what the dock does not look at, nobody looks at.
    Remedy: do the checks that are named, and record them.
    Source: mission, at receipt (layered checks).
    """
    if dossier.arrival is None:
        return unproven(_NO_ARRIVAL)
    runs = _runs(dossier, Stage.RECEIPT)
    if not runs:
        return unproven(_NO_CHECK, dossier.arrival)
    done = {r.test for one in runs for r in one.fact.results if r.examined > 0}
    lacking = [test for test in _RECEIPT if test not in done]
    count = len(_RECEIPT) - len(lacking)
    if count < limits.min_checks:
        return unproven(f"Not checked at receipt: {', '.join(lacking)}.", *runs)
    return holds(f"{count} receipt checks were done.", *runs)


@control("INS-02", needs=("arrival", "inspection"), limits=DefectLimits)
def receipt_checks_found_nothing(dossier: Dossier, limits: DefectLimits, at: datetime) -> Verdict:
    """
    No receipt check, in whatever run, found a nonconforming item.

    Why: a broken seal or a wrong label is the first visible sign of substitution.
    Remedy: keep the goods apart, and have the seller explain the finding.
    Source: mission, quarantine triggers (four).
    """
    if dossier.arrival is None:
        return unproven(_NO_ARRIVAL)
    runs = _runs(dossier, Stage.RECEIPT)
    if not runs:
        return unproven(_NO_CHECK, dossier.arrival)
    for one in runs:
        for result in one.fact.results:
            if result.nonconforming > limits.max_nonconforming_items:
                return violated(
                    f"The {result.test} check found {result.nonconforming} nonconforming items.",
                    one,
                )
    if runs[0].fact.run > 1:
        return unproven("The first run of receipt checks is not on record.", *runs)
    return holds("The receipt checks found nothing.", *runs)


@control("INS-03", needs=("arrival", "inspection"), limits=SampleLimits)
def sample_is_as_large_as_planned(dossier: Dossier, limits: SampleLimits, at: datetime) -> Verdict:
    """
    In the first run, each test examined the whole planned sample.

    Why: a smaller sample than planned was chosen by somebody.
    Remedy: draw the rest of the planned sample, and test it.
    Source: ISO 2859-1:1999, single sampling plans.
    """
    came, runs = dossier.arrival, _runs(dossier, Stage.SAMPLE)
    if came is None or not runs:
        return unproven(_NO_ARRIVAL if came is None else _NO_SAMPLE)
    first = runs[0]
    if first.fact.run > 1:
        return unproven("The first sample is not on record.", *runs)
    wanted = first.fact.plan.sample_size
    least = min(limits.min_sample_items, came.fact.quantity)
    if wanted < least:
        return unproven(f"The plan draws {wanted}; the policy wants at least {least}.", first)
    examined = min((result.examined for result in first.fact.results), default=0)
    if examined * 100 < wanted * limits.min_examined_percent:
        return unproven(f"Only {examined} of {wanted} planned items were examined.", first)
    return holds(f"The planned sample of {wanted} was examined.", first)


@control("INS-04", needs=("arrival", "inspection"), limits=AcceptLimits)
def first_sample_was_accepted(dossier: Dossier, limits: AcceptLimits, at: datetime) -> Verdict:
    """
    The first sample had no more nonconforming items than its plan accepts.

    Why: testing until it passes makes every lot pass; a later run cures nothing.
    Remedy: reject the arrival; a retest needs a new plan and a reason.
    Source: ISO 2859-1:1999, acceptance and rejection numbers; mission, at receipt.
    """
    if dossier.arrival is None:
        return unproven(_NO_ARRIVAL)
    runs = _runs(dossier, Stage.SAMPLE)
    for one in runs:
        found, accept = _nonconforming(one.fact), one.fact.plan.accept
        if found > accept:
            return violated(
                f"Sample rejected: {found} nonconforming in run {one.fact.run}, {accept} allowed.",
                *runs,
            )
    if not runs or not runs[0].fact.results:
        return unproven(_NO_SAMPLE, dossier.arrival)
    if runs[0].fact.run > 1:
        return unproven("The first sample is not on record.", *runs)
    first = runs[0].fact
    if first.plan.accept * 100 > first.plan.sample_size * limits.max_accept_percent:
        return unproven(f"The plan accepts too much: {first.plan.accept} bad items.", *runs)
    return holds(
        f"Sample accepted: {_nonconforming(first)} nonconforming, {first.plan.accept} allowed.",
        *runs,
    )


@control("INS-05", needs=("arrival", "inspection"), limits=TestLimits)
def sample_went_through_the_tests(dossier: Dossier, limits: TestLimits, at: datetime) -> Verdict:
    """
    The sample went through as many of the five validation tests as the tier asks for.

    Why: used and rejected cells pass one test, seldom five.
    Remedy: run the tests that are named on the same sample.
    Source: mission, validation tests (five).
    """
    if dossier.arrival is None:
        return unproven(_NO_ARRIVAL)
    runs = _runs(dossier, Stage.SAMPLE)
    done = {result.test for one in runs for result in one.fact.results if result.examined > 0}
    lacking = [test for test in _SAMPLE if test not in done]
    count = len(_SAMPLE) - len(lacking)
    if count < limits.min_tests:
        return unproven(
            f"{count} of {limits.min_tests} tests done; not: {', '.join(lacking)}.", *runs
        )
    return holds(f"The sample went through {count} tests.", *runs)


@control("INS-06", needs=("arrival", "inspection"))
def inspection_came_after_receipt(dossier: Dossier, limits: NoLimits, at: datetime) -> Verdict:
    """
    No inspection is dated before the goods came.

    Why: results from before the receipt are of other goods.
    Remedy: inspect the goods that came, and record the true time.
    Source: our choice: ADR 0007.
    """
    came = dossier.arrival
    if came is None:
        return unproven(_NO_ARRIVAL)
    runs = (*_runs(dossier, Stage.RECEIPT), *_runs(dossier, Stage.SAMPLE))
    if not runs:
        return unproven(_NO_CHECK, came)
    for one in runs:
        if one.fact.inspected_at < came.fact.received_at:
            return violated("An inspection is dated before the goods came.", one, came)
    return holds("Everything was inspected after receipt.", came, *runs)


@control("INS-07", needs=("arrival",))
def arrival_was_recorded_by_the_operator(
    dossier: Dossier, limits: NoLimits, at: datetime
) -> Verdict:
    """
    The operator itself, or one of its people, recorded the arrival.

    Why: an arrival counted by the seller is the seller's word.
    Remedy: count the goods at the dock, and record the arrival.
    Source: our choice: ADR 0007.
    """
    came = dossier.arrival
    if came is None:
        return unproven(_NO_ARRIVAL)
    if not _ours(dossier, came):
        return violated(f"The arrival was stated by {came.issuer.key}, not by the operator.", came)
    return holds("The operator recorded the arrival.", came)


def _ours(dossier: Dossier, one: Recorded[Any]) -> bool:
    return one.issuer == dossier.operator or isinstance(one.issuer, PersonId)


def _runs(dossier: Dossier, stage: Stage) -> tuple[Recorded[Inspection], ...]:
    """Return our inspections of a stage, first run first."""
    found = [
        one
        for one in dossier.own.standing(Inspection)
        if one.fact.stage is stage
        and one.fact.arrival == dossier.arrival_id
        and _ours(dossier, one)
    ]
    return tuple(sorted(found, key=lambda one: one.fact.run))


def _nonconforming(fact: Inspection) -> int:
    """Return the nonconforming items [items]: each once where they are named, else their sum."""
    failed = [result for result in fact.results if result.nonconforming > 0]
    if all(len(set(result.units)) == result.nonconforming for result in failed):
        return len({unit for result in failed for unit in result.units})
    return sum(result.nonconforming for result in failed)
