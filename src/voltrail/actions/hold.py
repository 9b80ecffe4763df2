"""
Holds: place one, see who has lifted which, and the bytes with which a person lifts one.

Placing is the operator's statement; lifting is a person's, and takes two of them. Whether goods are
held is judged by controls.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from msgspec import Struct
from msgspec.structs import fields

from voltrail.actions import record
from voltrail.actions.desk import Desk
from voltrail.actions.record import Registered
from voltrail.errors import MalformedError, NotPermittedError, UnknownSubjectError
from voltrail.ids.subject import CaseId, PersonId, SubjectId
from voltrail.projections.fold import of_type
from voltrail.projections.holds import TWO_PEOPLE
from voltrail.projections.view import Recorded
from voltrail.statements import fields as codec
from voltrail.statements import kinds
from voltrail.statements import statement as statements
from voltrail.statements.fields import Digest
from voltrail.statements.hold import Hold, HoldLift, Selector
from voltrail.statements.statement import Header


class Standing(Struct, frozen=True):
    """A hold, the lifts of it, and whether it still stands."""

    hold: Recorded[Hold]
    lifts: tuple[Recorded[HoldLift], ...]

    @property
    def lifted_by(self) -> tuple[SubjectId, ...]:
        """The persons who have lifted it, in order of their statements."""
        return tuple(dict.fromkeys(one.issuer for one in self.lifts))

    @property
    def stands(self) -> bool:
        """Whether fewer than two persons have lifted it."""
        return len(self.lifted_by) < TWO_PEOPLE


def place(
    desk: Desk, case: CaseId, selector: Mapping[str, str], why: tuple[str, PersonId], at: datetime
) -> Registered:
    """
    Return the place of a new hold in the register; whatever it fits is judged again at once.

    Args:
        desk: holds the operator's key
        case: what is being looked into
        selector: what is held, by the JSON names of `Selector`; empty texts are left out
        why: the cause, and the person who looks after it
        at: log time

    Returns:
        Index and digest.

    Raises:
        MalformedError: the selector holds nothing, or names something of another kind.
        RefusedError: what the register refuses it with.

    Source: design, walls; mission, II-07.
    """
    given = {name: text.strip() for name, text in selector.items() if text.strip()}
    known = {one.encode_name for one in fields(Selector)}
    if not given or not given.keys() <= known:
        raise MalformedError(
            "The hold does not say what is held.", hint=f"Name one of: {', '.join(sorted(known))}."
        )
    cause, owner = why
    if not cause.strip():
        raise MalformedError("The hold has no cause.", hint="Say in one sentence why.")
    found = codec.read(Selector, dict(given), "The hold")
    named = (getattr(found, one.name) for one in fields(Selector))
    subjects = (one for one in named if isinstance(one, SubjectId))
    fact = Hold(case, found, cause.strip(), owner)
    return record.state(desk, fact, Header(desk.operator, at), case, *subjects)


def holds(desk: Desk) -> tuple[Standing, ...]:
    """
    Return every hold on record, newest first.

    Args:
        desk: where they are kept

    Returns:
        Holds with the lifts of each.

    Source: design, walls.
    """
    lifts: dict[str, list[Recorded[HoldLift]]] = {}
    for one in _in_order(of_type(desk.entries, desk.views, kinds.uri("hold-lift"))):
        lifts.setdefault(one.fact.hold, []).append(one)
    found = _in_order(of_type(desk.entries, desk.views, kinds.uri("hold")))
    return tuple(
        Standing(one, tuple(lifts.get(one.entry.digest, ()))) for one in reversed(list(found))
    )


def hold(desk: Desk, index: int) -> Standing:
    """
    Return one hold with the lifts of it.

    Args:
        desk: where it is kept
        index: the hold's place in the register

    Returns:
        The hold.

    Raises:
        UnknownSubjectError: that entry is no hold.

    Source: design, walls.
    """
    for one in holds(desk):
        if one.hold.entry.index == index:
            return one
    raise UnknownSubjectError(f"Entry {index} is no hold.", hint="Look at the list of holds.")


def draft_lift(
    desk: Desk, index: int, person: PersonId, evidence: Sequence[int], at: datetime
) -> bytes:
    """
    Return the bytes with which one person lifts a hold; a second person states the same.

    Args:
        desk: where the hold is kept
        index: the hold's place in the register
        person: who will sign
        evidence: places of the entries that the lift rests on
        at: the time the person claims

    Returns:
        Canonical bytes to be signed.

    Raises:
        UnknownSubjectError: that entry is no hold, or a piece of evidence is no entry.
        MalformedError: nothing is given as evidence.
        NotPermittedError: the hold is lifted, or this person has lifted it.

    Source: design, walls; mission, II-07.
    """
    found = hold(desk, index)
    if not found.stands or person in found.lifted_by:
        raise NotPermittedError(
            f"{person} has nothing left to lift here.",
            hint="Another person lifts the hold too." if found.stands else "The hold is lifted.",
        )
    if not evidence:
        raise MalformedError(
            "A hold is lifted on evidence.", hint="Name the entries that show the goods are sound."
        )
    size = desk.entries.size()
    missing = [one for one in evidence if not 0 <= one < size]
    if missing:
        raise UnknownSubjectError(
            f"The register has no entry {missing[0]}.", hint="Name entries by their numbers."
        )
    wanted = sorted(set(evidence))
    digests = tuple(Digest(one.parsed.envelope) for one in desk.entries.at(wanted))
    case = found.hold.fact.case
    fact = HoldLift(case, Digest(found.hold.entry.digest), digests)
    return statements.compose(fact, Header(person, at), case)


def _in_order(found: tuple[Recorded[Any], ...]) -> list[Recorded[Any]]:
    return sorted(found, key=lambda one: one.entry.index)
