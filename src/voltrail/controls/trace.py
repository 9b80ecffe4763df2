"""
Whether what is on record about the goods can all be true at once: the rules R1 to R24.

A finding that blocks is a violation, one that is to be looked at leaves the control unproven, a
note is told and holds. These controls lay facts of several subjects beside each other; the other
families ask whether what must be there is there. Does not look for findings itself.
"""

from datetime import datetime
from typing import Any

from voltrail.controls.model import (
    NoLimits,
    Outcome,
    Verdict,
    control,
    holds,
    not_applicable,
    unproven,
)
from voltrail.projections.dossier import Dossier
from voltrail.projections.rules.model import Anomaly, Severity
from voltrail.projections.traced import MOST_UNITS
from voltrail.projections.view import Recorded
from voltrail.projections.waivers import binding
from voltrail.statements.assembly import Assembly
from voltrail.statements.certificate import Certificate
from voltrail.statements.condition import Condition
from voltrail.statements.custody import HandOver
from voltrail.statements.inspection import Inspection
from voltrail.statements.installation import Installation
from voltrail.statements.lot import LotRecord
from voltrail.statements.retirement import Retirement
from voltrail.statements.unit import UnitRecord

RULES = {
    "TRC-01": frozenset({"R1", "R2", "R3", "R4", "R5", "R6", "R11", "R18"}),
    "TRC-02": frozenset({"R7", "R8", "R9", "R10", "R23", "R24"}),
    "TRC-03": frozenset({"R12", "R13"}),
    "TRC-04": frozenset({"R14", "R15", "R16", "R22"}),
    "TRC-05": frozenset({"R17"}),
    "TRC-06": frozenset({"R19", "R20"}),
    "TRC-07": frozenset({"R21"}),
}
# Rules that say what a control says: an exception from that control explains the finding too.
TWINS = {"R4": "CUS-01", "R11": "CUS-04", "R12": "CHN-02"}
_NO_ARRIVAL = "No arrival is on record."
_OUTCOMES = {
    Severity.HIGH: Outcome.VIOLATED,
    Severity.MIDDLE: Outcome.UNPROVEN,
    Severity.LOW: Outcome.HOLDS,
}
_UNIT_KINDS = (UnitRecord, Assembly, Installation, Retirement)


@control("TRC-01", needs=("arrival", "custody", "lot", "place"))
def custody_contradicts_nothing(dossier: Dossier, limits: NoLimits, at: datetime) -> Verdict:
    """
    The hand-overs of the lot agree with each other, with distances, counts, seals and time.

    Why: goods that were in two hands, or faster than a plane, are not one thing.
    Remedy: the parties that the finding names compare their papers, and one corrects its half.
    Source: our choice: ADR 0048, ADR 0050.
    """
    if dossier.arrival is None:
        return unproven(_NO_ARRIVAL)
    told = _told(dossier, "TRC-01", at)
    if told is not None:
        return told
    halves = _own(dossier, HandOver)
    if not halves:
        said = "No hand-over of this lot is on record to compare; CUS-01 asks for them."
        return not_applicable(said, dossier.arrival)
    return holds(f"{len(halves)} halves of hand-overs contradict nothing on record.", *halves)


@control("TRC-02", needs=("arrival", "lot", "unit", "assembly", "installation", "retirement"))
def units_are_themselves(dossier: Dossier, limits: NoLimits, at: datetime) -> Verdict:
    """
    No unit was made, delivered or installed twice, is of another lot, or had a life before.

    Why: a serial that is in two places names two things, and one of them is no original.
    Remedy: set the named units aside and compare them with the maker's record of their making.
    Source: our choice: ADR 0048, ADR 0050.
    """
    came = dossier.arrival
    if came is None:
        return unproven(_NO_ARRIVAL)
    told = _told(dossier, "TRC-02", at)
    if told is not None and told.outcome is not Outcome.HOLDS:
        return told
    if dossier.traced.more_units:
        said = f"Only {MOST_UNITS} of the units with something on record were looked at."
        return unproven(said, came)
    spoken = _own(dossier, *_UNIT_KINDS)
    if not dossier.serials and not spoken:
        return not_applicable("No serial came with these goods; PRV-04 asks for them.", came)
    return told or holds(_of_units(dossier), came, *spoken)


@control("TRC-03", needs=("arrival", "order", "custody", "disclosure"))
def route_was_declared(dossier: Dossier, limits: NoLimits, at: datetime) -> Verdict:
    """
    Only declared parties held the goods, and they came to where they were ordered.

    Why: goods leave the declared way where somebody gains by it.
    Remedy: the seller declares the party, or explains why the goods took another way.
    Source: our choice: ADR 0048, ADR 0050.
    """
    if dossier.arrival is None:
        return unproven(_NO_ARRIVAL)
    told = _told(dossier, "TRC-03", at)
    if told is not None:
        return told
    halves = _own(dossier, HandOver)
    if dossier.placed is None and not halves:
        said = "Neither order nor hand-over is on record; SUP-05 and CUS-01 ask for them."
        return not_applicable(said, dossier.arrival)
    placed = () if dossier.placed is None else (dossier.placed,)
    return holds("The goods kept to the declared way.", dossier.arrival, *placed, *halves)


@control("TRC-04", needs=("arrival", "lot", "certificate", "inspection", "key"))
def papers_fit_the_goods(dossier: Dossier, limits: NoLimits, at: datetime) -> Verdict:
    """
    No paper stands for other goods, no date is out of order, no key signed what it may not.

    Why: a true paper of other goods is the easiest forgery.
    Remedy: whoever filed or signed the named statement corrects it with the true paper.
    Source: our choice: ADR 0048, ADR 0050.
    """
    if dossier.arrival is None:
        return unproven(_NO_ARRIVAL)
    told = _told(dossier, "TRC-04", at)
    if told is not None:
        return told
    filed = _own(dossier, Certificate, LotRecord, Inspection)
    if not filed:
        said = "No paper about these goods is on record; PRV-01 and CRT-01 ask for them."
        return not_applicable(said, dossier.arrival)
    return holds(f"{len(filed)} papers contradict nothing on record.", *filed)


@control("TRC-05", needs=("arrival", "condition", "specification"))
def goods_were_kept_well(dossier: Dossier, limits: NoLimits, at: datetime) -> Verdict:
    """
    No logger of the lot saw more heat, cold, shock or silence than the maker allows.

    Why: heat, cold and blows age cells before anybody uses them.
    Remedy: the carrier hands in the full readings; the maker says whether the goods may be used.
    Source: our choice: ADR 0048, ADR 0050.
    """
    if dossier.arrival is None:
        return unproven(_NO_ARRIVAL)
    told = _told(dossier, "TRC-05", at)
    if told is not None:
        return told
    legs = _own(dossier, Condition)
    if not legs:
        said = "No logger of this lot is on record; INS-01 asks the dock how it travelled."
        return not_applicable(said, dossier.arrival)
    return holds(f"{len(legs)} logger records lie within the limits.", *legs)


@control("TRC-06", needs=("arrival", "lot", "assembly", "change-notice", "change-decision"))
def parts_are_as_announced(dossier: Dossier, limits: NoLimits, at: datetime) -> Verdict:
    """
    The parts are those of the first parts list, and no plant made more than it can.

    Why: a part that changes without a word changes what was qualified.
    Remedy: the assembler states a change notice; the operator accepts it or refuses the goods.
    Source: NIST SP 800-161r1, SR-4; our choice: ADR 0048, ADR 0050.
    """
    if dossier.arrival is None:
        return unproven(_NO_ARRIVAL)
    told = _told(dossier, "TRC-06", at)
    if told is not None:
        return told
    built = _own(dossier, Assembly)
    if not built:
        said = "No parts list of these goods is on record; no control asks for one."
        return not_applicable(said, dossier.arrival)
    cut = [one for one in dossier.traced.cut if any(one == each.fact.assembler for each in built)]
    if cut:
        return unproven(f"{cut[0].key} stated too much to compare all its parts lists.", *built)
    return holds(f"{len(built)} assemblies have the parts that were announced.", *built)


@control("TRC-07", needs=("arrival", "lot"))
def statements_came_in_time(dossier: Dossier, limits: NoLimits, at: datetime) -> Verdict:
    """
    What happened to the goods was told soon after it happened.

    Why: what is written from memory, or afterwards, is weaker than what was written then.
    Remedy: the signer says why it came late and what it was written from.
    Source: our choice: ADR 0048, ADR 0050.
    """
    if dossier.arrival is None:
        return unproven(_NO_ARRIVAL)
    return _told(dossier, "TRC-07", at) or holds(
        "What happened to the goods was told in time.", dossier.arrival
    )


def _told(dossier: Dossier, control_id: str, at: datetime) -> Verdict | None:
    """Return what the findings of a control's rules come to, the gravest first; None of none."""
    facts = dossier.traced.facts
    found = [one for one in dossier.anomalies if one.rule in RULES[control_id]]
    weighed = [(_severity(one, dossier, at), one) for one in found]
    if not found:
        return None
    gravest = min((severity for severity, _ in weighed), key=tuple(Severity).index)
    alike = [one for severity, one in weighed if severity is gravest]
    rests = sorted({index for one in alike for index in one.entries if index in facts})
    noted = "Noted under " if gravest is Severity.LOW else ""
    rest = f" ({len(found) - 1} more)" if len(found) > 1 else ""
    said = f"{noted}{alike[0].rule}: {alike[0].sentence.rstrip('.')}{rest}."
    return Verdict(_OUTCOMES[gravest], said, tuple(facts[index] for index in rests))


def _severity(one: Anomaly, dossier: Dossier, at: datetime) -> Severity:
    """Return how grave a finding is; a note where an exception explains what it says."""
    twin = TWINS.get(one.rule)
    explained = twin is not None and binding(dossier.waivers, twin, at) is not None
    return Severity.LOW if explained else one.severity


def _own(dossier: Dossier, *asked: type) -> tuple[Recorded[Any], ...]:
    """Return what is on record about the goods, of some kinds."""
    return tuple(one for one in dossier.traced.own if isinstance(one.fact, asked))


def _of_units(dossier: Dossier) -> str:
    """Return that the units are themselves, and what of other lots was not read."""
    count = len(dossier.serials)
    said = f"{count:,} serials contradict" if count else "The units contradict"
    cut = dossier.record is not None and dossier.record.fact.lot.parts[0] in _keys(dossier)
    rest = "; lists of the maker's other lots were read in part" if cut else ""
    return f"{said} nothing on record{rest}."


def _keys(dossier: Dossier) -> set[str]:
    return {one.key for one in dossier.traced.cut}
