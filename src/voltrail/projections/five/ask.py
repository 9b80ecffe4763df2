"""The five questions of one unit, answered at one size of the register."""

from collections.abc import Iterable

from msgspec.structs import replace

from voltrail.ids.subject import PartyId, SubjectId, UnitId
from voltrail.projections import anomalies
from voltrail.projections.five.held import what_custody_evidence
from voltrail.projections.five.made import where_was_it_assembled, who_made_the_cells
from voltrail.projections.five.model import Answer, Confidence, Contradiction, Question, subject
from voltrail.projections.five.tested import what_firmware, who_tested_it
from voltrail.projections.gathering import Gathering
from voltrail.projections.genealogy_read import Puts, Sightings
from voltrail.projections.rules.bearing import Bearing, Source, gather
from voltrail.projections.rules.model import Anomaly, Severity, tolerances
from voltrail.statements.certificate import Certificate

# Which question a rule's finding speaks against; what blocks or is held for review does.
_AGAINST = {
    Question.CELLS: ("R20",),
    Question.ASSEMBLY: ("R7", "R8", "R9", "R10", "R15", "R23", "R24"),
    Question.TESTS: ("R14", "R16"),
    Question.CUSTODY: ("R1", "R2", "R3", "R5", "R6", "R11", "R12", "R13"),
}


def five(
    room: Gathering,
    unit: UnitId,
    operator: PartyId,
    goods: tuple[Sightings, Puts],
    rules: tuple[Source, Iterable[Anomaly]],
) -> tuple[Answer, ...]:
    """
    Return the answers to the five questions about a unit.

    Args:
        room: what is on record at a register size
        unit: which one
        operator: whose register it is
        goods: the arrivals in which units were seen, and the parts of an assembly with its table
        rules: the same record for the rules, and what they found through the unit's arrivals

    Returns:
        One answer for each question, in their order; each with what contradicts it.

    Source: mission, PV-05; ADR 0053.
    """
    (source, through), about = rules, subject(room, unit, operator, *goods)
    lots = tuple(gather(source, lot) for lot in about.lots)
    papers = {
        one.fact.document
        for record in about.records()
        for one in about.standing(record.fact.product, Certificate)
    }
    looked = (*lots, *(gather(source, one) for one in (unit, *papers)))
    found = _contradicted(looked, {unit, *about.lots}, through)
    answers = (
        who_made_the_cells(about),
        where_was_it_assembled(about),
        who_tested_it(about),
        what_firmware(about),
        what_custody_evidence(about, lots),
    )
    return tuple(_weighed(one, found) for one in answers)


def _contradicted(
    looked: Iterable[Bearing], mine: set[SubjectId], through: Iterable[Anomaly]
) -> tuple[Anomaly, ...]:
    """Return what weighs against the unit or its lots, also where a paper's look finds it."""
    limits = tolerances()
    found = [one for each in looked for one in anomalies.judged(each, limits)]
    found += through
    weighs = {one for one in found if one.subject in mine and one.severity is not Severity.LOW}
    return anomalies.in_order(weighs)


def _weighed(one: Answer, found: tuple[Anomaly, ...]) -> Answer:
    told = tuple(
        Contradiction(each.sentence, each.entries)
        for each in found
        if each.rule in _AGAINST.get(one.question, ())
    )
    against = (*one.against, *told)
    if not against:
        return one
    return replace(one, against=against, confidence=Confidence.CONTRADICTED)
