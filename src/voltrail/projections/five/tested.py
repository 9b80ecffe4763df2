"""Who tested a unit, and what firmware it runs."""

from typing import Any

from voltrail.projections.five.model import (
    Answer,
    Contradiction,
    Question,
    Subject,
    answered,
)
from voltrail.projections.view import Recorded
from voltrail.statements.attestation import AttestationResult, TrustTier
from voltrail.statements.certificate import Certificate
from voltrail.statements.firmware import FirmwareReading
from voltrail.statements.inspection import Inspection, Stage
from voltrail.statements.lot import LotRecord
from voltrail.wording import Worded, worded

_ASK_TESTS = worded("Ask for the factory's tests with their reports, or draw it into a sample.")
_ASK_FIRMWARE = worded("Read its firmware, or ask the maker to declare the lot's version.")
_NONE = "none"


def who_tested_it(about: Subject) -> Answer:
    """
    Return who tested a unit.

    Args:
        about: the unit

    Returns:
        The maker's tests of its lot, and inspections that examined this very unit; one that looked
        at others of its arrival, and certificates of the product, are papers.

    Source: mission, PV-05; ADR 0053.
    """
    tested = [one for one in about.records() if _with_reports(one)]
    looked = [
        one
        for came in about.arrivals
        for one in about.standing(came.fact.arrival, Inspection)
        if one.fact.stage is Stage.SAMPLE
    ]
    own = [one for one in looked if any(about.unit in each.units for each in one.fact.results)]
    others = [one for one in looked if one not in own]
    papers = {
        one.entry.index: one
        for record in about.records()
        for one in about.standing(record.fact.product, Certificate)
        if one.fact.lot in (None, record.fact.lot)
    }
    return answered(
        Question.TESTS,
        _tested(about, tested, own, others),
        (*tested, *own),
        about.operator,
        papers=(*others, *papers.values()),
        missing=None if tested and own else _ASK_TESTS,
        ask=None if tested else about.maker,
    )


def what_firmware(about: Subject) -> Answer:
    """
    Return what firmware a unit runs.

    Args:
        about: the unit

    Returns:
        What an attestation or a reading of it says, and what the maker declared for its lot; two
        versions contradict each other.

    Source: mission, PV-05; ADR 0053.
    """
    declared = [one for one in about.records() if one.fact.firmware_version]
    read = [
        one
        for came in about.arrivals
        for one in about.standing(came.fact.arrival, FirmwareReading)
        if one.fact.unit in (None, about.unit)
    ]
    attested = list(about.standing(about.unit, AttestationResult))
    return answered(
        Question.FIRMWARE,
        _firmware(about, declared, read, attested),
        (*declared, *read, *attested),
        about.operator,
        against=(*_versions(declared, read), *_refused(attested)),
        missing=None if declared and (read or attested) else _ASK_FIRMWARE,
        ask=None if declared else about.maker,
    )


def _with_reports(one: Recorded[LotRecord]) -> bool:
    return any(each.report is not None for each in one.fact.test_results)


def _tested(about: Subject, tested: list[Any], own: list[Any], others: list[Any]) -> Worded:
    maker = {"maker": tested[-1].issuer.key} if tested else {}
    if own:
        day = {"by": about.operator.key, "day": f"{own[-1].fact.inspected_at:%Y-%m-%d}"}
        if tested:
            return worded(
                "%(maker)s tested its lot; %(by)s measured this unit on %(day)s.", **maker, **day
            )
        return worded("%(by)s measured this unit on %(day)s; its maker shows no test.", **day)
    if tested and others:
        return worded(
            "%(maker)s tested its lot; the sample of its arrival did not hold this unit.", **maker
        )
    if tested:
        return worded("%(maker)s tested its lot; nobody else tested anything of it.", **maker)
    if others:
        return worded("Others of its arrival were tested, this unit was not.")
    return worded("Nobody shows a test of it or of its lot.")


def _firmware(about: Subject, declared: list[Any], read: list[Any], attested: list[Any]) -> Worded:
    if attested:
        newest = attested[-1].fact
        said = {"by": newest.verifier.key, "level": newest.level, "status": newest.status}
        said["day"] = f"{newest.appraised_at:%Y-%m-%d}"
        return worded("%(by)s appraised it on %(day)s: %(status)s, at %(level)s.", **said)
    if read:
        fact = read[-1].fact
        said = {
            "version": fact.version,
            "day": f"{fact.read_at:%Y-%m-%d}",
            "count": fact.units_read,
        }
        if fact.unit == about.unit:
            return worded("Version %(version)s was read from it on %(day)s.", **said)
        return worded(
            "Version %(version)s was read from %(count)s units of its arrival on %(day)s.", **said
        )
    if not declared:
        return worded("Nobody says what firmware it runs.")
    fact = declared[-1].fact
    if fact.firmware_version == _NONE:
        return worded("Its maker says that it runs none.")
    return worded("Its maker declared version %(version)s.", version=fact.firmware_version)


def _versions(declared: list[Any], read: list[Any]) -> list[Contradiction]:
    said = {one.fact.firmware_version: one for one in declared}
    found = {one.fact.version: one for one in read}
    if not said or not found or set(found) <= set(said):
        return []
    told = (*said.values(), *found.values())
    versions = f"{', '.join(sorted(said))} was declared, {', '.join(sorted(found))} was read."
    return [Contradiction(versions, tuple(sorted(one.entry.index for one in told)))]


def _refused(attested: list[Any]) -> list[Contradiction]:
    return [
        Contradiction(
            f"Its attestation of {one.fact.appraised_at:%Y-%m-%d} is contraindicated.",
            (one.entry.index,),
        )
        for one in attested[-1:]
        if one.fact.status is TrustTier.CONTRAINDICATED
    ]
