"""
Where assets are, or with whom: in service, gone for good, arrived, or where they were put together.

One row for each place at which a unit is in service by a record that stands; else one, the surest
that is said. Parts of other units have none: they are where the whole is. Does not judge.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from voltrail.ids.subject import PREFIX, ArrivalId, SubjectId, UnitId
from voltrail.projections import parts
from voltrail.projections.reach_graph import Graph
from voltrail.projections.stock import row_of
from voltrail.projections.store import StayRow
from voltrail.register.blobs import BlobStore
from voltrail.statements.acceptance import Acceptance, AcceptanceVerb
from voltrail.statements.arrival import Arrival
from voltrail.statements.assembly import Action, Assembly
from voltrail.statements.fields import stamp
from voltrail.statements.installation import Installation
from voltrail.statements.retirement import Retirement
from voltrail.statements.stock import Stock


def of(
    graph: Graph, nodes: Iterable[SubjectId], blobs: BlobStore
) -> Mapping[str, tuple[StayRow, ...]]:
    """
    Return the stays of things; an empty row says that a thing has none.

    Args:
        graph: what is on record
        nodes: units, lots and arrivals; lots are passed over
        blobs: where lists of units in service are

    Returns:
        Stays for each unit and arrival, oldest first.

    Source: our choice: ADR 0052.
    """
    found: dict[str, tuple[StayRow, ...]] = {}
    for node in sorted(set(nodes)):
        if isinstance(node, ArrivalId):
            found[node] = tuple(sorted(_delivered(graph, node, node)))[-1:]
        elif isinstance(node, UnitId):
            outermost = graph.exists(node) and not graph.units_around(node)
            found[node] = _of_unit(graph, node, blobs) if outermost else ()
    return found


def _of_unit(graph: Graph, unit: UnitId, blobs: BlobStore) -> tuple[StayRow, ...]:
    left = sorted(_left(graph, unit))
    since = left[-1].since if left else ""
    serving = [one for one in _serving(graph, unit, blobs) if one.since > since]
    if serving:
        newest = {one.place: one for one in sorted(serving)}
        return tuple(newest[place] for place in sorted(newest))
    if left:
        return (left[-1],)
    came = [one for at in sorted(graph.arrivals(unit)) for one in _delivered(graph, at, unit)]
    return tuple(sorted(came or _built(graph, unit))[-1:])


def _serving(graph: Graph, unit: UnitId, blobs: BlobStore) -> Iterator[StayRow]:
    installed = graph.standing(unit, Installation)
    for one in installed:
        yield _row(unit, one.fact.place, one.fact.installed_at, one.entry.index)
    for two in () if installed else graph.standing(unit, Acceptance):
        if two.fact.verb is AcceptanceVerb.INSTALL and unit in two.fact.units:
            yield _row(unit, two.fact.place, two.fact.at, two.entry.index)
    for old in graph.standing(unit, Stock):
        row = row_of(old.fact, blobs, unit)
        if row is not None and row.place:
            since = row.since or stamp(old.header.claimed_time)
            yield StayRow(unit, since, f"{PREFIX}place:{row.place}", old.entry.index)


def _left(graph: Graph, unit: UnitId) -> Iterator[StayRow]:
    for one in graph.standing(unit, Retirement):
        if unit in one.fact.units:
            yield _row(unit, one.fact.to or one.fact.holder, one.fact.at, one.entry.index)


def _delivered(graph: Graph, arrival: str, asset: SubjectId) -> Iterator[StayRow]:
    for one in graph.standing(arrival, Arrival):
        yield _row(asset, one.fact.place, one.fact.received_at, one.entry.index)


def _built(graph: Graph, unit: UnitId) -> Iterator[StayRow]:
    for one in graph.standing(unit, Assembly):
        fact = one.fact
        is_whole = any(parts.thing(part) == unit for part in graph.put(one).outputs)
        if is_whole and fact.where is not None and fact.action is not Action.DELETE:
            yield _row(unit, fact.where, fact.at, one.entry.index)


def _row(asset: SubjectId, place: SubjectId, at: datetime, entry: int) -> StayRow:
    return StayRow(asset, stamp(at), place, entry)
