"""
What is in what: from a unit or a lot down to what it was made of, and up to where it went.

Reads what is linked to the subject at hand, step by step; every link that is missing is a gap with
a name and somebody to ask. What somebody said twice stands once, and a circle ends where it closes.
Does not judge, and does not know whether a statement is true.
"""

from collections import deque
from collections.abc import Callable, Iterator
from enum import StrEnum
from typing import Any

from msgspec import Struct

from voltrail.ids.subject import ArrivalId, LotId, PartyId, SubjectId, UnitId
from voltrail.projections.gathering import Gathering
from voltrail.projections.view import Recorded
from voltrail.statements.arrival import Arrival
from voltrail.statements.assembly import Action, Assembly, Certainty, Part
from voltrail.statements.installation import Installation
from voltrail.statements.lot import LotRecord
from voltrail.statements.retirement import Retirement
from voltrail.statements.unit import Level, UnitRecord
from voltrail.wording import Worded, worded

MOST = 2_000  # [steps] our choice: ADR 0049; what a person reads, and a page draws


class Way(StrEnum):
    """How a step leads from one thing to the next."""

    START = "start"
    OF_LOT = "of-lot"
    MADE_OF = "made-of"
    PART_OF = "part-of"
    HAS_UNIT = "has-unit"
    ARRIVED = "arrived"
    INSTALLED = "installed"
    LEFT = "left"


class Step(Struct, frozen=True):
    """One thing on the way, how it was reached from the step before, and what says so."""

    subject: SubjectId
    way: Way
    certainty: Certainty
    depth: int
    before: int | None
    entries: tuple[int, ...]


class Gap(Struct, frozen=True):
    """What nobody says, after which step, and whom to ask."""

    after: int
    sentence: Worded
    ask: PartyId | None


class Traced(Struct, frozen=True):
    """The steps of one direction, breadth first; `is_cut` where there are more than `MOST`."""

    steps: tuple[Step, ...]
    gaps: tuple[Gap, ...]
    is_cut: bool = False


Next = tuple[SubjectId, Way, Certainty, int]
Sightings = Callable[[UnitId], frozenset[str]]


def origins(room: Gathering, start: SubjectId, seen: Sightings) -> Traced:
    """
    Return what a unit or a lot was made of and came from, at any depth.

    Args:
        room: what is on record at a register size
        start: a unit or a lot
        seen: the arrivals in which a unit was seen

    Returns:
        The steps, and a gap for each lot without a record and each whole without parts.

    Source: mission, PV-04; EPCIS 2.0, transformation; ADR 0049.
    """
    return _walk(
        start, lambda step: _below(room, step, seen), lambda step, ways: _lost(room, step, ways)
    )


def reach(room: Gathering, start: SubjectId, seen: Sightings) -> Traced:
    """
    Return where a unit or a lot went: into which wholes, arrivals and places, at any depth.

    Args:
        room: what is on record at a register size
        start: a unit or a lot
        seen: the arrivals in which a unit was seen

    Returns:
        The steps, and a gap for each thing of which nobody says where it went.

    Source: mission, PV-04 and IR-02; ADR 0049.
    """
    return _walk(start, lambda step: _above(room, step, seen), _untold)


def _walk(
    start: SubjectId,
    following: Callable[[Step], Iterator[Next]],
    gap: Callable[[Step, frozenset[Way]], tuple[Worded, PartyId | None] | None],
) -> Traced:
    steps = [Step(start, Way.START, Certainty.DEFINITE, 0, None, ())]
    places, gaps, waiting = {start: 0}, list[Gap](), deque([0])
    while waiting:
        at = waiting.popleft()
        found = sorted(set(following(steps[at])))
        for subject, way, certainty, entry in found:
            if subject in places:
                known = places[subject]
                steps[known] = _also(steps[known], certainty, entry)
                continue
            if len(steps) >= MOST:
                return Traced(tuple(steps), tuple(gaps), is_cut=True)
            whole = _weaker(steps[at].certainty, certainty)
            places[subject] = len(steps)
            waiting.append(len(steps))
            steps.append(Step(subject, way, whole, steps[at].depth + 1, at, (entry,)))
        told = gap(steps[at], frozenset(way for _, way, _, _ in found))
        if told is not None:
            gaps.append(Gap(at, *told))
    return Traced(tuple(steps), tuple(gaps))


def _also(step: Step, certainty: Certainty, entry: int) -> Step:
    """Return a step that is reached once more: surer where the new way is, and one entry more."""
    if entry in step.entries or step.before is None:
        return step
    sure = certainty is Certainty.DEFINITE and step.certainty is Certainty.DEFINITE
    entries = tuple(sorted({*step.entries, entry}))
    word = Certainty.DEFINITE if sure else step.certainty
    return Step(step.subject, step.way, word, step.depth, step.before, entries)


def _weaker(one: Certainty, other: Certainty) -> Certainty:
    return Certainty.POSSIBLE if Certainty.POSSIBLE in (one, other) else Certainty.DEFINITE


def _joined(room: Gathering, subject: SubjectId) -> Iterator[Recorded[Assembly]]:
    """Yield what was joined and not taken apart again, as far as it names a subject."""
    stands = room.view(subject).standing(Assembly)
    apart = [one for one in stands if one.fact.action is Action.DELETE]
    for one in stands:
        undone = any(
            other.fact.at >= one.fact.at and set(other.fact.outputs) == set(one.fact.outputs)
            for other in apart
        )
        if one.fact.action is not Action.DELETE and not undone:
            yield one


def _named(parts: tuple[Part, ...], subject: SubjectId) -> Part | None:
    return next((one for one in parts if subject in (one.unit, one.lot)), None)


def _things(part: Part) -> Iterator[SubjectId]:
    thing = part.unit or part.lot
    if thing is not None:
        yield thing


def _below(room: Gathering, step: Step, seen: Sightings) -> Iterator[Next]:
    subject = step.subject
    for one in _joined(room, subject):
        if _named(one.fact.outputs, subject) is not None:
            for part in one.fact.inputs:
                for thing in _things(part):
                    yield thing, Way.MADE_OF, part.certainty, one.entry.index
    if isinstance(subject, UnitId):
        for lot, entry in _lots_of(room, subject, seen):
            yield lot, Way.OF_LOT, Certainty.DEFINITE, entry


def _lots_of(room: Gathering, unit: UnitId, seen: Sightings) -> Iterator[tuple[LotId, int]]:
    for said in room.view(unit).standing(UnitRecord):
        if said.fact.unit == unit:
            yield said.fact.lot, said.entry.index
    for built in _joined(room, unit):
        part = _named(built.fact.outputs, unit)
        if part is not None and part.lot is not None and part.unit is not None:
            yield part.lot, built.entry.index
    for arrival in sorted(seen(unit)):
        for came in room.view(ArrivalId.read(arrival)).standing(Arrival):
            yield came.fact.lot, came.entry.index


def _above(room: Gathering, step: Step, seen: Sightings) -> Iterator[Next]:
    subject = step.subject
    view = room.view(subject)
    for one in _joined(room, subject):
        part = _named(one.fact.inputs, subject)
        if part is not None:
            for whole in one.fact.outputs:
                for thing in _things(whole):
                    yield thing, Way.PART_OF, part.certainty, one.entry.index
    if isinstance(subject, LotId):
        yield from _of_lot(view.facts, subject)
    if isinstance(subject, UnitId):
        yield from _of_unit(room, view.facts, subject, seen)
        yield from _through_lot(room, subject, seen)


def _of_lot(facts: tuple[Recorded[Any], ...], lot: LotId) -> Iterator[Next]:
    for one in facts:
        if one.withdrawn_by is not None:
            continue
        if isinstance(one.fact, Arrival) and one.fact.lot == lot:
            yield one.fact.arrival, Way.ARRIVED, Certainty.DEFINITE, one.entry.index
        if isinstance(one.fact, UnitRecord) and one.fact.lot == lot:
            yield one.fact.unit, Way.HAS_UNIT, Certainty.DEFINITE, one.entry.index


def _of_unit(
    room: Gathering, facts: tuple[Recorded[Any], ...], unit: UnitId, seen: Sightings
) -> Iterator[Next]:
    for arrival in sorted(seen(unit)):
        for came in room.view(ArrivalId.read(arrival)).standing(Arrival):
            yield came.fact.arrival, Way.ARRIVED, Certainty.DEFINITE, came.entry.index
    for one in facts:
        if one.withdrawn_by is not None:
            continue
        if isinstance(one.fact, Installation) and one.fact.unit == unit:
            yield one.fact.place, Way.INSTALLED, Certainty.DEFINITE, one.entry.index
        if isinstance(one.fact, Retirement) and unit in one.fact.units:
            yield one.fact.to or one.fact.holder, Way.LEFT, Certainty.DEFINITE, one.entry.index


def _through_lot(room: Gathering, unit: UnitId, seen: Sightings) -> Iterator[Next]:
    """Yield the wholes that took so much of a unit's lot, where nobody says which whole took it."""
    if any(_named(one.fact.inputs, unit) for one in _joined(room, unit)):
        return
    for lot, _entry in _lots_of(room, unit, seen):
        for one in _joined(room, lot):
            if any(part.lot == lot and part.unit is None for part in one.fact.inputs):
                for whole in one.fact.outputs:
                    for thing in _things(whole):
                        yield thing, Way.PART_OF, Certainty.POSSIBLE, one.entry.index


def _lost(
    room: Gathering, step: Step, ways: frozenset[Way]
) -> tuple[Worded, PartyId | None] | None:
    """Return what is missing below a step: a lot's record, or what a whole was made of."""
    subject = step.subject
    if isinstance(subject, LotId):
        maker = PartyId.of(subject.parts[0])
        if not room.view(subject).standing(LotRecord):
            return worded("Nobody recorded lot %(lot)s.", lot=subject.key), maker
        return None
    if isinstance(subject, UnitId) and Way.MADE_OF not in ways and not _is_cell(room, subject):
        maker = PartyId.of(subject.parts[0])
        return worded("Nobody says what %(unit)s was made of.", unit=subject.key), maker
    return None


def _is_cell(room: Gathering, unit: UnitId) -> bool:
    """Return whether a unit is a cell, which is made of no other unit."""
    said = room.view(unit).newest(UnitRecord)
    return said is not None and said.fact.unit == unit and said.fact.level is Level.CELL


def _untold(step: Step, ways: frozenset[Way]) -> tuple[Worded, PartyId | None] | None:
    """Return what is missing above a step: where a unit or a lot went."""
    subject = step.subject
    if ways or not isinstance(subject, UnitId | LotId):
        return None
    maker = PartyId.of(subject.parts[0])
    return worded("Nobody says where %(thing)s went.", thing=subject.key), maker
