"""
What is in what: from a unit or a lot down to what it was made of, and up to where it went.

Reads what is linked to the subjects at hand, level by level, the tables of parts included; every
link that is missing, and every table that is not here, is a gap with a name and somebody to ask.
What somebody said twice stands once, and a circle ends where it closes.
Does not judge, and does not know whether a statement is true.
"""

from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from enum import StrEnum
from itertools import islice
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from voltrail.ids.subject import ArrivalId, LotId, PartyId, SubjectId, UnitId
from voltrail.projections import parts
from voltrail.projections.gathering import Gathering
from voltrail.projections.parts import Joined, Put, Weight
from voltrail.projections.reach_keys import OUT_OF, USED_IN
from voltrail.projections.view import Recorded
from voltrail.statements.arrival import Arrival
from voltrail.statements.assembly import Assembly, Certainty, Part
from voltrail.statements.installation import Installation
from voltrail.statements.lot import LotRecord
from voltrail.statements.movement import Movement, MovementVerb
from voltrail.statements.retirement import Retirement
from voltrail.statements.unit import Level, UnitRecord
from voltrail.wording import Worded, worded

MOST = 20_000  # [steps] our choice: ADR 0049; what a sheet and a program read at once
_KEPT = 200_000  # [parts] of the assemblies that a walk keeps in memory; an older one is read again
AWAY = worded("The table of parts of assembly %(number)s is not here; what it lists is not shown.")


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
    """The steps of one direction, breadth first; `is_cut` where there are more than asked for."""

    steps: tuple[Step, ...]
    gaps: tuple[Gap, ...]
    is_cut: bool = False


Next = tuple[SubjectId, Way, Certainty, int]
Told = tuple[Worded, PartyId | None]
Built = tuple[Recorded[Assembly], Put]
Sightings = Callable[[Collection[UnitId]], Mapping[str, frozenset[str]]]
Puts = Callable[[Recorded[Assembly]], Put]


def origins(
    room: Gathering, start: SubjectId, seen: Sightings, puts: Puts, most: int | None = MOST
) -> Traced:
    """
    Return what a unit or a lot was made of and came from, at any depth.

    Args:
        room: what is on record at a register size
        start: a unit or a lot
        seen: the arrivals in which units were seen
        puts: the parts of an assembly, those of its table included
        most: how many steps; None walks all that is on record

    Returns:
        The steps, and a gap for each lot without a record, each whole without parts, and each table
        of parts that is not here.

    Source: mission, PV-04; EPCIS 2.0, transformation; ADR 0049.
    """
    walked = _Room(room, seen, puts, OUT_OF)
    return _walk(
        start,
        walked.ahead,
        (lambda step: _below(walked, step), lambda step, ways: _lost(walked, step, ways)),
        most,
    )


def reach(
    room: Gathering, start: SubjectId, seen: Sightings, puts: Puts, most: int | None = MOST
) -> Traced:
    """
    Return where a unit or a lot went: into which wholes, arrivals and places, at any depth.

    Args:
        room: what is on record at a register size
        start: a unit or a lot
        seen: the arrivals in which units were seen
        puts: the parts of an assembly, those of its table included
        most: how many steps; None walks all that is on record

    Returns:
        The steps, and a gap for each thing of which nobody says where it went, and for each table
        of parts that is not here.

    Source: mission, PV-04 and IR-02; ADR 0049.
    """
    walked = _Room(room, seen, puts, USED_IN)
    return _walk(
        start,
        walked.ahead,
        (lambda step: _above(walked, step), lambda step, ways: _untold(walked, step, ways)),
        most,
    )


class _Room:
    """A gathering as one walk reads it in one direction: what a level of steps asks for at once."""

    def __init__(self, room: Gathering, seen: Sightings, puts: Puts, side: str) -> None:
        self.view, self._room, self._side = room.view, room, side
        self._sightings, self._puts = seen, puts
        self._seen: dict[SubjectId, frozenset[str]] = {}
        self._read: dict[str, Put] = {}
        self._kept = 0
        self._around: dict[SubjectId, tuple[tuple[SubjectId, bool, Joined], ...]] = {}

    def ahead(self, things: Collection[SubjectId]) -> None:
        """Read what the steps of one level will ask for."""
        lots = (self._side + one for one in things if isinstance(one, LotId))
        self._room.fetch([*(one for one in things if isinstance(one, UnitId | LotId)), *lots])
        units = [one for one in things if isinstance(one, UnitId) and one not in self._seen]
        found = self._sightings(units) if units else {}
        self._seen |= {one: found.get(one, frozenset()) for one in units}
        self._room.fetch({arrival for one in units for arrival in self._seen[one]})

    def came(self, unit: UnitId) -> Iterator[Recorded[Arrival]]:
        """Yield the arrivals in which a unit was seen."""
        for arrival in sorted(self._seen.get(unit, ())):
            yield from self.view(ArrivalId.read(arrival)).standing(Arrival)

    def put(self, one: Recorded[Assembly]) -> Put:
        """Return the parts of an assembly; those of the newest tables that were read are kept."""
        found = self._read.get(one.entry.digest)
        if found is None:
            found = self._read[one.entry.digest] = self._puts(one)
            self._kept += _size(found)
            while self._kept > _KEPT and len(self._read) > 1:
                self._kept -= _size(self._read.pop(next(iter(self._read))))
        return found

    def built(self, subject: SubjectId, side: str) -> list[Built]:
        """Return the assemblies that name a thing on one side, and those that may: no table."""
        every = self.view(subject).standing(Assembly)
        if isinstance(subject, LotId):
            beside = (one for one in every if _names(one.fact, side, subject))
            listed = self._room.standing(side + subject)
            named = [*beside, *(one for one in listed if isinstance(one.fact, Assembly))]
            every = tuple({one.entry.digest: one for one in named}.values())
        told = ((one, self.put(one)) for one in every)
        return [(one, put) for one, put in told if _may_name(put, side, subject)]

    def inside(
        self, whole: SubjectId, only: Collection[SubjectId] | None = None
    ) -> Mapping[SubjectId, Joined]:
        """Return what is in a whole now, as reach counts it; what was taken out whole is not."""
        return parts.joined(self.built(whole, OUT_OF), whole, only)

    def around(self, subject: SubjectId) -> tuple[tuple[SubjectId, bool, Joined], ...]:
        """Return each whole that a thing is in now, whether as itself, and the link."""
        found = self._around.get(subject)
        if found is None:
            found = self._around[subject] = tuple(dict.fromkeys(self._joined(subject)))
        return found

    def away(self, subject: SubjectId) -> list[Told]:
        """Return each table of parts that is not here and could name a thing, and whom to ask."""
        built = [one.fact for one, put in self.built(subject, self._side) if not put.is_whole]
        return [(worded(AWAY.form, number=one.number), one.assembler) for one in built]

    def _joined(self, subject: SubjectId) -> Iterator[tuple[SubjectId, bool, Joined]]:
        links: dict[SubjectId, set[SubjectId]] = {}
        for _, put in self.built(subject, USED_IN):
            things = _things(put.into(subject))
            for whole in _things(put.outputs):
                links.setdefault(whole, set()).update(things)
        self._room.fetch([*links, *(OUT_OF + one for one in links if isinstance(one, LotId))])
        for whole, things in sorted(links.items()):
            for part, joined in self.inside(whole, things).items():
                yield whole, part == subject, joined


def _walk(
    start: SubjectId,
    ahead: Callable[[Collection[SubjectId]], None],
    asked: tuple[
        Callable[[Step], Iterator[Next]], Callable[[Step, frozenset[Way]], Iterable[Told]]
    ],
    most: int | None,
) -> Traced:
    following, gap = asked
    steps = [Step(start, Way.START, Certainty.DEFINITE, 0, None, ())]
    places, rests, gaps = {start: 0}, [set[int]()], list[Gap]()
    waiting, level = deque([0]), -1
    while waiting:
        if steps[waiting[0]].depth > level:
            level += 1
            ahead([steps[at].subject for at in waiting])
        at = waiting.popleft()
        found = sorted(set(following(steps[at])))
        for subject, way, certainty, entry in found:
            if subject in places:
                rests[places[subject]].add(entry)
                continue
            if most is not None and len(steps) >= most:
                return _traced(steps, rests, gaps, is_cut=True)
            whole = _weaker(steps[at].certainty, certainty)
            places[subject] = len(steps)
            waiting.append(len(steps))
            steps.append(Step(subject, way, whole, steps[at].depth + 1, at, ()))
            rests.append({entry})
        told = gap(steps[at], frozenset(way for _, way, _, _ in found))
        gaps += [Gap(at, *one) for one in told]
    return _traced(steps, rests, gaps, is_cut=False)


def _traced(steps: list[Step], rests: list[set[int]], gaps: list[Gap], *, is_cut: bool) -> Traced:
    """Return what was walked; a thing that was reached more than once rests on each entry."""
    told = (replace(one, entries=tuple(sorted(at))) for one, at in zip(steps, rests, strict=True))
    start = steps[:1]  # rests on nothing, even where a circle leads back to it
    return Traced((*start, *islice(told, 1, None)), tuple(gaps), is_cut)


def _weaker(one: Certainty, other: Certainty) -> Certainty:
    return Certainty.POSSIBLE if Certainty.POSSIBLE in (one, other) else Certainty.DEFINITE


def _things(listed: Iterable[Part]) -> set[SubjectId]:
    return {thing for one in listed if (thing := parts.thing(one)) is not None}


def _size(put: Put) -> int:
    return len(put.inputs) + len(put.outputs)


def _names(fact: Assembly, side: str, lot: LotId) -> bool:
    """Return whether an assembly names a lot on one side, beside its table."""
    return any(part.lot == lot for part in (fact.inputs if side == USED_IN else fact.outputs))


def _may_name(put: Put, side: str, subject: SubjectId) -> bool:
    """Return whether a thing is on one side, or could be: it is on none, and the table is away."""
    here, there = put.into(subject), put.out(subject)
    if side == OUT_OF:
        here, there = there, here
    return bool(here) or not (put.is_whole or there)


def _steps(thing: SubjectId, way: Way, joined: Joined) -> Iterator[Next]:
    sure = Certainty.DEFINITE if joined.weight.sure else Certainty.POSSIBLE
    yield from ((thing, way, sure, entry) for entry in joined.entries)


def _below(room: _Room, step: Step) -> Iterator[Next]:
    subject = step.subject
    if not isinstance(subject, UnitId | LotId):
        return
    built = room.built(subject, OUT_OF)
    for whole in sorted(_things(part for _, put in built for part in put.out(subject))):
        for part, joined in room.inside(whole).items():
            yield from _steps(part, Way.MADE_OF, joined)
    if isinstance(subject, UnitId):
        for lot, entry in _lots_of(room, subject):
            yield lot, Way.OF_LOT, Certainty.DEFINITE, entry


def _lots_of(room: _Room, unit: UnitId) -> Iterator[tuple[LotId, int]]:
    view = room.view(unit)
    for said in view.standing(UnitRecord):
        if said.fact.unit == unit:
            yield said.fact.lot, said.entry.index
    for built in view.standing(Assembly):
        put = room.put(built)
        named = (part for part in (*put.into(unit), *put.out(unit)) if part.unit == unit)
        yield from ((part.lot, built.entry.index) for part in named if part.lot is not None)
    yield from ((one.fact.lot, one.entry.index) for one in room.came(unit))


def _above(room: _Room, step: Step) -> Iterator[Next]:
    subject = step.subject
    if not isinstance(subject, UnitId | LotId):
        return
    facts = room.view(subject).facts
    for whole, _, joined in room.around(subject):
        yield from _steps(whole, Way.PART_OF, joined)
    if isinstance(subject, LotId):
        yield from _of_lot(facts, subject)
    else:
        yield from _of_unit(room, facts, subject)
        yield from _through_lot(room, subject)


def _of_lot(facts: tuple[Recorded[Any], ...], lot: LotId) -> Iterator[Next]:
    for one in facts:
        if one.withdrawn_by is not None:
            continue
        if isinstance(one.fact, Arrival) and one.fact.lot == lot:
            yield one.fact.arrival, Way.ARRIVED, Certainty.DEFINITE, one.entry.index
        if isinstance(one.fact, UnitRecord) and one.fact.lot == lot:
            yield one.fact.unit, Way.HAS_UNIT, Certainty.DEFINITE, one.entry.index


def _of_unit(room: _Room, facts: tuple[Recorded[Any], ...], unit: UnitId) -> Iterator[Next]:
    for came in room.came(unit):
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


def _through_lot(room: _Room, unit: UnitId) -> Iterator[Next]:
    """Yield the wholes that took so much of a unit's lot, where nobody says which whole took it."""
    if any(room.around(unit)):
        return
    for lot, _entry in _lots_of(room, unit):
        for whole, is_itself, joined in room.around(lot):
            if is_itself:
                yield from _steps(whole, Way.PART_OF, Joined(Weight(0, 1), joined.entries))


def _lost(room: _Room, step: Step, ways: frozenset[Way]) -> Iterator[Told]:
    """Yield what is missing below a step: a table, a lot's record, what a whole was made of."""
    subject = step.subject
    if not isinstance(subject, UnitId | LotId):
        return
    maker, away = PartyId.of(subject.parts[0]), room.away(subject)
    yield from away
    if isinstance(subject, LotId):
        if not room.view(subject).standing(LotRecord):
            yield worded("Nobody recorded lot %(lot)s.", lot=subject.key), maker
    elif Way.MADE_OF not in ways and not away and not _is_cell(room, subject):
        yield worded("Nobody says what %(unit)s was made of.", unit=subject.key), maker


def _is_cell(room: _Room, unit: UnitId) -> bool:
    """Return whether a unit is a cell, which is made of no other unit."""
    said = room.view(unit).newest(UnitRecord)
    return said is not None and said.fact.unit == unit and said.fact.level is Level.CELL


def _untold(room: _Room, step: Step, ways: frozenset[Way]) -> Iterator[Told]:
    """Yield what is missing above a step: a table, or where a unit or a lot went."""
    subject = step.subject
    if not isinstance(subject, UnitId | LotId):
        return
    away = room.away(subject)
    yield from away
    if not ways and not away:
        maker = PartyId.of(subject.parts[0])
        yield worded("Nobody says where %(thing)s went.", thing=subject.key), maker
