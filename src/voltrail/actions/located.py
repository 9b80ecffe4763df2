"""
Where units are now: one, every one of a lot, and whatever is at a place.

Reads in bulk and folds; records nothing. What was brought in from a list before Voltrail is known
for one unit at a time, since a list of it may be long.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from msgspec import Struct

from voltrail.actions.desk import Desk
from voltrail.errors import UnknownSubjectError
from voltrail.ids.subject import PREFIX, LotId, PartyId, PlaceId, UnitId, is_identity
from voltrail.projections import stays, whereabouts
from voltrail.projections.fold import serials, tabled_serials
from voltrail.projections.gathering import Gathering
from voltrail.projections.movement import units_of
from voltrail.projections.reach_graph import Graph
from voltrail.projections.view import Recorded, View
from voltrail.projections.whereabouts import Count, State, Whereabouts, counts
from voltrail.statements.acceptance import Acceptance
from voltrail.statements.arrival import Arrival
from voltrail.statements.installation import Installation
from voltrail.statements.lot import LotRecord
from voltrail.statements.movement import Movement
from voltrail.statements.unit import UnitRecord

MOST = 20_000  # [units] of a lot that are looked at one by one
MOST_HERE = 20_000  # [units] at a place that are looked at one by one
Found = dict[UnitId, Whereabouts | None]


class LotUnits(Struct, frozen=True):
    """
    Where every unit of a lot is; `loose` counts items that nobody named one by one [items].

    `unseen` are items that the maker counted and nobody saw. `is_cut` where there are more units
    than are looked at.
    """

    lot: LotId
    units: Mapping[UnitId, Whereabouts | None]
    loose: tuple[Count, ...]
    unseen: int
    is_cut: bool

    @property
    def counts(self) -> tuple[Count, ...]:
        """How many are where, named or not; those that nobody saw last."""
        named = counts(self.units.values())
        nobody = self.unseen + sum(one.items for one in named if one.state is None)
        unseen = (Count(None, None, None, nobody),) if nobody else ()
        return (*_together((*named, *self.loose)), *unseen)


class Here(Struct, frozen=True):
    """What is at a place now: units one by one, items of lots by number [items]."""

    place: PlaceId
    units: Mapping[UnitId, Whereabouts]
    loose: tuple[tuple[LotId, Count], ...]
    is_cut: bool

    @property
    def counts(self) -> tuple[Count, ...]:
        """How many are in which state, named or not."""
        return _together((*counts(self.units.values()), *(count for _, count in self.loose)))


def located(desk: Desk, units: Collection[UnitId]) -> Found:
    """
    Return where each of some units was last said to be.

    Args:
        desk: what is on record
        units: which ones

    Returns:
        The whereabouts of each; None where nobody says anything of it.

    Source: mission, CU-03; ADR 0051.
    """
    return _located(desk, tuple(units))


def is_known(desk: Desk, units: Collection[UnitId]) -> frozenset[UnitId]:
    """
    Return which of some units anybody ever spoke of.

    Args:
        desk: what is on record
        units: which ones

    Returns:
        Those in a delivery's list, or in a statement.

    Source: mission, CU-03.
    """
    seen, named = desk.views.sightings(units), desk.views.indices_many(units)
    return frozenset(one for one in units if one in seen or one in named)


def units_of_lot(desk: Desk, lot: LotId) -> LotUnits:
    """
    Return where every unit of a lot is.

    Args:
        desk: what is on record
        lot: which one

    Returns:
        Its units by the maker's list, by deliveries and by own records, and the rest by number.

    Raises:
        UnknownSubjectError: nobody has spoken of the lot.

    Source: mission, CU-03; ADR 0051.
    """
    room = Gathering(desk.entries, desk.views)
    seen = room.view(lot)
    if not seen.facts:
        raise UnknownSubjectError(
            f"Nobody has spoken of {lot}.", hint="Check the number, or record its delivery."
        )
    known = sorted(set(_members(desk, lot, seen)))
    loose = whereabouts.loose(lot, _standing(seen))
    record = seen.newest(LotRecord)
    declared = 0 if record is None else record.fact.quantity or 0
    there = sum(one.items for one in loose if one.items > 0)
    units = _located(desk, tuple(known[:MOST]))
    unseen = max(0, declared - len(known) - there)
    return LotUnits(lot, units, loose, unseen, len(known) > MOST)


def here(desk: Desk, place: PlaceId) -> Here:
    """
    Return what is at a place now.

    Args:
        desk: what is on record
        place: which place

    Returns:
        Units and numbers of items; nothing where nobody brought anything there.

    Source: mission, CU-03; ADR 0051.
    """
    room = Gathering(desk.entries, desk.views)
    facts = room.standing(f"{whereabouts.AT}{place}")
    named = dict.fromkeys(one for fact in reversed(facts) for one in _named(desk, room, fact))
    units = tuple(named)[:MOST_HERE]
    found = _located(desk, units)
    told: dict[UnitId, Whereabouts] = {}
    for unit in whereabouts.at_place(found, place):
        one = found[unit]
        if one is not None:
            told[unit] = one
    return Here(place, told, tuple(_loose_at(room, facts, place)), len(named) > MOST_HERE)


def in_container(desk: Desk, container: str) -> tuple[UnitId, ...]:
    """
    Return the units that were last put into a container.

    Args:
        desk: what is on record
        container: its number

    Returns:
        Units in order of identity.

    Source: our choice: ADR 0051.
    """
    room = Gathering(desk.entries, desk.views)
    units = tuple(dict.fromkeys(_boxed(desk, room, container)))
    found = _located(desk, units)
    inside = (unit for unit, one in found.items() if one and one.container == container)
    return tuple(sorted(inside))


def _together(found: Iterable[Count]) -> tuple[Count, ...]:
    """Return counts with those of one place, state and holder added up."""
    told: dict[tuple[PlaceId | None, State, PartyId | None], int] = {}
    for one in found:
        if one.state is not None:
            key = (one.place, one.state, one.holder)
            told[key] = told.get(key, 0) + one.items
    return tuple(Count(*key, items) for key, items in told.items())


def _located(desk: Desk, units: tuple[UnitId, ...]) -> Found:
    graph = Graph((desk.entries, desk.views, desk.blobs))
    graph.fetch(units)
    graph.fetch({arrival for unit in units for arrival in graph.arrivals(unit)})
    alone: dict[frozenset[str], Whereabouts | None] = {}
    found: Found = {}
    for unit in units:
        came = graph.arrivals(unit)
        if graph.raw(unit):
            found[unit] = _last(graph, unit)
        else:  # only a list names it: as for every other unit of the same delivery
            if came not in alone:
                alone[came] = _last(graph, unit)
            found[unit] = alone[came]
    return found


def _last(graph: Graph, unit: UnitId) -> Whereabouts | None:
    found = stays.wheres(graph, unit)
    return found[-1] if found else None


def _standing(seen: View) -> tuple[Recorded[Any], ...]:
    return tuple(one for one in seen.facts if one.withdrawn_by is None)


def _members(desk: Desk, lot: LotId, seen: View) -> Iterator[UnitId]:
    """Yield the units of a lot: of the maker's lists, of deliveries, of their own records."""
    maker = lot.parts[0]
    for record in seen.standing(LotRecord):
        if record.fact.lot == lot:
            yield from (UnitId.of(maker, serial) for serial in _listed(desk, record.fact))
    for came in seen.standing(Arrival):
        if came.fact.lot == lot:
            yield from (UnitId.of(maker, one) for one in serials(came.fact, desk.blobs))
    yield from (one.fact.unit for one in seen.standing(UnitRecord) if one.fact.lot == lot)


def _listed(desk: Desk, fact: LotRecord) -> Sequence[str]:
    if fact.unit_tree is None:
        return tuple(one for one in fact.serials if is_identity(f"{PREFIX}unit:x:{one}"))
    return tabled_serials(fact.unit_tree, desk.blobs)


def _named(desk: Desk, room: Gathering, one: Recorded[Any]) -> Iterator[UnitId]:
    """Yield the units that a fact about a place names."""
    fact = one.fact
    if isinstance(fact, Arrival):
        maker = fact.lot.parts[0]
        yield from (UnitId.of(maker, serial) for serial in serials(fact, desk.blobs))
    elif isinstance(fact, Movement):
        yield from units_of(fact, desk.blobs)
        if fact.container and whereabouts.is_of_box_alone(fact):
            yield from _boxed(desk, room, fact.container)
    elif isinstance(fact, Installation):
        yield fact.unit
    elif isinstance(fact, Acceptance) and fact.puts_in:
        yield from fact.units


def _boxed(desk: Desk, room: Gathering, container: str) -> Iterator[UnitId]:
    for one in room.standing(f"{whereabouts.IN}{container}"):
        if isinstance(one.fact, Movement):
            yield from units_of(one.fact, desk.blobs)


def _loose_at(
    room: Gathering, facts: Iterable[Recorded[Any]], place: PlaceId
) -> Iterator[tuple[LotId, Count]]:
    """Yield the items of lots at a place that nobody named one by one."""
    told = (getattr(one.fact, "lot", None) for one in facts)
    lots = tuple(dict.fromkeys(one for one in told if isinstance(one, LotId)))
    room.fetch(lots)
    for lot in lots:
        for count in whereabouts.loose(lot, _standing(room.view(lot))):
            if count.place == place and count.state is not State.LEFT and count.items > 0:
                yield lot, count
