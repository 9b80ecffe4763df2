"""
What was in a container, and when: by moves on site, and by hand-overs on the way.

A container is used again and again, so that each thing has its times in it. A unit is in it from
the move that put it there until the next move that names the unit; a delivery from its first
hand-over under that container until its last. Does not judge, and does not know what was sealed.
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any

from msgspec import Struct

from voltrail.ids.subject import ArrivalId, LotId, SubjectId, UnitId
from voltrail.projections.gathering import Gathering
from voltrail.projections.movement import units_of
from voltrail.projections.reach_graph import Graph
from voltrail.projections.view import Recorded
from voltrail.projections.whereabouts import IN
from voltrail.statements.acceptance import Acceptance
from voltrail.statements.arrival import Arrival
from voltrail.statements.assembly import Certainty
from voltrail.statements.custody import HandOver
from voltrail.statements.installation import Installation
from voltrail.statements.movement import Movement
from voltrail.statements.retirement import Retirement

SURE, MAYBE = Certainty.DEFINITE, Certainty.POSSIBLE


class Boxed(Struct, frozen=True):
    """Something that was in a container from one time until another; no end: nobody says one."""

    thing: SubjectId
    certainty: Certainty
    since: datetime
    until: datetime | None
    entries: tuple[int, ...]


def inside(room: Gathering, graph: Graph, container: str) -> tuple[Boxed, ...]:
    """
    Return everything that was ever in a container, with its times.

    Args:
        room: what is on record
        graph: what is in what
        container: its number

    Returns:
        Units by moves; deliveries and lots by hand-overs; lots of which a number of items was moved
        into it. Of a delivery or a lot that is larger than what was in it, possible.

    Source: mission, IR-02; ADR 0052.
    """
    facts = room.standing(f"{IN}{container}")
    moves = [one for one in facts if isinstance(one.fact, Movement)]
    units = {unit for one in moves for unit in units_of(one.fact, graph.blobs)}
    graph.fetch(units)
    found = [each for unit in sorted(units) for each in _times(graph, unit, container)]
    found += [
        Boxed(one.fact.lot, MAYBE, one.fact.at, None, (one.entry.index,))
        for one in moves
        if one.fact.lot is not None
    ]
    return (*found, *_handed(graph, [one for one in facts if isinstance(one.fact, HandOver)]))


def containers(room: Gathering, thing: SubjectId) -> frozenset[str]:
    """
    Return the containers that a thing is said to have been in.

    Args:
        room: what is on record
        thing: a unit or an arrival

    Returns:
        Their numbers.

    Source: mission, IR-02; ADR 0052.
    """
    told = room.view(thing)
    facts: Iterable[Recorded[Any]] = (*told.standing(Movement), *told.standing(HandOver))
    return frozenset(one.fact.container for one in facts if one.fact.container)


def met(one: Boxed, other: Boxed) -> Certainty | None:
    """
    Return whether two things were in a container together.

    Args:
        one: in it at some time
        other: in the same container at some time

    Returns:
        Definite where their times meet, possible where only their days do, else None.

    Source: our choice: ADR 0052.
    """
    if _overlap(one.since, one.until, other.since, other.until):
        return MAYBE if MAYBE in (one.certainty, other.certainty) else SURE
    days = [None if at is None else at.date() for at in (one.until, other.until)]
    return MAYBE if _overlap(one.since.date(), days[0], other.since.date(), days[1]) else None


def is_within(one: Boxed, since: date | None, until: date | None) -> bool:
    """
    Return whether something was in its container in some days.

    Args:
        one: in it at some time
        since: the first day; None for all before
        until: the last day; None for all after

    Returns:
        True where its days and these meet.

    Source: our choice: ADR 0052.
    """
    last = None if one.until is None else one.until.date()
    return _overlap(one.since.date(), last, since or date.min, until)


def _times(graph: Graph, unit: UnitId, container: str) -> Iterator[Boxed]:
    """Yield when a unit was in a container, by the moves that name it, and by what ends that."""
    began: _Event | None = None
    for one in sorted(_events(graph, unit)):
        if one.container == container:
            began = began or one
        elif began is not None:
            yield Boxed(unit, SURE, began.at, one.at, (began.entry, one.entry))
            began = None
    if began is not None:
        yield Boxed(unit, SURE, began.at, None, (began.entry,))


class _Event(Struct, frozen=True, order=True):
    """A unit was put into a container, or seen in none."""

    at: datetime
    digest: str
    entry: int
    container: str = ""


def _events(graph: Graph, unit: UnitId) -> Iterator[_Event]:
    """Yield the moves that name a unit, and what puts it into service or lets it leave."""
    for one in graph.standing(unit, (Acceptance, Installation, Movement, Retirement)):
        fact, ref = one.fact, one.entry
        if isinstance(fact, Movement) and fact.may_name(unit):
            yield _Event(fact.at, ref.digest, ref.index, fact.container or "")
        elif isinstance(fact, Installation) and fact.unit == unit:
            yield _Event(fact.installed_at, ref.digest, ref.index)
        elif isinstance(fact, Retirement) and unit in fact.units:
            yield _Event(fact.at, ref.digest, ref.index)
        elif isinstance(fact, Acceptance) and fact.puts_in:
            yield from [_Event(fact.at, ref.digest, ref.index)] * (unit in fact.units)


def _handed(graph: Graph, found: list[Recorded[HandOver]]) -> Iterator[Boxed]:
    """Yield deliveries from first to last hand-over; without one, the lot at each hand-over."""
    together: dict[tuple[SubjectId, str], list[Recorded[HandOver]]] = {}
    for one in found:
        key = (one.fact.arrival, "") if one.fact.arrival else (one.fact.lot, one.fact.number)
        together.setdefault(key, []).append(one)
    for (thing, _number), told in together.items():
        times = sorted(one.fact.at for one in told)
        entries = tuple(sorted(one.entry.index for one in told))
        most = max(one.fact.quantity for one in told)
        sure = SURE if _is_all(graph, thing, most) else MAYBE
        yield Boxed(thing, sure, times[0], times[-1], entries)


def _is_all(graph: Graph, thing: SubjectId, quantity: int) -> bool:
    """Return whether so many are the whole of a delivery; of a lot nobody knows."""
    if isinstance(thing, LotId):
        return False
    came = [one.fact.quantity for one in graph.standing(ArrivalId.read(thing), Arrival)]
    return bool(came) and max(came) <= quantity


def _overlap(since: Any, until: Any, other: Any, end: Any) -> bool:  # noqa: ANN401 — days or times
    return (end is None or since <= end) and (until is None or other <= until)
