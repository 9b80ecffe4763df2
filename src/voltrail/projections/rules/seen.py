"""
Where and with whom a unit was seen: at a dock, moved on site, in service, built in, as it left.

Does not know how it came there.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from msgspec import Struct

from voltrail.ids.subject import LotId, PartyId, PlaceId, SubjectId
from voltrail.projections.rules.bearing import Bearing
from voltrail.projections.view import Recorded
from voltrail.statements.arrival import Arrival
from voltrail.statements.assembly import Assembly, Part
from voltrail.statements.installation import Installation
from voltrail.statements.movement import Movement
from voltrail.statements.place import Place
from voltrail.statements.retirement import Retirement
from voltrail.statements.unit import UnitRecord


class Seen(Struct, frozen=True):
    """One sighting: with whom, where, when."""

    who: PartyId | None
    where: PlaceId | None
    at: datetime
    fact: Recorded[Any]


def sightings(about: Bearing) -> tuple[Seen, ...]:
    """
    Return where a unit was seen, in order of time.

    Args:
        about: what bears on the unit

    Returns:
        Sightings; who had it is None where no record says it. A move of a container that names no
        unit is none, nor is what a later move of the unit puts right.

    Source: our choice: ADR 0048.
    """
    wrong = _put_right(about)
    found = (one for one in _sightings(about) if one.fact.entry.digest not in wrong)
    return tuple(sorted(found, key=lambda one: (one.at, one.fact.entry.digest)))


def lot_of(about: Bearing) -> LotId | None:
    """
    Return the lot that a unit belongs to.

    Args:
        about: what bears on the unit

    Returns:
        As its record says, else the arrival or assembly that lists it.

    Source: our choice: ADR 0048.
    """
    record = about.newest(UnitRecord, unit=about.subject)
    if record is not None:
        return record.fact.lot
    came = [one.fact.lot for one in about.of(Arrival) if delivers(one.fact, about.subject)]
    return came[-1] if came else None


def delivers(fact: Arrival, unit: SubjectId) -> bool:
    """
    Return whether an arrival lists a unit among its serials.

    Args:
        fact: the arrival
        unit: which unit

    Returns:
        True where it does; a long list in a table is not read.

    Source: our choice: ADR 0048.
    """
    maker, serial = unit.parts[0], unit.parts[-1]
    return fact.lot.parts[0] == maker and serial in fact.serials


def names(parts: tuple[Part, ...], unit: SubjectId) -> bool:
    """
    Return whether a unit is one of these parts for sure.

    Args:
        parts: of an assembly
        unit: which unit

    Returns:
        True where a part names it.

    Source: our choice: ADR 0048.
    """
    return any(one.unit == unit and one.certainty == "definite" for one in parts)


def codes(about: Bearing) -> tuple[str, ...]:
    """
    Return what may be the battery code of a unit.

    Args:
        about: what bears on the unit

    Returns:
        Its serial, then what its maker's newest record says it is called elsewhere, each once.

    Source: our choice: ADR 0046, ADR 0048.
    """
    maker = PartyId.of(about.subject.parts[0])
    records = (one.fact for one in about.of(UnitRecord) if one.issuer == maker)
    own = [fact for fact in records if fact.unit == about.subject]
    return tuple(dict.fromkeys((about.subject.parts[-1], *(own[-1].identifiers if own else ()))))


def _sightings(about: Bearing) -> Iterator[Seen]:
    unit = about.subject
    for came in about.of(Arrival):
        if delivers(came.fact, unit):
            who = _operator(about, came.fact.place, came)
            yield Seen(who, came.fact.place, came.fact.received_at, came)
    for put in about.of(Installation):
        if put.fact.unit == unit:
            who = _operator(about, put.fact.place, put)
            yield Seen(who, put.fact.place, put.fact.installed_at, put)
    for moved in moves(about):
        yield Seen(moved.fact.holder, moved.fact.to, moved.fact.at, moved)
    yield from _handled(about, unit)


def moves(about: Bearing) -> tuple[Recorded[Movement], ...]:
    """
    Return the moves on site that name a unit, one by one or in a list.

    Args:
        about: what bears on the unit

    Returns:
        Moves, oldest claim first; none that a later move of the unit puts right.

    Source: our choice: ADR 0048, ADR 0051.
    """
    wrong = _put_right(about)
    return tuple(one for one in _named(about) if one.entry.digest not in wrong)


def _named(about: Bearing) -> Iterator[Recorded[Movement]]:
    for one in about.own:
        fact = one.fact
        if isinstance(fact, Movement) and fact.may_name(about.subject):
            yield one


def _put_right(about: Bearing) -> set[str]:
    """Return the digests of what moves of the unit say was wrong."""
    return {digest for one in _named(about) for digest in one.fact.corrects}


def _handled(about: Bearing, unit: SubjectId) -> Iterator[Seen]:
    for made in about.of(Assembly):
        if names((*made.fact.inputs, *made.fact.outputs), unit):
            yield Seen(made.fact.assembler, made.fact.where, made.fact.at, made)
    for left in about.of(Retirement):
        if unit in left.fact.units:
            yield Seen(left.fact.holder, left.fact.where, left.fact.at, left)


def _operator(about: Bearing, place: PlaceId, one: Recorded[Any]) -> PartyId | None:
    record = about.newest(Place, place=place)
    if record is not None:
        return record.fact.operator
    return one.issuer if isinstance(one.issuer, PartyId) else None
