"""
A gathering as one walk through what is in what reads it: a level of steps at once, tables included.

Says which assemblies name a thing, what is in a whole now, and which tables of parts are not here.
Does not walk, and does not judge.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

from voltrail.ids.subject import ArrivalId, LotId, PartyId, SubjectId, UnitId
from voltrail.projections import parts
from voltrail.projections.gathering import Gathering
from voltrail.projections.parts import Joined, Put
from voltrail.projections.reach_keys import OUT_OF, USED_IN
from voltrail.projections.view import Recorded
from voltrail.statements.arrival import Arrival
from voltrail.statements.assembly import Assembly, Part
from voltrail.wording import Worded, worded

AWAY = worded("The table of parts of assembly %(number)s is not here; what it lists is not shown.")
_KEPT = 200_000  # [parts] of the assemblies that a walk keeps in memory; an older one is read again

Told = tuple[Worded, PartyId | None]
Built = tuple[Recorded[Assembly], Put]
Sightings = Callable[[Collection[UnitId]], Mapping[str, frozenset[str]]]
Puts = Callable[[Recorded[Assembly]], Put]


class Reading:
    """A gathering as one walk reads it in one direction: what a level of steps asks for at once."""

    def __init__(self, room: Gathering, seen: Sightings, puts: Puts, side: str) -> None:
        """Read for a walk whose steps look for themselves on one side of assemblies."""
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
            named = things_of(put.into(subject))
            for whole in things_of(put.outputs):
                links.setdefault(whole, set()).update(named)
        self._room.fetch([*links, *(OUT_OF + one for one in links if isinstance(one, LotId))])
        for whole, things in sorted(links.items()):
            for part, joined in self.inside(whole, things).items():
                yield whole, part == subject, joined


def things_of(listed: Iterable[Part]) -> set[SubjectId]:
    """
    Return what some parts are.

    Args:
        listed: parts of an assembly

    Returns:
        Units, and lots of parts that name no unit.

    Source: docs/spec/assembly.md.
    """
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
