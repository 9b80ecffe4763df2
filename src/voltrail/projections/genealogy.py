"""
What is in what: from a unit or a lot down to what it was made of, and up to where it went.

Reads what is linked to the subjects at hand, level by level, the tables of parts included; every
link that is missing, and every table that is not here, is a gap with a name and somebody to ask.
What somebody said twice stands once, and a circle ends where it closes.
Does not judge, and does not know whether a statement is true.
"""

from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator
from enum import StrEnum
from itertools import islice
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from voltrail.ids.subject import LotId, PartyId, SubjectId, UnitId
from voltrail.projections.gathering import Gathering
from voltrail.projections.genealogy_read import Puts, Reading, Sightings, Told, things_of
from voltrail.projections.parts import Joined, Weight
from voltrail.projections.reach_keys import OUT_OF, USED_IN
from voltrail.projections.view import Recorded
from voltrail.statements.arrival import Arrival
from voltrail.statements.assembly import Assembly, Certainty
from voltrail.statements.installation import Installation
from voltrail.statements.lot import LotRecord
from voltrail.statements.movement import Movement, MovementVerb
from voltrail.statements.retirement import Retirement
from voltrail.statements.unit import Level, UnitRecord
from voltrail.wording import Worded, worded

MOST = 20_000  # [steps] our choice: ADR 0049; what a sheet and a program read at once
CIRCLE = worded("%(thing)s is said to be in itself.")


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
    walked = Reading(room, seen, puts, OUT_OF)
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
    walked = Reading(room, seen, puts, USED_IN)
    return _walk(
        start,
        walked.ahead,
        (lambda step: _above(walked, step), lambda step, ways: _untold(walked, step, ways)),
        most,
    )


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
            if (known := places.get(subject)) is not None:
                rests[known].add(entry)
                gaps += _circle(steps, at, (known, way))
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


def _circle(steps: list[Step], at: int, again: tuple[int, Way]) -> Iterator[Gap]:
    """Yield that a thing is said to be in itself, where a step leads back to one above it."""
    (known, way), above = again, at
    while above > known:
        above = steps[above].before or 0
    if above == known and way in (Way.MADE_OF, Way.PART_OF):
        thing = steps[known].subject
        yield Gap(at, worded(CIRCLE.form, thing=thing.key), PartyId.of(thing.parts[0]))


def _traced(steps: list[Step], rests: list[set[int]], gaps: list[Gap], *, is_cut: bool) -> Traced:
    """Return what was walked; a thing that was reached more than once rests on each entry."""
    told = (replace(one, entries=tuple(sorted(at))) for one, at in zip(steps, rests, strict=True))
    start = steps[:1]  # rests on nothing, even where a circle leads back to it
    return Traced((*start, *islice(told, 1, None)), tuple(gaps), is_cut)


def _weaker(one: Certainty, other: Certainty) -> Certainty:
    return Certainty.POSSIBLE if Certainty.POSSIBLE in (one, other) else Certainty.DEFINITE


def _steps(thing: SubjectId, way: Way, joined: Joined) -> Iterator[Next]:
    sure = Certainty.DEFINITE if joined.weight.sure else Certainty.POSSIBLE
    yield from ((thing, way, sure, entry) for entry in joined.entries)


def _below(room: Reading, step: Step) -> Iterator[Next]:
    subject = step.subject
    if not isinstance(subject, UnitId | LotId):
        return
    built = room.built(subject, OUT_OF)
    for whole in sorted(things_of(part for _, put in built for part in put.out(subject))):
        for part, joined in room.inside(whole).items():
            yield from _steps(part, Way.MADE_OF, joined)
    if isinstance(subject, UnitId):
        for lot, entry in _lots_of(room, subject):
            yield lot, Way.OF_LOT, Certainty.DEFINITE, entry


def _lots_of(room: Reading, unit: UnitId) -> Iterator[tuple[LotId, int]]:
    view = room.view(unit)
    for said in view.standing(UnitRecord):
        if said.fact.unit == unit:
            yield said.fact.lot, said.entry.index
    for built in view.standing(Assembly):
        put = room.put(built)
        named = (part for part in (*put.into(unit), *put.out(unit)) if part.unit == unit)
        yield from ((part.lot, built.entry.index) for part in named if part.lot is not None)
    yield from ((one.fact.lot, one.entry.index) for one in room.came(unit))


def _above(room: Reading, step: Step) -> Iterator[Next]:
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


def _of_unit(room: Reading, facts: tuple[Recorded[Any], ...], unit: UnitId) -> Iterator[Next]:
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


def _through_lot(room: Reading, unit: UnitId) -> Iterator[Next]:
    """Yield the wholes that took so much of a unit's lot, where nobody says which whole took it."""
    if any(room.around(unit)):
        return
    for lot, _entry in _lots_of(room, unit):
        for whole, is_itself, joined in room.around(lot):
            if is_itself:
                yield from _steps(whole, Way.PART_OF, Joined(Weight(0, 1), joined.entries))


def _lost(room: Reading, step: Step, ways: frozenset[Way]) -> Iterator[Told]:
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


def _is_cell(room: Reading, unit: UnitId) -> bool:
    """Return whether a unit is a cell, which is made of no other unit."""
    said = room.view(unit).newest(UnitRecord)
    return said is not None and said.fact.unit == unit and said.fact.level is Level.CELL


def _untold(room: Reading, step: Step, ways: frozenset[Way]) -> Iterator[Told]:
    """Yield what is missing above a step: a table, or where a unit or a lot went."""
    subject = step.subject
    if not isinstance(subject, UnitId | LotId):
        return
    away = room.away(subject)
    yield from away
    if not ways and not away:
        maker = PartyId.of(subject.parts[0])
        yield worded("Nobody says where %(thing)s went.", thing=subject.key), maker
