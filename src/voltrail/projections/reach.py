"""
The reach of a lot: every outermost thing that it is in, kept while statements come in.

    reach(lot, asset) = the sum, over all ways from the lot to the asset, of the product of the
                        links along a way; once over the sure links alone, once over all

An asset is a unit that is in no other unit, or an arrival. A new or ended link changes the sums by
(what is below it) x (its weight) x (what is above it), so that undoing gives back what was. Where a
change lies on a circle, or a count is full, what it touches is counted afresh. A circle counts
once, and nothing beyond it is sure. Does not judge, and does not know whether what is said is true.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from voltrail.ids.subject import SubjectId, UnitId
from voltrail.projections import parts, reach_count, stays
from voltrail.projections.movement import units_of
from voltrail.projections.parts import NOTHING
from voltrail.projections.reach_count import Change, Contents, Counting, Ledger, TangledError
from voltrail.projections.reach_graph import Graph
from voltrail.projections.reach_keys import FOLLOWED, FROM, stocked
from voltrail.projections.store import ViewStore
from voltrail.projections.view import Recorded, recorded
from voltrail.projections.whereabouts import IN, is_of_box_alone
from voltrail.register.blobs import BlobStore
from voltrail.register.store import EntryStore
from voltrail.statements.acceptance import Acceptance
from voltrail.statements.arrival import Arrival
from voltrail.statements.assembly import Assembly
from voltrail.statements.correction import Correction
from voltrail.statements.installation import Installation
from voltrail.statements.movement import Movement
from voltrail.statements.retirement import Retirement
from voltrail.statements.stock import Stock
from voltrail.statements.unit import UnitRecord

Stores = tuple[EntryStore, ViewStore, BlobStore]
Serials = Callable[[Arrival, BlobStore], Iterable[UnitId]]


def follow(stores: Stores, found: Sequence[Recorded[Any]], serials: Serials) -> None:
    """
    Bring reach and stays up to date with newly linked facts.

    Args:
        stores: entries, views and blobs, inside the register's transaction; the links and sightings
            of the facts are in the views
        found: in order
        serials: the units that an arrival lists

    Source: ADR 0052.
    """
    if not any(isinstance(one.fact, (*FOLLOWED, Correction)) for one in found):
        return
    views = stores[1]
    after = Graph(stores, found[-1].entry.index + 1, found)
    heads = set(_heads(stores, after, found, serials))
    if not heads:
        return
    before = Graph(stores, found[0].entry.index)
    before.fetch(heads)
    after.fetch(heads)
    was = {one: before.children(one) for one in heads}
    changes = _changes(was, {one: after.children(one) for one in heads})
    views.add_reach(_counted(views, after, was, changes).changes())
    ends = (end for part, whole, _, _ in changes for end in (part, whole))
    views.put_stays(stays.of(after, {*heads, *ends}))


def _counted(views: ViewStore, after: Graph, was: Contents, changes: list[Change]) -> Ledger:
    """Return the rows' changes: link by link, or afresh where that cannot be."""
    ledger = Ledger(views)
    counting = Counting(ledger, after, was)
    try:
        ledger.fetch(part for part, _, _, _ in changes if isinstance(part, UnitId))
        for change in changes:
            counting.change(change)
    except TangledError:
        return reach_count.afresh(views, after, changes)
    return ledger


def _changes(was: Contents, now: Contents) -> list[Change]:
    """Return the links that differ; those that end come first, so that no circle is closed."""
    found = [
        (part, whole, was[whole].get(part, NOTHING), now[whole].get(part, NOTHING))
        for whole in sorted(now)
        for part in sorted({*was[whole], *now[whole]})
    ]
    differ = [one for one in found if one[2] != one[3]]
    return sorted(differ, key=lambda one: one[3] != NOTHING)


def _heads(
    stores: Stores, after: Graph, found: Sequence[Recorded[Any]], serials: Serials
) -> Iterator[SubjectId]:
    """Yield each thing whose direct contents, or whose place, new facts can change."""
    _entries, views, blobs = stores
    for one in (*found, *_ended(stores[0], found)):
        fact = one.fact
        if isinstance(fact, Assembly):
            put = after.put(one)
            yield from (part.unit for part in put.inputs if part.unit is not None)
            yield from (thing for part in put.outputs if (thing := parts.thing(part)) is not None)
        elif isinstance(fact, UnitRecord | Installation):
            yield fact.unit
        elif isinstance(fact, Acceptance | Retirement):
            yield from fact.units
        elif isinstance(fact, Movement):
            yield from _moved(after, fact)
        elif isinstance(fact, Arrival):
            yield fact.arrival
            yield from _of_arrival(after, fact)
            told = (other.fact for other in after.raw(fact.arrival))
            came = (each for each in told if isinstance(each, Arrival))
            listed = (unit for each in came for unit in serials(each, blobs))
            yield from _spoken_of(views, listed, 0)
        elif isinstance(fact, Stock):
            yield from _spoken_of(views, (unit for unit, _, _ in stocked(fact, blobs)), 1)


def _moved(after: Graph, fact: Movement) -> Iterator[UnitId]:
    """Yield the units that a move names, or that were ever put into the container it moves."""
    yield from units_of(fact, after.blobs)
    if fact.container and is_of_box_alone(fact):
        for one in after.raw(f"{IN}{fact.container}"):
            if isinstance(one.fact, Movement):
                yield from units_of(one.fact, after.blobs)


def _ended(entries: EntryStore, found: Sequence[Recorded[Any]]) -> list[Recorded[Any]]:
    """Return what new facts withdraw or replace."""
    digests = {one.fact.withdraws for one in found if isinstance(one.fact, Correction)}
    digests |= {one.header.supersedes for one in found if one.header.supersedes}
    indices = sorted(entries.find(digests).values()) if digests else []
    return [recorded(entry) for entry in entries.at(indices)]


def _of_arrival(after: Graph, fact: Arrival) -> Iterator[UnitId]:
    """Yield the units that are said to come from an arrival, on its list or not."""
    for one in after.raw(FROM + fact.arrival):
        if isinstance(one.fact, Installation):
            yield one.fact.unit
        elif isinstance(one.fact, Acceptance):
            yield from one.fact.units


def _spoken_of(views: ViewStore, units: Iterable[UnitId], at_least: int) -> Iterator[UnitId]:
    """Yield the units that more than so many entries speak of, asked for all at once."""
    listed = {str(unit): unit for unit in units}
    links = views.indices_many(listed) if listed else {}
    yield from (listed[key] for key, found in links.items() if len(found) > at_least)
