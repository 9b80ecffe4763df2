"""
The verdict bar and the findings under it, as words to print.

Orders findings by weight; the weight of each was decided elsewhere. Does not judge.
"""

from dataclasses import dataclass
from functools import cache
from typing import Any

from django.utils.translation import gettext as _

from voltrail.actions.waived import waivable
from voltrail_server.panels import words
from voltrail_server.panels.words import Word

_CONSEQUENCES = ("isolate", "reject", "quarantine", "note", "none")
_OUTCOMES = ("violated", "error", "unproven", "holds", "not-applicable")


@dataclass(frozen=True, slots=True)
class Verdict:
    """A decision's word, sentence, time, and what it rests on."""

    word: Word
    sentence: str
    at: str
    policy: str
    register_size: str
    kernel: str
    tier: str
    assurance: str
    index: int | None


@dataclass(frozen=True, slots=True)
class Finding:
    """One control's answer in words."""

    id: str
    control: str
    layer: str
    word: Word
    consequence: str
    sentence: str
    entries: tuple[int, ...]
    remedy: str
    weighs: bool
    waived_by: int | None = None
    waived_until: str = ""
    may_ask: bool = False
    noted: bool = False


def verdict(recorded: Any) -> Verdict:  # noqa: ANN401 — a recorded decision, or nothing
    """Return the verdict bar of a recorded decision, or of none yet."""
    if recorded is None:
        sentence = _("Nobody has judged this arrival yet.")
        return Verdict(words.disposition(""), sentence, "", "", "", "", "", "", None)
    fact = recorded.fact
    return Verdict(
        words.disposition(fact.disposition),
        fact.sentence,
        words.moment(fact.judged_at),
        fact.policy,
        words.number(fact.register_size),
        fact.kernel,
        str(fact.tier),
        fact.assurance,
        recorded.entry.index,
    )


def findings(recorded: Any) -> tuple[Finding, ...]:  # noqa: ANN401 — a recorded decision, or nothing
    """Return the findings of a recorded decision, heaviest first."""
    if recorded is None:
        return ()
    return tuple(_finding(record) for record in sorted(recorded.fact.findings, key=_weight))


def _weight(record: Any) -> tuple[int, int, str]:  # noqa: ANN401 — a finding record
    heavy = _CONSEQUENCES.index(record.consequence) if record.consequence in _CONSEQUENCES else 0
    outcome = _OUTCOMES.index(record.outcome) if record.outcome in _OUTCOMES else 0
    return heavy, outcome, record.control


def _finding(record: Any) -> Finding:  # noqa: ANN401 — a finding record
    return Finding(
        record.control,
        f"{record.control} r{record.revision}",
        words.said(record.layer),
        words.outcome(record.outcome),
        words.said(words.CONSEQUENCES.get(record.consequence, record.consequence)),
        record.sentence,
        record.entries,
        words.begun(words.said(record.remedy or "")),
        weighs=record.consequence != "none",
        waived_by=record.waived_by,
        waived_until=words.stamp(record.waived_until),
        noted=record.consequence == "note",
        may_ask=record.consequence not in ("none", "note") and record.control in _waivable(),
    )


@cache
def _waivable() -> frozenset[str]:
    return frozenset(control for control, _title in waivable())
