"""
A decision about an arrival, as it was reached: findings, layers, policy, revisions, register size.

Stated by the operator's own key. Holds everything that a replay needs to compare itself with.
"""

from voltrail.ids.subject import SubjectId
from voltrail.statements.fields import Digest, Fact, Instant, Many, Text, Whole


class FindingRecord(Fact, frozen=True):
    """One control's answer, its entries, what it leads to, and the exception that covers it."""

    control: Text
    revision: Whole
    layer: Text
    outcome: Text
    consequence: Text
    sentence: Text
    entries: Many[Whole] = ()
    remedy: Text | None = None
    waived_by: Whole | None = None
    waived_until: Instant | None = None


class LayerRecord(Fact, frozen=True):
    """State of one verification layer."""

    layer: Text
    state: Text


class DecisionRecord(Fact, frozen=True):
    """Disposition of a subject at a register size under a policy."""

    about: SubjectId
    disposition: Text
    sentence: Text
    tier: Whole
    assurance: Text
    policy: Digest
    kernel: Text
    register_size: Whole
    judged_at: Text
    findings: Many[FindingRecord]
    layers: Many[LayerRecord]
