"""
Rules about which unit it is: R7, R8, R24.

A list that the maker did not sign proves nothing. Does not know what the label says.
"""

from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise
from typing import Any

from voltrail.ids.subject import Kind, LotId, PartyId
from voltrail.projections.rules import battery_code
from voltrail.projections.rules.bearing import Bearing
from voltrail.projections.rules.globe import lies_in
from voltrail.projections.rules.hops import hops
from voltrail.projections.rules.model import Found, Severity, Tolerances, rule
from voltrail.projections.rules.seen import Seen, codes, lot_of, moves, names, sightings
from voltrail.projections.view import Recorded
from voltrail.statements.arrival import Arrival
from voltrail.statements.assembly import Action, Assembly
from voltrail.statements.installation import Installation
from voltrail.statements.lot import LotRecord
from voltrail.statements.movement import Movement, MovementVerb
from voltrail.statements.retirement import Leaving, Retirement
from voltrail.statements.unit import UnitRecord

_GONE = (Leaving.SCRAPPED, Leaving.RECYCLED)


@rule("R7", Severity.HIGH, Kind.UNIT)
def cloned_serial(about: Bearing, limits: Tolerances) -> Iterator[Found]:
    """
    One serial was made twice, came twice, is in two wholes or places, or two hands without a way.

    A way is asked for only where any hand-over of the lot is on record. What was returned or sold
    on in between may come again; what was moved out of service in between may go in again.

    Why: one serial on two units means that at least one of them is a clone.
    Remedy: the maker says which unit is genuine; whoever moved it states how it left.
    Source: our choice: ADR 0048.
    """
    records = about.of(UnitRecord)
    lots = {one.fact.lot: one for one in records if one.fact.unit == about.subject}
    if len(lots) > 1:
        first, second = sorted(lots)[:2]
        said = f"It was made in lot {first.key} and in lot {second.key}."
        yield Found(about.subject, tuple(lots.values()), said)
    yield from _made_twice(about)
    yield from _in_two_wholes(about)
    seen = sightings(about)
    came = pairwise(one for one in seen if isinstance(one.fact.fact, Arrival))
    for one, other in (*came, *_served(about, seen)):
        twice = _two_places(about, one, other)
        if twice and not _left_between(about, one, other):
            yield Found(about.subject, (one.fact, other.fact), twice)
    yield from _without_a_way(about, seen)


@rule("R8", Severity.HIGH, Kind.UNIT, Kind.ARRIVAL, Kind.LOT, Kind.PARTY)
def outside_the_declared_range(about: Bearing, limits: Tolerances) -> Iterator[Found]:
    """
    A serial is not in the list that the maker signed, or the lists contradict lot sizes or another.

    Lists in tables are compared by their number of rows only; their bytes are not read here.

    Why: a serial the maker does not know is a unit the maker did not make in this lot.
    Remedy: the maker corrects the list, or says what the named units are.
    Source: our choice: ADR 0048.
    """
    match about.subject.kind:
        case Kind.UNIT:
            yield from _unlisted_unit(about)
        case Kind.ARRIVAL:
            yield from _unlisted_delivery(about)
        case Kind.LOT:
            yield from _long_list(about)
        case _:
            yield from _lists_that_meet(about)


@rule("R24", Severity.HIGH, Kind.UNIT)
def second_life_as_new(about: Bearing, limits: Tolerances) -> Iterator[Found]:
    """
    The code is that of a second life, or the unit was in service or scrapped before it came.

    A unit that comes back to the operator who had it in service was repaired, not passed off.
    Cycles are in no statement.

    Why: a used battery sold as new has lost life that nobody measured.
    Remedy: the seller declares the goods as used; the earlier operator corrects its record.
    Source: GB/T 34014-2017; our choice: ADR 0048.
    """
    if any(map(battery_code.is_second_life, codes(about))):
        yield Found(about.subject, about.mine or about.own, "Its code is that of a second life.")
    clock, seen = timedelta(minutes=2 * limits.clock_min), sightings(about)
    for used in seen:
        for later in seen:
            if used.at + clock >= later.at:
                continue
            said = _used(used, later)
            if said:
                yield Found(about.subject, (used.fact, later.fact), said)


def _made_twice(about: Bearing) -> Iterator[Found]:
    made = [
        one
        for one in _by_time(about)
        if names(one.fact.outputs, about.subject) and one.fact.action is Action.ADD
    ]
    for one, other in pairwise(made):
        between = [
            each
            for each in _by_time(about)
            if each.fact.action is Action.DELETE
            and one.fact.at <= each.fact.at <= other.fact.at
            and names((*each.fact.inputs, *each.fact.outputs), about.subject)
        ]
        if not between:
            said = f"Assemblies {one.fact.number} and {other.fact.number} both made it."
            yield Found(about.subject, (one, other), said)


def _in_two_wholes(about: Bearing) -> Iterator[Found]:
    inside: Recorded[Assembly] | None = None
    for one in _by_time(about):
        fact = one.fact
        if fact.action is Action.DELETE and names((*fact.inputs, *fact.outputs), about.subject):
            inside = None
        elif fact.action is Action.ADD and names(fact.inputs, about.subject):
            if inside is not None and inside.fact.outputs != fact.outputs:
                said = f"{inside.fact.number} and {fact.number} both built it in."
                yield Found(about.subject, (inside, one), said)
            inside = one


def _two_places(about: Bearing, one: Seen, other: Seen) -> str | None:
    """Return what is wrong with two arrivals, or two installations, of one unit."""
    if isinstance(one.fact.fact, Arrival) and isinstance(other.fact.fact, Arrival):
        first, second = one.fact.fact.arrival, other.fact.fact.arrival
        came = f"It came in arrival {first.key} and in {second.key}."
        return None if first == second else came
    if one.where is None or other.where is None:
        return None
    if lies_in(about, one.where, other.where) or lies_in(about, other.where, one.where):
        return None
    return f"It is in service at {one.where.key} and at {other.where.key}."


def _left_between(about: Bearing, one: Seen, other: Seen) -> bool:
    """Return whether a unit left the first place before the second: for good, or by a move."""
    left = [gone.fact.at for gone in about.of(Retirement) if about.subject in gone.fact.units]
    if _serves(one.fact.fact):
        left += [moved.fact.at for moved in moves(about) if not _serves(moved.fact)]
        before = getattr(other.fact.fact, "came_from", None)
        if before is not None and one.where is not None and lies_in(about, before, one.where):
            return True
    return any(one.at <= at <= other.at for at in left)


def _served(about: Bearing, seen: tuple[Seen, ...]) -> Iterator[tuple[Seen, Seen]]:
    """Yield what puts a unit into service, two by two; a place around the last one tells less."""
    last: Seen | None = None
    for one in seen:
        if not _serves(one.fact.fact):
            continue
        if last is not None:
            yield last, one
            if last.where and one.where and lies_in(about, last.where, one.where):
                continue
        last = one


def _serves(fact: Any) -> bool:  # noqa: ANN401 — any fact
    """Return whether a fact puts a unit into service."""
    if isinstance(fact, Movement):
        return fact.verb is MovementVerb.INSTALL
    return isinstance(fact, Installation)


def _without_a_way(about: Bearing, seen: tuple[Seen, ...]) -> Iterator[Found]:
    ways: dict[PartyId, set[PartyId]] = {}
    for hop in hops(about, lot_of(about)):
        ways.setdefault(hop.giver, set()).add(hop.taker)
    if not ways:
        return
    for left in about.of(Retirement):
        if about.subject in left.fact.units and left.fact.to is not None:
            ways.setdefault(left.fact.holder, set()).add(left.fact.to)
    for one, other in pairwise(each for each in seen if each.who is not None):
        if one.who is None or other.who is None or other.who in _reached(ways, one.who):
            continue
        if _stays(about, one, other):
            continue
        said = f"{one.who.key} had it, then {other.who.key}, and no hand-over joins them."
        yield Found(about.subject, (one.fact, other.fact), said)


def _stays(about: Bearing, one: Seen, other: Seen) -> bool:
    """Return whether a move is told at the place of another's dock: that changes no hands."""
    moved = any(isinstance(each.fact.fact, Movement) for each in (one, other))
    if not moved or one.where is None or other.where is None:
        return False
    return lies_in(about, one.where, other.where) or lies_in(about, other.where, one.where)


def _reached(ways: dict[PartyId, set[PartyId]], start: PartyId) -> set[PartyId]:
    found, waiting = {start}, [start]
    while waiting:
        fresh = ways.get(waiting.pop(), set()) - found
        found |= fresh
        waiting += fresh
    return found


def _by_time(about: Bearing) -> list[Recorded[Assembly]]:
    return sorted(about.of(Assembly), key=lambda one: (one.fact.at, one.entry.digest))


def _unlisted_unit(about: Bearing) -> Iterator[Found]:
    stated = about.newest(UnitRecord, unit=about.subject)
    record = about.record(None if stated is None else stated.fact.lot)
    if stated is None or record is None or not record.fact.serials:
        return
    if about.subject.parts[-1] not in record.fact.serials:
        said = f"{about.subject.key} is not in the list of lot {record.fact.lot.key}."
        yield Found(about.subject, (stated, record), said)


def _unlisted_delivery(about: Bearing) -> Iterator[Found]:
    came = about.newest(Arrival, arrival=about.subject)
    record = None if came is None else about.record(came.fact.lot)
    if came is None or record is None or not record.fact.serials:
        return
    strange = sorted(set(came.fact.serials) - set(record.fact.serials))
    if strange:
        said = f"{len(strange)} serials are not of lot {record.fact.lot.key}, first {strange[0]}."
        yield Found(about.subject, (came, record), said)


def _long_list(about: Bearing) -> Iterator[Found]:
    record = about.record(about.subject)
    if record is None or record.fact.quantity is None:
        return
    rows = 0 if record.fact.unit_tree is None else record.fact.unit_tree.rows
    listed = max(rows, len(set(record.fact.serials)))
    if listed > record.fact.quantity:
        said = f"The maker lists {listed:,} units of a lot of {record.fact.quantity:,}."
        yield Found(about.subject, (record,), said)


def _lists_that_meet(about: Bearing) -> Iterator[Found]:
    listed: dict[str, Recorded[LotRecord]] = {}
    met: dict[tuple[LotId, LotId], tuple[str, Recorded[LotRecord], Recorded[LotRecord]]] = {}
    for one in about.of(LotRecord):
        if one.issuer != about.subject or PartyId.of(one.fact.lot.parts[0]) != about.subject:
            continue
        for serial in sorted(set(one.fact.serials)):
            before = listed.setdefault(serial, one)
            if before.fact.lot != one.fact.lot:
                met.setdefault((before.fact.lot, one.fact.lot), (serial, before, one))
    for (first, second), (serial, one, other) in met.items():
        said = f"Serial {serial} is in the lists of lots {first.key} and {second.key}."
        yield Found(second, (one, other), said)


def _moved_since(used: Seen, later: Seen) -> bool:
    """Return whether a move is no last step of whoever let the unit leave that day."""
    if not isinstance(later.fact.fact, Movement):
        return False
    return used.who != later.who or later.at - used.at > timedelta(days=1)


def _used(used: Seen, later: Seen) -> str | None:
    before: Any = used.fact.fact
    came = isinstance(later.fact.fact, (Arrival, Installation)) or _moved_since(used, later)
    if isinstance(before, Retirement) and before.how in _GONE and came:
        return f"It was {before.how} on {before.at:%Y-%m-%d} and seen again on {later.at:%Y-%m-%d}."
    if not _serves(before) or not isinstance(later.fact.fact, Arrival):
        return None
    if used.who is not None and used.who == later.who:
        return None
    return f"In service since {used.at:%Y-%m-%d}, it came in on {later.at:%Y-%m-%d}."
