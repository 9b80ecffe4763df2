"""
From findings to one disposition, its sentence and the state of every layer.

The gravest consequence decides; good findings never outweigh a bad one. Release needs at least one
finding and every required layer proven: a missing required layer stays missing.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from msgspec import Struct

import voltrail
from voltrail.controls.evaluate import Finding
from voltrail.controls.model import Layer, Outcome
from voltrail.controls.policy import Policy
from voltrail.projections.dossier import Dossier
from voltrail.projections.service import in_service
from voltrail.statements import fields
from voltrail.statements.decision import DecisionRecord, FindingRecord, LayerRecord
from voltrail.statements.fields import Digest
from voltrail.statements.policy import Consequence, Mode

RELEASE, QUARANTINE, REJECT, ISOLATE = "release", "quarantine", "reject", "isolate"
_GRAVITY = (Consequence.NOTE, Consequence.QUARANTINE, Consequence.REJECT, Consequence.ISOLATE)
_OUTCOMES = (
    Outcome.VIOLATED,
    Outcome.ERROR,
    Outcome.UNPROVEN,
    Outcome.HOLDS,
    Outcome.NOT_APPLICABLE,
)
_GRAVITY_OF = {one: rank for rank, one in enumerate(_GRAVITY)}
_PLACE_OF_OUTCOME = {one: rank for rank, one in enumerate(_OUTCOMES)}
_PLACE_OF_LAYER = {one: rank for rank, one in enumerate(Layer)}
_TWO_SOURCES = 2  # [independent issuers] mission: corroboration


class Layered(Struct, frozen=True):
    """One layer's state, and whether the policy requires it."""

    layer: Layer
    state: str
    required: bool


def decide(
    dossier: Dossier, findings: Sequence[Finding], policy: Policy, at: datetime
) -> DecisionRecord:
    """
    Return the decision that findings lead to under a policy.

    Args:
        dossier: what was judged
        findings: every finding on it
        policy: the policy it was judged by
        at: the time of judging

    Returns:
        The decision, ready to be sealed.

    Source: design, section 1, convictions 2 and 3; ADR 0008.
    """
    layers = [layered(layer, findings) for layer in Layer]
    missing = [one.layer for one in layers if one.required and one.state in _NOT_PROVEN]
    disposition = _disposition(findings, missing, dossier)
    weighed = sorted(findings, key=_weight)
    return DecisionRecord(
        about=dossier.arrival_id,
        disposition=disposition,
        sentence=_sentence(disposition, weighed, layers),
        tier=dossier.tier,
        assurance="AL0",
        policy=Digest(policy.digest),
        kernel=voltrail.__version__,
        register_size=dossier.size,
        judged_at=fields.stamp(at),
        findings=tuple(_record(finding) for finding in weighed),
        layers=tuple(LayerRecord(one.layer, one.state) for one in layers),
    )


PROVEN, SINGLE, CANNOT_TELL = "proven", "single-source", "cannot-tell"
CONTRADICTED, NOT_REQUIRED, WAIVED = "contradicted", "not-required", "waived"
_NOT_PROVEN = frozenset({CANNOT_TELL, CONTRADICTED})


def layered(layer: Layer, findings: Iterable[Finding]) -> Layered:
    """
    Return the state of one layer.

    Args:
        layer: which one
        findings: all findings

    Returns:
        Contradicted where anything is violated, cannot-tell where anything required is unproven,
        waived where nothing but an exception carries it, else proven by two independent issuers or
        more, or single-source; not-required where nothing counts.

    Source: look and words, layer strip; ADR 0008.
    """
    own = [one for one in findings if one.layer is layer]
    required = [one for one in own if one.mode is Mode.REQUIRED]
    counted = [one for one in required if one.verdict.outcome is not Outcome.NOT_APPLICABLE]
    outcomes = {one.verdict.outcome for one in counted if one.waiver is None}
    if Outcome.VIOLATED in outcomes:
        return Layered(layer, CONTRADICTED, required=True)
    if outcomes & {Outcome.UNPROVEN, Outcome.ERROR}:
        return Layered(layer, CANNOT_TELL, required=True)
    if not counted:
        return Layered(layer, NOT_REQUIRED, required=False)
    if any(one.waiver is not None for one in counted):
        return Layered(layer, WAIVED, required=True)
    issuers = {fact.issuer for one in counted for fact in one.verdict.facts}
    state = PROVEN if len(issuers) >= _TWO_SOURCES else SINGLE
    return Layered(layer, state, required=True)


def _disposition(findings: Sequence[Finding], missing: Sequence[Layer], dossier: Dossier) -> str:
    gravest = max(
        (_GRAVITY_OF[one.consequence] for one in findings if one.consequence is not None),
        default=0,
    )
    found = _GRAVITY[gravest]
    counted = any(
        one.mode is Mode.REQUIRED and one.verdict.outcome is Outcome.HOLDS for one in findings
    )
    if found is Consequence.NOTE and counted and not missing:
        return RELEASE
    if in_service(dossier).anything:
        return ISOLATE
    return REJECT if found in (Consequence.REJECT, Consequence.ISOLATE) else QUARANTINE


def _weight(finding: Finding) -> tuple[int, int, int, str]:
    gravity = -1 if finding.consequence is None else _GRAVITY_OF[finding.consequence]
    outcome, layer = _PLACE_OF_OUTCOME[finding.verdict.outcome], _PLACE_OF_LAYER[finding.layer]
    return -gravity, outcome, layer, finding.control


def _sentence(disposition: str, weighed: Sequence[Finding], layers: Sequence[Layered]) -> str:
    if disposition == RELEASE:
        return _released(weighed, layers)
    if not weighed:
        return "Held: nothing was checked."
    rest = sum(one.consequence not in (None, Consequence.NOTE) for one in weighed) - 1
    more = f" ({rest} more)" if rest > 0 else ""
    return f"{_WORDS[disposition]}: {weighed[0].verdict.sentence}{more}"


def _released(weighed: Sequence[Finding], layers: Sequence[Layered]) -> str:
    """Return the sentence of a release; exceptions are named, and the day the first one ends."""
    proven = sum(one.state in (PROVEN, SINGLE) for one in layers)
    waived = [one for one in weighed if one.waiver is not None]
    if not waived:
        return f"Released: all {proven} required layers rest on evidence."
    ends = min(one.waiver.fact.valid_until for one in waived if one.waiver is not None)
    named = ", ".join(one.control for one in waived)
    return (
        f"Released by exception from {named} until {ends:%Y-%m-%d %H:%MZ}: "
        f"{proven} required layers rest on evidence."
    )


_WORDS = {QUARANTINE: "Held", REJECT: "Refused", ISOLATE: "Isolate"}


def _record(finding: Finding) -> FindingRecord:
    good, waiver = finding.consequence is None, finding.waiver
    return FindingRecord(
        control=finding.control,
        revision=finding.revision,
        layer=finding.layer,
        outcome=finding.verdict.outcome,
        consequence="none" if finding.consequence is None else finding.consequence,
        sentence=finding.verdict.sentence,
        entries=finding.verdict.entries,
        remedy=None if good or not finding.remedy else finding.remedy,
        waived_by=None if waiver is None else waiver.entry.index,
        waived_until=None if waiver is None else waiver.fact.valid_until,
    )
