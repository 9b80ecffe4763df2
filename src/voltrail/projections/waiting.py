"""
Open duties: what waits for whom, where, until when, and why.

A table says which fact opens a duty and which statement closes it; lists, mail and due dates read
only this. A function of the SET of facts about one subject. Does not store anything.
"""

import csv
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from functools import cache
from importlib import resources
from typing import Any

from msgspec import Struct

from voltrail.ids.subject import PersonId, SubjectId
from voltrail.projections.view import Recorded, fold
from voltrail.statements import kinds
from voltrail.statements.arrival import Arrival
from voltrail.statements.decision import DecisionRecord, FindingRecord
from voltrail.statements.order import Order
from voltrail.statements.sign_off import SignOff

DECISION = "decision."  # opens: decision.<disposition>
_OUTCOMES = {
    "": frozenset({"violated", "unproven", "error"}),
    "violated": frozenset({"violated"}),
    "unproven": frozenset({"unproven", "error"}),  # a control that could not run proves nothing
}
_MILD = frozenset({"none", "note"})


class Duty(Struct, frozen=True):
    """Somebody of a role owes a verb about a subject; the scope is the place, where known."""

    subject: SubjectId
    verb: str
    role: str
    scope: str
    due: datetime
    why: str
    opened_by: int

    def late(self, at: datetime) -> bool:
        """Return whether the due time has passed."""
        return self.due < at


class Row(Struct, frozen=True):
    """
    What opens a duty and what closes it.

    `opens` holds a statement kind, decision.<disposition>, or controls: an id, the beginning of
    ids, or a layer, each with `:violated` or `:unproven` where only that outcome counts.
    """

    verb: str
    role: str
    opens: tuple[str, ...]
    closes: str
    due_days: int
    why: str

    def opened_by(self, finding: FindingRecord) -> bool:
        """Return whether a finding opens this duty."""
        return finding.consequence not in _MILD and any(_fits(one, finding) for one in self.opens)


@cache
def table() -> tuple[Row, ...]:
    """
    Return the table of duties.

    Returns:
        Rows in the order of the file.

    Source: design, walls: open duties.
    """
    file = resources.files("voltrail.catalogue").joinpath("tables", "waiting.csv")
    return tuple(_row(found) for found in csv.DictReader(file.read_text("utf-8").splitlines()))


def duties_of(facts: Iterable[Recorded[Any]], rows: Sequence[Row]) -> tuple[Duty, ...]:
    """
    Return the duties that facts about one arrival, or about one order, leave open.

    Args:
        facts: everything on record about the subject, in any order, repeats allowed
        rows: the table

    Returns:
        Duties by due time; due counts from the entry since which the duty has been open.

    Source: design, walls: open duties; ADR 0006.
    """
    standing = (one for one in fold(None, facts).facts if one.withdrawn_by is None)
    known = sorted(standing, key=lambda one: one.entry.index)
    found = [duty for row in rows for duty in _opened(row, known, rows)]
    return in_order(found)


def in_order(duties: Iterable[Duty]) -> tuple[Duty, ...]:
    """
    Return duties by due time, then subject and verb.

    Args:
        duties: in any order

    Returns:
        The sorted duties.

    Source: look and words, queue.
    """
    return tuple(sorted(duties, key=lambda one: (one.due, one.subject, one.verb, one.role)))


def _row(found: dict[str, str]) -> Row:
    return Row(
        verb=found["verb"],
        role=found["role"],
        opens=tuple(found["opens"].split()),
        closes=found["closes"],
        due_days=int(found["due_days"]),
        why=found["why"],
    )


def _fits(opens: str, finding: FindingRecord) -> bool:
    which, _, outcome = opens.partition(":")
    named = finding.control.startswith(which) or finding.layer == which
    return named and finding.outcome in _OUTCOMES[outcome]


def _opened(row: Row, known: Sequence[Recorded[Any]], rows: Sequence[Row]) -> list[Duty]:
    if row.opens[0] in kinds.KINDS:
        return [_duty(row, one, "") for one in known if _stands_open(row, one, known)]
    decisions = [one for one in known if isinstance(one.fact, DecisionRecord)]
    if not decisions or not _reason(row, decisions[-1].fact):
        return []
    needed = sum((one.verb, one.opens) == (row.verb, row.opens) for one in rows)
    signed = _signed(row, decisions[-1], known)
    if row.closes == "sign-off" and signed >= needed:
        return []
    reason = _reason(row, decisions[-1].fact)
    more = f" {signed} of {needed} have signed." if row.closes == "sign-off" and needed > 1 else ""
    return [_duty(row, _since(row, decisions), reason + more, _place(known))]


def _stands_open(row: Row, one: Recorded[Any], known: Sequence[Recorded[Any]]) -> bool:
    if one.predicate_type != kinds.uri(row.opens[0]):
        return False
    closing = kinds.uri(row.closes)
    return not any(other.predicate_type == closing for other in known)


def _reason(row: Row, record: DecisionRecord) -> str:
    """Return why a decision opens a duty: its gravest sentence, or nothing where it does not."""
    if f"{DECISION}{record.disposition}" in row.opens:
        return record.sentence
    found = [one.sentence for one in record.findings if row.opened_by(one)]
    if not found:
        return ""
    return found[0] + (f" ({len(found) - 1} more)" if found[1:] else "")


def _since(row: Row, decisions: Sequence[Recorded[DecisionRecord]]) -> Recorded[DecisionRecord]:
    """Return the first of the decisions that have kept the duty open without a break."""
    first = decisions[-1]
    for one in reversed(decisions):
        if not _reason(row, one.fact):
            break
        first = one
    return first


def _signed(row: Row, decision: Recorded[Any], known: Iterable[Recorded[Any]]) -> int:
    """Return how many people signed, each with their own key, this verb about this decision."""
    return len(
        {
            one.issuer
            for one in known
            if isinstance(one.fact, SignOff)
            and isinstance(one.issuer, PersonId)
            and one.issuer == one.fact.person
            and (one.fact.verb, one.fact.about) == (row.verb, decision.entry.digest)
        }
    )


def _place(known: Iterable[Recorded[Any]]) -> str:
    return next((one.fact.place for one in known if isinstance(one.fact, Arrival)), "")


def _duty(row: Row, opening: Recorded[Any], reason: str, scope: str = "") -> Duty:
    fact = opening.fact
    return Duty(
        subject=fact.order if isinstance(fact, Order) else opening.subjects[0],
        verb=row.verb,
        role=row.role,
        scope=fact.place if isinstance(fact, Order) else scope,
        due=opening.entry.log_time + timedelta(days=row.due_days),
        why=row.why.format(reason=reason),
        opened_by=opening.entry.index,
    )
