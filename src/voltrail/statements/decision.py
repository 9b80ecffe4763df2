"""
A decision about an arrival, as it was reached: findings, layers, policy, revisions, register size.

Stated by the operator's own key. Holds everything that a replay needs to compare itself with.
"""

from dataclasses import dataclass

from voltrail.ids.subject import SubjectId
from voltrail.statements.fields import Digest


@dataclass(frozen=True, slots=True)
class FindingRecord:
    """One control's answer, the entries it rests on, and what it leads to."""

    control: str
    revision: int
    layer: str
    outcome: str
    consequence: str
    sentence: str
    entries: tuple[int, ...] = ()
    remedy: str | None = None


@dataclass(frozen=True, slots=True)
class LayerRecord:
    """State of one verification layer."""

    layer: str
    state: str


@dataclass(frozen=True, slots=True)
class DecisionRecord:
    """Disposition of a subject at a register size under a policy."""

    about: SubjectId
    disposition: str
    sentence: str
    tier: int
    assurance: str
    policy: Digest
    kernel: str
    register_size: int
    judged_at: str
    findings: tuple[FindingRecord, ...]
    layers: tuple[LayerRecord, ...]
