"""
What is in what: from a unit or a lot down to what it was made of, and up to where it went.

Reads what is linked to the subject at hand, step by step; every link that is missing is a gap with
a name and somebody to ask. What somebody said twice stands once, and a circle ends where it closes.
Does not judge, and does not know whether a statement is true.
"""

from collections import deque
from collections.abc import Callable, Iterator, Mapping
from enum import StrEnum
from typing import Any

from msgspec import Struct

from voltrail.ids.subject import ArrivalId, LotId, PartyId, SubjectId, UnitId
from voltrail.projections import parts
from voltrail.projections.gathering import Gathering
from voltrail.projections.parts import Joined, Put, Weight
from voltrail.projections.view import Recorded
from voltrail.statements.arrival import Arrival
from voltrail.statements.assembly import Assembly, Certainty, Part
from voltrail.statements.installation import Installation
from voltrail.statements.lot import LotRecord
from voltrail.statements.movement import Movement, MovementVerb
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
    walked = _Room(room)
    return _walk(
        start, lambda step: _below(walked, step, seen), lambda step, ways: _lost(walked, step, ways)
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
    walked = _Room(room)
    return _walk(start, lambda step: _above(walked, step, seen), _untold)


class _Room:
    """A gathering as one walk reads it: what is in what is folded once."""

    def __init__(self, room: Gathering) -> None:
        self.view, self._fetch = room.view, room.fetch
        self._inside: dict[SubjectId, Mapping[SubjectId, Joined]] = {}
        self._around: dict[SubjectId, tuple[tuple[SubjectId, SubjectId, Joined], ...]] = {}

    def inside(self, whole: SubjectId) -> Mapping[SubjectId, Joined]:
        """Return what is in a whole now, as reach counts it; what was taken out whole is not."""
        found = self._inside.get(whole)
        if found is None:
            built = self.view(whole).standing(Assembly)
            named = ((one, Put(one.fact.inputs, one.fact.outputs)) for one in built)
            found = self._inside[whole] = parts.joined(named, whole)
        return found

    def around(self, subject: SubjectId) -> tuple[tuple[SubjectId, SubjectId, Joined], ...]:
        """Return what names a subject as a part, the whole that it is in now, and the link."""
        found = self._around.get(subject)
        if found is None:
            found = self._around[subject] = tuple(self._joined(subject))
        return found

    def _joined(self, subject: SubjectId) -> Iterator[tuple[SubjectId, SubjectId, Joined]]:
        built = self.view(subject).standing(Assembly)
        links = {
            (part, whole)
            for one in built
            for part in _things(one.fact.inputs, subject)
            for whole in _things(one.fact.outputs)
        }
        self._fetch(whole for _, whole in links)
        for part, whole in sorted(links):
            joined = self.inside(whole).get(part)
            if joined is not None:
                yield part, whole, joined


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


def _things(listed: tuple[Part, ...], subject: SubjectId | None = None) -> set[SubjectId]:
    """Return the things of a list of parts; with a subject, of those that name it."""
    named = (one for one in listed if subject is None or subject in (one.unit, one.lot))
    return {thing for one in named if (thing := parts.thing(one)) is not None}


def _steps(thing: SubjectId, way: Way, joined: Joined) -> Iterator[Next]:
    sure = Certainty.DEFINITE if joined.weight.sure else Certainty.POSSIBLE
    yield from ((thing, way, sure, entry) for entry in joined.entries)


def _below(room: _Room, step: Step, seen: Sightings) -> Iterator[Next]:
    subject = step.subject
    built = room.view(subject).standing(Assembly)
    for whole in sorted({each for one in built for each in _things(one.fact.outputs, subject)}):
        for part, joined in room.inside(whole).items():
            yield from _steps(part, Way.MADE_OF, joined)
    if isinstance(subject, UnitId):
        for lot, entry in _lots_of(room, subject, seen):
            yield lot, Way.OF_LOT, Certainty.DEFINITE, entry


def _lots_of(room: _Room, unit: UnitId, seen: Sightings) -> Iterator[tuple[LotId, int]]:
    for said in room.view(unit).standing(UnitRecord):
        if said.fact.unit == unit:
            yield said.fact.lot, said.entry.index
    for built in room.view(unit).standing(Assembly):
        named = (part for part in built.fact.outputs if part.unit == unit)
        yield from ((part.lot, built.entry.index) for part in named if part.lot is not None)
    for arrival in sorted(seen(unit)):
        for came in room.view(ArrivalId.read(arrival)).standing(Arrival):
            yield came.fact.lot, came.entry.index


def _above(room: _Room, step: Step, seen: Sightings) -> Iterator[Next]:
    subject = step.subject
    view = room.view(subject)
    for _part, whole, joined in room.around(subject):
        yield from _steps(whole, Way.PART_OF, joined)
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
    room: _Room, facts: tuple[Recorded[Any], ...], unit: UnitId, seen: Sightings
) -> Iterator[Next]:
    for arrival in sorted(seen(unit)):
        for came in room.view(ArrivalId.read(arrival)).standing(Arrival):
            yield came.fact.arrival, Way.ARRIVED, Certainty.DEFINITE, came.entry.index
    for one in facts:
        if one.withdrawn_by is not None:
            continue
        if isinstance(one.fact, Installation) and one.fact.unit == unit:
            yield one.fact.place, Way.INSTALLED, Certainty.DEFINITE, one.entry.index
        if isinstance(one.fact, Movement) and one.fact.verb is MovementVerb.INSTALL:
            yield one.fact.to, Way.INSTALLED, Certainty.DEFINITE, one.entry.index
        if isinstance(one.fact, Retirement) and unit in one.fact.units:
            yield one.fact.to or one.fact.holder, Way.LEFT, Certainty.DEFINITE, one.entry.index


def _through_lot(room: _Room, unit: UnitId, seen: Sightings) -> Iterator[Next]:
    """Yield the wholes that took so much of a unit's lot, where nobody says which whole took it."""
    if any(room.around(unit)):
        return
    for lot, _entry in _lots_of(room, unit, seen):
        for part, whole, joined in room.around(lot):
            if part == lot:
                yield from _steps(whole, Way.PART_OF, Joined(Weight(0, 1), joined.entries))


def _lost(room: _Room, step: Step, ways: frozenset[Way]) -> tuple[Worded, PartyId | None] | None:
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


def _is_cell(room: _Room, unit: UnitId) -> bool:
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
