"""
Which arrivals new facts bear on: those they name, and those that lean on what they name.

Remembers what each arrival leans on. Judges nothing.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from voltrail.actions.desk import Desk
from voltrail.ids import subject as subjects
from voltrail.ids.subject import (
    ArrivalId,
    LotId,
    OrderId,
    PartyId,
    PlaceId,
    ProductId,
    SubjectId,
    UnitId,
)
from voltrail.projections import contents, shipped, whereabouts
from voltrail.projections.dossier import fetch, leaned_on
from voltrail.projections.fold import serials, touched
from voltrail.projections.gathering import Gathering
from voltrail.projections.movement import tabled, units_of
from voltrail.projections.rules.dates import event_time
from voltrail.projections.store import ArrivalRow
from voltrail.projections.view import Recorded, recorded
from voltrail.statements.arrival import Arrival
from voltrail.statements.certificate import Certificate
from voltrail.statements.correction import Correction
from voltrail.statements.decision import DecisionRecord
from voltrail.statements.hold import Hold, HoldLift
from voltrail.statements.key import KeyEvent, KeyVerb
from voltrail.statements.lot import LotRecord
from voltrail.statements.movement import Movement
from voltrail.statements.place import Place
from voltrail.statements.remark import Remark

AFFECTS = "affects:"  # link key: subject → arrivals that lean on it


def bearing_on(desk: Desk, room: Gathering, fresh: Sequence[Recorded[Any]]) -> set[ArrivalId]:
    """
    Return the arrivals that new facts bear on.

    Args:
        desk: where arrivals are linked
        room: what was read so far
        fresh: newly recorded facts

    Returns:
        Arrivals named, and those that lean on a subject named.

    Source: our choice: ADR 0006.
    """
    heard = [one for one in fresh if not isinstance(one.fact, DecisionRecord | Remark)]
    heard += _ended_by(desk, heard)
    came = [one for one in heard if isinstance(one.fact, Arrival)]
    spoken_of = {key for one in heard for key in touched(one)}
    keys = {subjects.parse(key) for key in spoken_of if subjects.is_identity(key)}
    keys |= _alike(room, heard) | _boxed_with(desk, room, heard) | _left_with(room, heard)
    leaning = _who_lean_on(room, keys)
    lean(desk, room, {one.entry.index: one for one in (*came, *leaning)}.values())
    found = {one.fact.arrival for one in leaning} | _seen_with(desk, keys, heard)
    found |= {key for key in keys if isinstance(key, ArrivalId)}
    if any(_bears_on_all(one.fact) for one in heard):
        found |= {ArrivalId.read(row.arrival) for row in _all_rows(desk)}
    return found


def _alike(room: Gathering, heard: Iterable[Recorded[Any]]) -> set[SubjectId]:
    """Return the goods of which a paper or reading is on record that was stated again now."""
    shared = {key for one in heard for key in contents.keys_of(one)}
    shared |= {str(one.fact.document) for one in heard if isinstance(one.fact, Certificate)}
    room.fetch(shared)
    return {
        about
        for key in sorted(shared)
        for one in room.facts(key)
        for name in ("lot", "arrival", "filed_for")
        if isinstance(about := getattr(one.fact, name, None), SubjectId)
    }


def _boxed_with(desk: Desk, room: Gathering, heard: Iterable[Recorded[Any]]) -> set[SubjectId]:
    """
    Return the units that were in a container of which seals are told now, and were seen since.

    A unit that was not seen since the seals were looked at is judged when somebody sees it.
    """
    told: dict[str, datetime] = {}
    for fact in (one.fact for one in heard):
        if isinstance(fact, Movement) and fact.container and _tells_seals(fact):
            box = f"{whereabouts.IN}{fact.container}"
            told[box] = min(fact.at, told.get(box, fact.at))
    room.fetch(told)
    found = set[SubjectId]()
    for box, since in told.items():
        moves = [one.fact for one in room.facts(box) if isinstance(one.fact, Movement)]
        units = {unit for fact in moves for unit in units_of(fact, desk.blobs)}
        came = desk.views.sightings(units) if units else {}
        room.fetch({*units, *(one for each in came.values() for one in each)})
        found |= {
            unit
            for unit in units
            if any(_is_since(room, key, since) for key in (unit, *came.get(unit, ())))
        }
    return found


def _is_since(room: Gathering, key: str, since: datetime) -> bool:
    """Return whether anything told under a key happened at a time or later."""
    times = (event_time(one.fact) for one in room.facts(key))
    return any(at is not None and at >= since for at in times)


def _tells_seals(fact: Movement) -> bool:
    return whereabouts.seals_of(fact, f"{whereabouts.IN}{fact.container}").are_told


def _left_with(room: Gathering, heard: Iterable[Recorded[Any]]) -> set[SubjectId]:
    """Return the lots that left a factory that declares its output on a day that is told now."""
    days = set[str]()
    for one in heard:
        if isinstance(one.fact, LotRecord) and one.fact.factory is not None:
            plant = room.view(one.fact.factory).newest(Place)
            if plant is not None and plant.fact.daily_output:
                days |= set(shipped.keys_of(one))
    room.fetch(days)
    return {one.fact.lot for day in days for one in room.facts(day)}


def _bears_on_all(fact: Any) -> bool:  # noqa: ANN401 — any fact
    """Return whether a fact names no goods: a key that ended, a hold by version or serials."""
    if isinstance(fact, KeyEvent):
        return fact.verb is not KeyVerb.ENROL
    if not isinstance(fact, Hold):
        return False
    given = fact.selector
    return not any((given.unit, given.lot, given.arrival, given.product, given.party))


def _all_rows(desk: Desk) -> Iterator[ArrivalRow]:
    after = ""
    while rows := desk.views.rows(after):
        yield from rows
        after = rows[-1].arrival


def _ended_by(desk: Desk, heard: Iterable[Recorded[Any]]) -> list[Recorded[Any]]:
    """Return the statements that new ones withdraw or lift: what they bear on is news as well."""
    digests = {ended for ended in (_target(one.fact) for one in heard) if ended is not None}
    indices = sorted(desk.entries.find(digests).values()) if digests else []
    return [recorded(entry) for entry in desk.entries.at(indices)]


def _target(fact: Any) -> str | None:  # noqa: ANN401 — any fact
    if isinstance(fact, Correction):
        return fact.withdraws
    return fact.hold if isinstance(fact, HoldLift) else None


def lean(desk: Desk, room: Gathering, came: Iterable[Recorded[Arrival]]) -> None:
    """
    Remember which subjects arrivals lean on, so that news about them reaches them.

    Args:
        desk: inside its transaction
        room: what was read so far
        came: the arrivals as recorded

    Source: our choice: ADR 0006.
    """
    listed = list(came)
    fetch(room, (one.fact.arrival for one in listed))
    desk.views.link(
        (f"{AFFECTS}{subject}", one.entry.index)
        for one in listed
        for subject in leaned_on(room, one.fact)
    )


def _who_lean_on(room: Gathering, keys: Iterable[SubjectId]) -> list[Recorded[Arrival]]:
    """Return the arrivals that lean on any of some subjects, as recorded."""
    leans = (LotId, OrderId, PartyId, PlaceId, ProductId)
    affected = sorted(f"{AFFECTS}{key}" for key in keys if isinstance(key, leans))
    room.fetch(affected)
    return [one for key in affected for one in room.facts(key)]


def _seen_with(
    desk: Desk, keys: Iterable[SubjectId], heard: Iterable[Recorded[Any]]
) -> set[ArrivalId]:
    """Return the arrivals in which units spoken of, delivered or moved just now, were seen."""
    units = {key for key in keys if isinstance(key, UnitId)}
    for fact in (one.fact for one in heard):
        if isinstance(fact, Arrival):
            maker, listed = fact.lot.parts[0], serials(fact, desk.blobs)
            units |= {UnitId.of(maker, serial) for serial in listed}
        elif isinstance(fact, Movement):
            units |= set(tabled(fact, desk.blobs))
    seen = desk.views.sightings(units) if units else {}
    return {ArrivalId.read(arrival) for each in seen.values() for arrival in each}
