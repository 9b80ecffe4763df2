"""
Where things are now, or with whom: the last that was said of each, moves on site included.

Reads what bears on a unit and leaves the folding to `whereabouts`. An asset has one row for each
place; of a unit of which nobody says where it is, the place where it was put together. Parts of
other units have none: they are where the whole is. Does not judge.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from voltrail.ids.subject import (
    PREFIX,
    ArrivalId,
    PartyId,
    PlaceId,
    SubjectId,
    UnitId,
    is_identity,
)
from voltrail.projections import parts, whereabouts
from voltrail.projections.reach_graph import Graph
from voltrail.projections.reach_keys import FOLLOWED
from voltrail.projections.stock import row_of
from voltrail.projections.store import StayRow
from voltrail.projections.view import Recorded
from voltrail.projections.whereabouts import IN, State, Whereabouts
from voltrail.statements.arrival import Arrival
from voltrail.statements.assembly import Action, Assembly
from voltrail.statements.fields import stamp
from voltrail.statements.movement import Movement
from voltrail.statements.retirement import Retirement
from voltrail.statements.stock import Stock


def of(graph: Graph, nodes: Iterable[SubjectId]) -> Mapping[str, tuple[StayRow, ...]]:
    """
    Return the stays of things; an empty row says that a thing has none.

    Args:
        graph: what is on record
        nodes: units, lots and arrivals; lots are passed over

    Returns:
        Stays for each unit and arrival, oldest first.

    Source: our choice: ADR 0052.
    """
    found: dict[str, tuple[StayRow, ...]] = {}
    for node in sorted(set(nodes)):
        if isinstance(node, ArrivalId):
            found[node] = tuple(sorted(_delivered(graph, node)))[-1:]
        elif isinstance(node, UnitId):
            outermost = graph.exists(node) and not graph.units_around(node)
            found[node] = _of_unit(graph, node) if outermost else ()
    return found


def wheres(graph: Graph, unit: UnitId) -> tuple[Whereabouts, ...]:
    """
    Return where a unit was last said to be, and where else a record says that it is in service.

    Args:
        graph: what is on record
        unit: which one

    Returns:
        As `whereabouts.wheres` does; nothing where nobody says anything of it.

    Source: mission, CU-03; ADR 0051, ADR 0052.
    """
    facts = graph.standing(unit, FOLLOWED)
    moves = (one.fact for one in facts if isinstance(one.fact, Movement))
    boxes = sorted({move.container for move in moves if move.container is not None})
    every = (*facts, *_carried(graph, boxes), *_came(graph, unit))
    return whereabouts.wheres(unit, every, _older(graph, unit))


def _of_unit(graph: Graph, unit: UnitId) -> tuple[StayRow, ...]:
    holders = {
        one.entry.index: one.fact.to or one.fact.holder for one in graph.standing(unit, Retirement)
    }
    found = []
    for one in wheres(graph, unit):
        at = holders[one.entry] if one.state is State.LEFT else one.place
        if at is not None:
            found.append(_row(unit, at, one.since, one.entry))
    return tuple(sorted(found or list(_built(graph, unit))[-1:]))


def _carried(graph: Graph, boxes: Iterable[str]) -> Iterator[Recorded[Any]]:
    """Yield the moves of containers that name nothing in them."""
    for box in boxes:
        moves = graph.standing(f"{IN}{box}", Movement)
        yield from (one for one in moves if whereabouts.is_of_box_alone(one.fact))


def _came(graph: Graph, unit: UnitId) -> Iterator[Recorded[Any]]:
    for arrival in sorted(graph.arrivals(unit)):
        yield from graph.standing(arrival, Arrival)


def _older(graph: Graph, unit: UnitId) -> Whereabouts | None:
    """Return where the newest list from before Voltrail says that a unit stands."""
    lists = graph.standing(unit, Stock)
    old = max(lists, key=lambda one: (one.header.claimed_time, one.entry.digest), default=None)
    row = None if old is None else row_of(old.fact, graph.blobs, unit)
    if old is None or row is None:
        return None
    place = f"{PREFIX}{PlaceId.kind}:{row.place}"
    at = PlaceId.read(place) if is_identity(place) else None
    since = _day(row.since) or old.header.claimed_time
    who = old.issuer if isinstance(old.issuer, PartyId) else None
    return Whereabouts(State.INSTALLED, at, who, since, old.entry.index)


def _day(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text).replace(tzinfo=UTC)
    except ValueError:
        return None


def _delivered(graph: Graph, arrival: ArrivalId) -> Iterator[StayRow]:
    for one in graph.standing(arrival, Arrival):
        yield _row(arrival, one.fact.place, one.fact.received_at, one.entry.index)


def _built(graph: Graph, unit: UnitId) -> Iterator[StayRow]:
    for one in sorted(
        graph.standing(unit, Assembly), key=lambda one: (one.fact.at, one.entry.digest)
    ):
        fact = one.fact
        is_whole = any(parts.thing(part) == unit for part in graph.put(one).out(unit))
        if is_whole and fact.where is not None and fact.action is not Action.DELETE:
            yield _row(unit, fact.where, fact.at, one.entry.index)


def _row(asset: SubjectId, place: SubjectId, at: datetime, entry: int) -> StayRow:
    return StayRow(asset, stamp(at), place, entry)
