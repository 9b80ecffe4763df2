"""
Judge again what a decision judged, from the register alone, and compare.

The dossier is folded up to the decision's register size and judged by the policy it names. Where
a control's revision or the kernel differs, both answers are shown; nothing is ever re-decided
silently.
"""

from msgspec import Struct

from voltrail.controls.evaluate import evaluate
from voltrail.controls.policy import Policy
from voltrail.decisions.decide import decide
from voltrail.errors import UnverifiableError
from voltrail.ids.subject import ArrivalId
from voltrail.projections.dossier import Archive, dossier
from voltrail.statements import fields
from voltrail.statements.decision import DecisionRecord


class Replay(Struct, frozen=True):
    """The decision on record and the answer now, with what differs between the rules."""

    recorded: DecisionRecord
    now: DecisionRecord
    revisions: tuple[str, ...]

    @property
    def same(self) -> bool:
        """Whether both come to the same disposition, sentence, findings and layers."""
        return _gist(self.recorded) == _gist(self.now)


def replay(archive: Archive, record: DecisionRecord, policy: Policy) -> Replay:
    """
    Return a decision beside the same judgement made again.

    Args:
        archive: the register, or the part of it that a pack holds
        record: the decision
        policy: the policy it names

    Returns:
        Both answers, and which controls changed their revision since.

    Raises:
        UnverifiableError: the policy is another, or the decision is about no arrival.

    Source: design, section 1, conviction 5; ADR 0008.
    """
    if policy.digest != record.policy:
        raise UnverifiableError(
            f"The decision was made under policy {record.policy}.", hint="Give that policy."
        )
    if not isinstance(record.about, ArrivalId):
        raise UnverifiableError("Only decisions on arrivals are replayed.", hint="Name an arrival.")
    at = fields.instant(record.judged_at, "judgedAt")
    found = dossier(archive, record.about, record.register_size)
    now = decide(found, evaluate(found, policy, at), policy, at)
    before = {one.control: one.revision for one in record.findings}
    after = {one.control: one.revision for one in now.findings}
    changed = sorted(
        control
        for control in before.keys() | after.keys()
        if before.get(control) != after.get(control)
    )
    return Replay(record, now, tuple(changed))


def _gist(record: DecisionRecord) -> tuple[object, ...]:
    return record.disposition, record.sentence, record.tier, record.findings, record.layers
