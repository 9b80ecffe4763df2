"""
The answer to a recall: every asset that a suspect reaches, where it is, and what nobody says.

Reads one run of rows for each lot, and the stays of what they name; never a row for each cell. What
is sure and what can be are told apart. Does not judge, and holds nothing.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from msgspec import Struct

from voltrail.ids.subject import ArrivalId, LotId, PartyId, SubjectId, UnitId, parse
from voltrail.projections import reach_keys
from voltrail.projections.gathering import Gathering
from voltrail.projections.reach_graph import Graph, components
from voltrail.projections.related import MAYBE, SURE, Lead, Suspect, leads
from voltrail.projections.store import StayRow, ViewStore
from voltrail.statements.assembly import Certainty
from voltrail.statements.lot import LotRecord
from voltrail.statements.stock import Stock
from voltrail.wording import Worded, worded


class Related(Struct, frozen=True):
    """
    An asset that is reached: how surely, why, through which lots, and where it is.

    `definite` and `possible` count the items in it of that lot of which it holds most.
    """

    asset: SubjectId
    certainty: Certainty
    why: Worded
    lots: tuple[SubjectId, ...]
    definite: int
    possible: int
    stays: tuple[StayRow, ...]


class Unknown(Struct, frozen=True):
    """What cannot be known of a thing, and whom to ask."""

    about: SubjectId
    sentence: Worded
    ask: PartyId


class Scope(Struct, frozen=True):
    """Everything that a suspect reaches, at one size of the register."""

    suspect: Suspect
    size: int
    leads: tuple[Lead, ...]
    related: tuple[Related, ...]
    unknown: tuple[Unknown, ...]


class _Sum(Struct):
    certainty: Certainty
    why: Worded
    lots: dict[SubjectId, None]
    definite: int = 0
    possible: int = 0


def scope(room: Gathering, graph: Graph, views: ViewStore, suspect: Suspect) -> Scope:
    """
    Return what a suspect reaches.

    Args:
        room: what is on record
        graph: what is in what
        views: reach and stays
        suspect: what is suspected, and by which relation others are

    Returns:
        Leads, assets with their places, and what nobody says.

    Source: mission, IR-02; ADR 0052.
    """
    found = leads(room, graph, suspect)
    led = found.leads
    lots = [one for one in led if isinstance(one.thing, LotId)]
    stays: dict[str, dict[StayRow, None]] = {}
    sums = _reached(views, lots, stays)
    for lead in led:
        for asset, certainty in _outermost(graph, lead):
            _take(sums, asset, certainty, lead.why, ())
    listed = {stay.asset: stay for one in lots for stay in _in_service(graph, one, sums)}
    more = views.stays([one for one in sums if one not in stays])
    related = tuple(
        _related(asset, one, stays.get(asset) or more.get(asset) or _alone(listed, asset))
        for asset, one in sorted(sums.items())
    )
    away = (Unknown(*one) for one in found.away)
    unknown = (*away, *_untold(room, views, lots, related), *_nowhere(related))
    return Scope(suspect, room.below or 0, led, related, unknown)


def _reached(
    views: ViewStore, lots: list[Lead], stays: dict[str, dict[StayRow, None]]
) -> dict[SubjectId, _Sum]:
    """Return the assets that lots reach, each with what is in it of them; note where they are."""
    sums: dict[SubjectId, _Sum] = {}
    for lead in lots:
        for row in views.reached(lead.thing):
            at = stays.setdefault(row.asset, {})
            if row.place is not None and row.since is not None and row.entry is not None:
                at[StayRow(row.asset, row.since, row.place, row.entry)] = None
            sure = lead.certainty if row.definite else MAYBE
            why = worded("It holds items of lot %(lot)s.", lot=lead.thing.key)
            one = _take(sums, parse(row.asset), sure, why, (lead.thing,))
            definite = row.definite if lead.certainty is SURE else 0
            every = max(one.definite + one.possible, row.definite + row.possible)
            one.definite = max(one.definite, definite)
            one.possible = every - one.definite
    return sums


def _take(
    sums: dict[SubjectId, _Sum],
    asset: SubjectId,
    certainty: Certainty,
    why: Worded,
    lots: Iterable[SubjectId],
) -> _Sum:
    one = sums.setdefault(asset, _Sum(certainty, why, {}))
    if certainty is SURE and one.certainty is MAYBE:
        one.certainty, one.why = certainty, why
    one.lots |= dict.fromkeys(lots)
    return one


def _outermost(graph: Graph, lead: Lead) -> Iterator[tuple[SubjectId, Certainty]]:
    """Yield the assets that a unit is in, itself where it is in no other; an arrival is one."""
    if isinstance(lead.thing, ArrivalId):
        yield lead.thing, lead.certainty
    elif isinstance(lead.thing, UnitId):
        found = components(lead.thing, graph.units_around)
        for circle in found:
            around = [one for unit in circle for one in graph.units_around(unit)]
            if all(one in circle for one in around):
                sure = len(circle) == 1 and _is_sure(graph, lead.thing, circle[0], len(found))
                for unit in circle:
                    yield unit, lead.certainty if sure else MAYBE


def _is_sure(graph: Graph, unit: SubjectId, top: SubjectId, steps: int) -> bool:
    """Return whether each link from a unit up to a whole is the only one, and sure."""
    for _ in range(steps):
        if unit == top:
            return True
        around = graph.units_around(unit)
        if len(around) != 1 or not graph.children(around[0])[unit].sure:
            return False
        unit = around[0]
    return unit == top


def _in_service(graph: Graph, lead: Lead, sums: dict[SubjectId, _Sum]) -> Iterator[StayRow]:
    """Yield the units of a lot that lists of what was in service name, and nobody else does."""
    for old in graph.standing(reach_keys.STOCK + lead.thing, Stock):
        for unit, lot, place in reach_keys.stocked(old.fact, graph.blobs):
            if lot == lead.thing and unit not in sums and not graph.exists(unit):
                why = worded("It holds items of lot %(lot)s.", lot=lead.thing.key)
                _take(sums, unit, lead.certainty, why, (lead.thing,)).definite += 1
                since = f"{old.header.claimed_time:%Y-%m-%d}"
                where = f"urn:voltrail:place:{place}" if place else ""
                yield StayRow(unit, since, where, old.entry.index)


def _related(asset: SubjectId, one: _Sum, stays: Iterable[StayRow]) -> Related:
    held = tuple(stay for stay in stays if stay.place)
    lots = tuple(one.lots)
    return Related(asset, one.certainty, one.why, lots, one.definite, one.possible, held)


def _alone(listed: dict[str, StayRow], asset: str) -> tuple[StayRow, ...]:
    return (listed[asset],) if asset in listed else ()


def _untold(
    room: Gathering, views: ViewStore, lots: list[Lead], related: tuple[Related, ...]
) -> Iterator[Unknown]:
    """Yield what nobody says of lots: a record, what it is in, or where some of its items are."""
    found = views.reach_of([str(one.thing) for one in lots])
    for lead in lots:
        lot = lead.thing
        maker = PartyId.of(lot.parts[0])
        records = [one.fact for one in room.standing(reach_keys.RECORD + lot)]
        if not records:
            yield Unknown(lot, worded("Nobody recorded lot %(lot)s.", lot=lot.key), maker)
        rows = found.get(lot, ())
        reached = {row.asset for row in rows}
        listed = sum(lot in one.lots and one.asset not in reached for one in related)
        if not rows and not listed:
            said = worded("Nobody says where %(thing)s went.", thing=lot.key)
            yield Unknown(lot, said, maker)
            continue
        made = max((_made(fact) for fact in records), default=0)
        known = sum(row.definite + row.possible for row in rows) + listed
        if known < made:
            said = worded(
                "Nobody says where %(missing)s of the %(made)s items of lot %(lot)s went.",
                missing=made - known,
                made=made,
                lot=lot.key,
            )
            yield Unknown(lot, said, maker)


def _made(fact: Any) -> int:  # noqa: ANN401 — a lot's record
    return fact.quantity or 0 if isinstance(fact, LotRecord) else 0


def _nowhere(related: Iterable[Related]) -> Iterator[Unknown]:
    for one in related:
        if not one.stays:
            said = worded("Nobody says where %(thing)s is.", thing=one.asset.key)
            yield Unknown(one.asset, said, PartyId.of(one.asset.parts[0]))
