"""
A decision about an arrival, as it was reached: findings, layers, policy, revisions, register size.

Stated by the operator's own key. Holds everything that a replay needs to compare itself with.
"""

from voltrail.ids.subject import SubjectId
from voltrail.statements.fields import Digest, Fact, Many, Text, Whole


class FindingRecord(Fact, frozen=True):
    """One control's answer, the entries it rests on, and what it leads to."""

    control: Text
    revision: Whole
    layer: Text
    outcome: Text
    consequence: Text
    sentence: Text
    entries: Many[Whole] = ()
    remedy: Text | None = None


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
