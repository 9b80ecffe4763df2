"""
What the end of a firm's key would put in doubt: statements worth less, decisions that change.

Looks and records nothing. What others say of the same goods is weighed by the decisions, not by the
list of statements.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from msgspec import Struct

from voltrail.actions.affects import bearing_on
from voltrail.actions.desk import Desk
from voltrail.actions.firm_keys import Ending, ended
from voltrail.actions.judge import governing
from voltrail.actions.policy import Simulated
from voltrail.controls.evaluate import evaluate
from voltrail.decisions.decide import decide
from voltrail.projections.anchors import KEY_TYPE, folded, worth_of
from voltrail.projections.dossier import Dossier, dossiers, gathering
from voltrail.projections.fold import SAID_BY, of_type
from voltrail.projections.view import EntryRef, Recorded
from voltrail.statements.key import KeyEvent
from voltrail.statements.statement import Header
from voltrail.trust.anchors import Anchors
from voltrail.trust.standing import Worth

MOST = 500  # [statements], and [arrivals]: what a preview looks at
_NOWHERE = "f" * 64  # the digest of what is not on record


class Doubted(Struct, frozen=True, rename="camel"):
    """A statement that a theft would put in doubt, and what it would be worth."""

    index: int
    predicate_type: str
    subjects: tuple[str, ...]
    logged_at: datetime
    standing: str
    why: str


class Doubt(Struct, frozen=True, rename="camel"):
    """
    What the end of a key would change; nothing of it is on record.

    `beyond` counts the statements, `left` the arrivals that were not looked at any more.
    """

    statements: tuple[Doubted, ...]
    beyond: int
    arrivals: int
    left: int
    changes: tuple[Simulated, ...]


def doubt(desk: Desk, key: str, ending: Ending, at: datetime) -> Doubt:
    """
    Return what the end of a firm's key would put in doubt; record nothing.

    Args:
        desk: knows keys, statements and arrivals
        key: SHA-256 of its material
        ending: how it would end
        at: log time it would get

    Returns:
        The statements that would be worth less, and the decisions that would change.

    Raises:
        UnknownSubjectError: no firm's key with this id is on record.
        NotPermittedError: it is the operator's own, pinned key.
        MalformedError: no such ending, or a time that has not come.

    Source: reference on provenance, section 2.6; ADR 0040.
    """
    fact = ended(desk, key, ending, at)
    supposed = Recorded(
        fact,
        Header(desk.operator, at),
        (fact.issuer,),
        KEY_TYPE,
        EntryRef(desk.entries.size(), _NOWHERE, at),
    )
    room = gathering(desk)
    said = room.facts(f"{SAID_BY}{fact.issuer}")
    now, after = desk.anchors(), _anchors_with(desk, supposed)
    hit = [one for one in said if _may_have_signed(key, one, now)]
    less = [(one, told) for one in hit if (told := _less(one, now, after)) is not None]
    bears = sorted(bearing_on(desk, room, [one for one, _ in less]))
    seen = dossiers(desk, room, bears[:MOST], (supposed,))
    changed = _changes(desk, seen, at)
    return Doubt(
        statements=tuple(_doubted(one, told) for one, told in less[:MOST]),
        beyond=max(0, len(less) - MOST),
        arrivals=len(bears),
        left=max(0, len(bears) - MOST),
        changes=tuple(changed),
    )


def _changes(desk: Desk, every: Sequence[Dossier], at: datetime) -> Iterator[Simulated]:
    rows = desk.views.rows_of([seen.arrival_id for seen in every])
    for seen in every:
        policy, row = governing(desk, seen), rows.get(seen.arrival_id)
        found = decide(seen, evaluate(seen, policy, at), policy, at)
        if row is not None and found.disposition != row.disposition:
            yield Simulated(row.arrival, row.disposition, found.disposition, found.sentence)


def _anchors_with(desk: Desk, supposed: Recorded[KeyEvent]) -> Anchors:
    events = of_type(desk.entries, desk.views, KEY_TYPE)
    return folded((*events, supposed), desk.pinned)


def _may_have_signed(key: str, one: Recorded[Any], anchors: Anchors) -> bool:
    """Return whether a key signed a statement, or no signature of it names an enrolled key."""
    named = {bound.key.key_id for bound in anchors.of_issuer(one.issuer)} & set(one.keys)
    return key in named or not named


def _less(one: Recorded[Any], before: Anchors, after: Anchors) -> Worth | None:
    """Return what a statement would be worth, where that is less than now and no longer good."""
    found, was = worth_of(after, one), worth_of(before, one)
    return found if found.standing < was.standing and not found.standing.is_good else None


def _doubted(one: Recorded[Any], told: Worth) -> Doubted:
    return Doubted(
        one.entry.index,
        one.predicate_type,
        tuple(map(str, one.subjects)),
        one.entry.log_time,
        told.standing.name.lower(),
        told.why,
    )
