"""
Rules about the order of times: R15, R18, R21.

A date is all the hours that have this date anywhere on Earth; clocks may differ.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from statistics import median
from typing import Any

from msgspec import Struct

from voltrail.ids.subject import Kind, LotId, PlaceId, SubjectId
from voltrail.projections.rules.bearing import Bearing
from voltrail.projections.rules.globe import words
from voltrail.projections.rules.hops import Halves, Hop, hops, lots_of
from voltrail.projections.rules.model import Found, Severity, Tolerances, rule
from voltrail.projections.rules.seen import delivers, names
from voltrail.projections.view import Recorded
from voltrail.statements.arrival import Arrival
from voltrail.statements.assembly import Action, Assembly, Part
from voltrail.statements.certificate import Certificate
from voltrail.statements.inspection import Inspection
from voltrail.statements.installation import Installation
from voltrail.statements.lot import LotRecord
from voltrail.statements.unit import UnitRecord

_TRANSPORT = "38.3"  # part of every name of the UN transport test
_EVENT_TIMES = (
    "at", "received_at", "installed_at", "inspected_at", "read_at", "ends", "seen_at",
)  # fmt: skip


class _Step(Struct, frozen=True):
    """Something that happened: in words, its earliest and latest moment, the fact."""

    what: str
    begins: datetime
    ends: datetime
    fact: Recorded[Any]


class _Trip(Struct, frozen=True):
    """A passage from one party to another, or a stay with one of them, and how long it took."""

    lane: tuple[str, PlaceId | None, PlaceId | None]
    lot: LotId
    what: str
    took: timedelta
    halves: Halves


@rule("R15", Severity.HIGH, Kind.LOT, Kind.ARRIVAL, Kind.UNIT)
def dates_out_of_order(about: Bearing, limits: Tolerances) -> Iterator[Found]:
    """
    Something was tested, shipped, received, looked at or built in before it can have been.

    A statement that says it was signed after it was received is held for review only.

    Why: times that contradict each other were written afterwards.
    Remedy: whoever stated the earlier or later time corrects it with the papers of that day.
    Source: our choice: ADR 0048.
    """
    clock = timedelta(minutes=2 * limits.clock_min)
    steps = {Kind.LOT: _of_a_lot, Kind.ARRIVAL: _of_an_arrival, Kind.UNIT: _of_a_unit}
    for first, then in steps[about.subject.kind](about, limits):
        if then.ends + clock < first.begins:
            said = f"{then.what} ({then.ends:%Y-%m-%d}) before {first.what} ({_named(first)})."
            yield Found(about.subject, (first.fact, then.fact), said[0].upper() + said[1:])
    for one in about.mine:
        ahead = one.header.claimed_time - one.entry.log_time
        if ahead > clock:
            said = f"A statement says it was signed {words(ahead)} after it was received."
            yield Found(about.subject, (one,), said, Severity.MIDDLE)


@rule("R18", Severity.LOW, Kind.PARTY)
def too_fast_or_too_slow(about: Bearing, limits: Tolerances) -> Iterator[Found]:
    """
    A passage, or a stay, took much more or less time than others on the same lane.

    A lane is a giver, a taker and their places; or one holder, where it took the goods and where it
    gave them on. Only hand-overs with both halves count.

    Why: goods that took an unusual time may have been somewhere else.
    Remedy: the carrier explains the way; nothing has to change where it does.
    Source: our choice: ADR 0048.
    """
    lanes: dict[tuple[str, PlaceId | None, PlaceId | None], list[_Trip]] = {}
    for lot in lots_of(about):
        walked = [one for one in hops(about, lot) if len(one.halves) > 1]
        for trip in _trips(about.subject, walked):
            lanes.setdefault(trip.lane, []).append(trip)
    clock = timedelta(minutes=2 * limits.clock_min).total_seconds()
    for _, listed in sorted(lanes.items(), key=lambda row: str(row[0])):
        if len(listed) <= limits.min_lane_trips:
            continue
        times = [trip.took.total_seconds() for trip in listed]
        usual = median(times)
        wide = limits.max_lane_mad * median(abs(one - usual) for one in times) + clock
        for trip in listed:
            if abs(trip.took.total_seconds() - usual) > wide:
                here, there = words(trip.took), words(timedelta(seconds=usual))
                yield Found(trip.lot, trip.halves, f"{trip.what} took {here}; {there} is usual.")


@rule("R21", Severity.MIDDLE, *Kind)
def late_or_back_dated(about: Bearing, limits: Tolerances) -> Iterator[Found]:
    """
    A statement came on record long after what it tells of.

    Many that were signed at once are each late by themselves. A claim before its key began is
    R22's.

    Why: what is written from memory, or afterwards, is weaker than what was written then.
    Remedy: the signer says why it came late and what it was written from.
    Source: our choice: ADR 0048.
    """
    most = timedelta(days=limits.max_late_d, minutes=2 * limits.clock_min)
    for one in about.mine:
        at = event_time(one.fact)
        late = None if at is None else one.entry.log_time - at
        if late is not None and late > most:
            said = f"Told {words(late)} after it happened, by {one.issuer.key}."
            yield Found(about.subject, (one,), said)


def _trips(holder: SubjectId, walked: list[Hop]) -> Iterator[_Trip]:
    """Yield what a party's goods of one lot went through: its passages and its stays."""
    for hop in walked:
        if hop.giver != holder:
            continue
        lane = (f"to {hop.taker}", hop.first.where, hop.last.where)
        what = f"Hand-over {hop.number} to {hop.taker.key}"
        yield _Trip(lane, hop.first.lot, what, hop.got - hop.sent, hop.halves)
        taken = [one for one in walked if one.taker == holder and one.got <= hop.sent]
        if taken:
            last = max(taken, key=lambda one: (one.got, one.number))
            stay = ("with", last.last.where, hop.first.where)
            what = f"From hand-over {last.number} to {hop.number} with {holder.key}, it"
            gone = hop.sent - last.got
            yield _Trip(stay, hop.first.lot, what, gone, (*last.halves, *hop.halves))


def event_time(fact: Any) -> datetime | None:  # noqa: ANN401 — any fact
    """
    Return when something happened, as a fact tells it.

    Args:
        fact: any fact

    Returns:
        The time, or None where the fact tells of no event.

    Source: our choice: ADR 0048.
    """
    for name in _event_times(fact.__class__):
        if isinstance(at := getattr(fact, name), datetime):
            return at
    return None


@cache
def _event_times(kind: type) -> tuple[str, ...]:
    """Return the fields of a kind of fact that may tell when something happened."""
    return tuple(name for name in _EVENT_TIMES if hasattr(kind, name))


def _of_a_lot(about: Bearing, limits: Tolerances) -> Iterator[tuple[_Step, _Step]]:
    record = about.record(about.subject)
    if record is None:
        return
    shipped = list(_shipped(about, record))
    yield from _after_making(about, limits, record, shipped)
    tests = [one.tested_on for one in record.fact.test_results if one.tested_on is not None]
    if tests and shipped:
        tested = _day("the tests", max(tests), record, limits)
        yield tested, min(shipped, key=lambda one: one.ends)
    filed = [one for one in about.of(Certificate) if one.fact.filed_for == record.fact.product]
    own = [one for one in filed if one.fact.lot == about.subject]
    transport = [one for one in filed if _TRANSPORT in one.fact.standard]
    for one in (*own, *sorted(transport, key=lambda each: each.fact.issued)[:1]):
        if shipped:
            name = f"certificate {one.fact.number}"
            issued = _day(name, one.fact.issued, one, limits)
            yield issued, min(shipped, key=lambda each: each.ends)
    for built in about.of(Assembly):
        if _is_made(built, about):
            yield from _children(about, limits, built)


def _after_making(
    about: Bearing, limits: Tolerances, record: Recorded[LotRecord], shipped: list[_Step]
) -> Iterator[tuple[_Step, _Step]]:
    if record.fact.production_date is None:
        return
    made = _day("production", record.fact.production_date, record, limits)
    yield from ((made, one) for one in shipped)
    for came in about.of(Arrival):
        if came.fact.lot == about.subject:
            yield made, _moment("received", came.fact.received_at, came)
    for test in record.fact.test_results:
        if test.tested_on is not None and test.tested_on < record.fact.production_date:
            # Both are days of one plant, so they are compared as days.
            yield (
                _dated("production", record.fact.production_date, record),
                _dated("tested", test.tested_on, record),
            )


def _shipped(about: Bearing, record: Recorded[LotRecord]) -> Iterator[_Step]:
    for hop in hops(about, about.subject):
        yield _moment("shipped", hop.sent, hop.halves[0])
    for told in record.fact.shipping:
        yield _moment("shipped", told.at, record)


def _of_an_arrival(about: Bearing, limits: Tolerances) -> Iterator[tuple[_Step, _Step]]:
    came = about.newest(Arrival, arrival=about.subject)
    if came is None:
        return
    received = _moment("receipt", came.fact.received_at, came)
    for one in about.of(Inspection):
        if one.fact.arrival == about.subject:
            yield received, _moment("inspected", one.fact.inspected_at, one)


def _of_a_unit(about: Bearing, limits: Tolerances) -> Iterator[tuple[_Step, _Step]]:
    for put in about.of(Installation):
        came = about.newest(Arrival, arrival=put.fact.arrival)
        if put.fact.unit == about.subject and came is not None:
            received = _moment("receipt", came.fact.received_at, came)
            yield received, _moment("installed", put.fact.installed_at, put)
    for came in about.of(Arrival):
        stated = about.newest(UnitRecord, unit=about.subject)
        record = about.record(stated.fact.lot) if stated else None
        made = record.fact.production_date if record else None
        if made and record and delivers(came.fact, about.subject):
            first = _day("production", made, record, limits)
            yield first, _moment("received", came.fact.received_at, came)
    for built in about.of(Assembly):
        if _is_made(built, about):
            yield from _children(about, limits, built)


def _is_made(built: Recorded[Assembly], about: Bearing) -> bool:
    outputs = built.fact.outputs
    own = names(outputs, about.subject) or any(one.lot == about.subject for one in outputs)
    return own and built.fact.action is Action.ADD


def _children(
    about: Bearing, limits: Tolerances, built: Recorded[Assembly]
) -> Iterator[tuple[_Step, _Step]]:
    """Yield the making of each part that went in, and the assembly or the making of the whole."""
    wholes = [_moment("assembled", built.fact.at, built)]
    wholes += _made_of(about, limits, built.fact.outputs, "the whole made")
    for part in _made_of(about, limits, built.fact.inputs, "its part"):
        yield from ((part, whole) for whole in wholes)


def _made_of(
    about: Bearing, limits: Tolerances, parts: tuple[Part, ...], what: str
) -> Iterator[_Step]:
    for record in (about.record(_lot(about, one)) for one in parts):
        if record is not None and record.fact.production_date is not None:
            yield _day(what, record.fact.production_date, record, limits)


def _lot(about: Bearing, part: Part) -> Any:  # noqa: ANN401 — a lot or None
    if part.lot is not None or part.unit is None:
        return part.lot
    stated = about.newest(UnitRecord, unit=part.unit)
    return None if stated is None else stated.fact.lot


def _moment(what: str, at: datetime, fact: Recorded[Any]) -> _Step:
    return _Step(what, at, at, fact)


def _day(what: str, on: date, fact: Recorded[Any], limits: Tolerances) -> _Step:
    """Return a date as the hours that have it anywhere on Earth."""
    begins = datetime.combine(on, time(), UTC)
    slack = timedelta(hours=limits.date_slack_h)
    return _Step(what, begins - slack, begins + timedelta(days=1) + slack, fact)


def _dated(what: str, on: date, fact: Recorded[Any]) -> _Step:
    """Return a date that is compared with dates only."""
    return _moment(what, datetime.combine(on, time(), UTC), fact)


def _named(step: _Step) -> str:
    """Return the day of a step for a sentence."""
    middle = step.begins + (step.ends - step.begins) / 2
    return f"{middle:%Y-%m-%d}"
