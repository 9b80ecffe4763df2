"""
Rules about who held the goods, when, and where they went on: R1 to R5, R11.

Hand-overs are paired by number. Nothing here is guilty because a record is missing, but for R4,
which is about just that.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import combinations, pairwise
from typing import Any

from msgspec import Struct

from voltrail.ids.subject import Kind, PartyId, PlaceId
from voltrail.projections.rules.bearing import Bearing
from voltrail.projections.rules.globe import distance_km, words
from voltrail.projections.rules.hops import Hop, hops
from voltrail.projections.rules.model import Found, Severity, Tolerances, rule
from voltrail.projections.rules.seen import lot_of, sightings
from voltrail.projections.view import Recorded
from voltrail.statements.arrival import Arrival


class _Point(Struct, frozen=True):
    """Somebody says that the goods were at a place at a time."""

    where: PlaceId | None
    at: datetime
    fact: Recorded[Any]


@rule("R1", Severity.HIGH, Kind.LOT, Kind.UNIT)
def impossible_travel(about: Bearing, limits: Tolerances) -> Iterator[Found]:
    """
    Goods were at two places sooner after one another than anything carries them.

    Why: what cannot have travelled is not the same thing, or a time or place is invented.
    Remedy: whoever signed either time corrects it with the shipping papers.
    Source: our choice: ADR 0048.
    """
    lead = timedelta(minutes=2 * limits.clock_min)
    for before, after in _ways(about):
        way = distance_km(about, before.where, after.where)
        gone = after.at - before.at
        if way and timedelta(0) <= gone + lead < timedelta(hours=way / limits.max_speed_km_h):
            yield Found(
                about.subject,
                (before.fact, after.fact),
                f"{way:,.0f} km from {_named(before)} to {_named(after)} in {words(gone)}.",
            )


@rule("R2", Severity.HIGH, Kind.LOT)
def overlapping_custody(about: Bearing, limits: Tolerances) -> Iterator[Found]:
    """
    Two parties held the same container, or together more than there is, at one time.

    Why: one thing in two hands is two things, or one hand lies.
    Remedy: the first holder states to whom it gave the goods, or the second corrects its half.
    Source: our choice: ADR 0048.
    """
    record = about.record(about.subject)
    total = None if record is None else record.fact.quantity
    walked = hops(about, about.subject)
    held = [_held(hop, walked) for hop in walked]
    for one, other in combinations(held, 2):
        if one.hop.taker == other.hop.taker or not _same_thing(one.hop, other.hop, total):
            continue
        if _overlap(about, limits, one, other):
            yield Found(
                about.subject,
                (*one.hop.halves, *other.hop.halves),
                f"{one.hop.taker.key} and {other.hop.taker.key} both held it on "
                f"{max(one.hop.got, other.hop.got):%Y-%m-%d}.",
            )


@rule("R3", Severity.MIDDLE, Kind.LOT)
def gap(about: Bearing, limits: Tolerances) -> Iterator[Found]:
    """
    Nobody is known to have held the goods for longer than a passage takes.

    One number for every lane: what is usual on a lane stands in R18.

    Why: in a gap goods can be exchanged.
    Remedy: the parties on both sides of the gap state the hand-overs between them.
    Source: our choice: ADR 0048.
    """
    most = timedelta(days=limits.max_gap_d, minutes=2 * limits.clock_min)
    walked = hops(about, about.subject)
    maker = PartyId.of(about.subject.parts[0])
    for hop in walked:
        if len(hop.halves) > 1 and hop.got - hop.sent > most:
            gone = words(hop.got - hop.sent)
            yield Found(
                about.subject,
                hop.halves,
                f"Hand-over {hop.number} was taken {gone} after it was given.",
            )
        before = [one for one in walked if one is not hop and one.got <= hop.sent]
        if hop.giver == maker or not before or any(hop.giver == one.taker for one in before):
            continue
        last = max(before, key=lambda one: (one.got, one.number))
        if hop.sent - last.got > most:
            yield Found(
                about.subject,
                (*last.halves, *hop.halves),
                f"No hand-over in {words(hop.sent - last.got)} before {hop.giver.key} gave it.",
            )


@rule("R4", Severity.MIDDLE, Kind.LOT)
def one_sided_hand_over(about: Bearing, limits: Tolerances) -> Iterator[Found]:
    """
    One party stated its half, and the other has been silent for too long.

    No hand-over says how it travelled: the short time runs where the goods have gone on since or
    were taken already, the long one where they may be at sea. It counts to the newest entry known.

    Why: one half is one party's word about another.
    Remedy: the silent party states its half.
    Source: our choice: ADR 0048.
    """
    walked = hops(about, about.subject)
    for hop in walked:
        if len(hop.halves) > 1:
            continue
        went_on = any(one.giver == hop.taker and one.sent >= hop.sent for one in walked)
        known = hop.given is None or went_on or _came(about, hop)
        days = limits.one_sided_d if known else limits.one_sided_unknown_d
        due = hop.sent + timedelta(days=days, minutes=2 * limits.clock_min)
        if about.is_past(due):
            silent = hop.taker if hop.taken is None else hop.giver
            said = f"{silent.key} has not signed hand-over {hop.number}, due by {due:%Y-%m-%d}."
            yield Found(about.subject, hop.halves, said)


@rule("R5", Severity.HIGH, Kind.LOT)
def mismatched_hand_over(about: Bearing, limits: Tolerances) -> Iterator[Found]:
    """
    Both halves are there and name other parties, items, containers, arrivals or places.

    Seals are R11's. Places that nobody located are not compared.

    Why: two halves that differ are about two things.
    Remedy: both parties compare their papers; the one that erred corrects its half.
    Source: our choice: ADR 0048.
    """
    for hop in hops(about, about.subject):
        if hop.given is None or hop.taken is None:
            continue
        for said in _differences(about, limits, hop):
            yield Found(about.subject, hop.halves, f"Hand-over {hop.number}: {said}.")


@rule("R11", Severity.HIGH, Kind.LOT)
def seals_differ(about: Bearing, limits: Tolerances) -> Iterator[Found]:
    """
    The seals that were given are not those that were taken, or that the dock found.

    A hand-over given without a seal accuses nobody: no record says which lanes require one.

    Why: another seal means that somebody opened the goods.
    Remedy: both parties compare photographs of the seals; hold the goods until they agree.
    Source: ISO 28000:2022, 8; our choice: ADR 0048.
    """
    for hop in hops(about, about.subject):
        given, taken = set(hop.first.seals), set(hop.last.seals)
        if given and given != taken:
            yield Found(
                about.subject,
                hop.halves,
                f"Hand-over {hop.number}: {_listed(given)} given, {_listed(taken)} taken.",
            )
    for came, last in _received(about):
        if last.last.seals and set(last.last.seals) != set(came.fact.seals):
            found = f"{_listed(set(last.last.seals))} handed over, {_listed(set(came.fact.seals))}"
            yield Found(about.subject, (came, *last.halves), f"{found} at the dock.")


class _Held(Struct, frozen=True):
    """One holding: who took it in which hop, and the hop that ended it."""

    hop: Hop
    until: Hop | None


def _held(hop: Hop, walked: tuple[Hop, ...]) -> _Held:
    later = [
        one
        for one in walked
        if one is not hop
        and one.giver == hop.taker
        and one.last.container in (None, hop.last.container)
        and max(one.sent, one.got) >= hop.got
    ]
    return _Held(hop, later[0] if later else None)


def _same_thing(one: Hop, other: Hop, total: int | None) -> bool:
    """Return whether both took one container, or together more than the lot holds."""
    if one.last.container is not None and other.last.container is not None:
        return one.last.container == other.last.container
    return total is not None and one.last.quantity + other.last.quantity > total


def _overlap(about: Bearing, limits: Tolerances, one: _Held, other: _Held) -> bool:
    begins, clock = max(one.hop.got, other.hop.got), timedelta(minutes=2 * limits.clock_min)
    open_for = timedelta(hours=limits.open_hand_over_h)
    ends = [held.until.sent for held in (one, other) if held.until is not None]
    handed_on = one.until is other.hop or other.until is one.hop
    early = one if one.hop.got <= other.hop.got else other
    if early.until is None:
        return about.is_past(begins + open_for + clock)
    return min(ends) - begins > (open_for + clock if handed_on else clock)


def _ways(about: Bearing) -> Iterator[tuple[_Point, _Point]]:
    """Yield pairs of times and places between which the same goods must have travelled."""
    if about.subject.kind is Kind.UNIT:
        yield from _ways_of_a_unit(about)
        return
    walked = hops(about, about.subject)
    for hop in walked:
        if hop.given is not None and hop.taken is not None:
            first, last = _start(hop), _end(hop)
            yield (first, last) if first.at <= last.at else (last, first)
        reached = [_end(one) for one in walked if one.taker == hop.giver and one.got <= hop.sent]
        if reached:
            yield reached[-1], _start(hop)
    for came, carried in _received(about):
        yield _end(carried), _Point(came.fact.place, came.fact.received_at, came)


def _ways_of_a_unit(about: Bearing) -> Iterator[tuple[_Point, _Point]]:
    """Yield where a unit was seen, two by two, and where its whole lot was handed on between."""
    seen = [_Point(one.where, one.at, one.fact) for one in sightings(about)]
    lot = lot_of(about)
    record = about.record(lot)
    whole = None if record is None else record.fact.quantity
    carried = [
        point
        for hop in (hops(about, lot) if whole else ())
        if hop.last.quantity == whole
        for point in (_start(hop), _end(hop))
    ]
    own = {one.fact.entry.digest for one in seen}
    every = [one for one in (*seen, *carried) if one.where is not None]
    every.sort(key=lambda one: (one.at, one.fact.entry.digest))
    for before, after in pairwise(every):
        if {before.fact.entry.digest, after.fact.entry.digest} & own:
            yield before, after


def _start(hop: Hop) -> _Point:
    return _Point(hop.first.where, hop.first.at, hop.halves[0])


def _end(hop: Hop) -> _Point:
    return _Point(hop.last.where, hop.last.at, hop.halves[-1])


def _received(about: Bearing) -> Iterator[tuple[Recorded[Arrival], Hop]]:
    """Yield each arrival of the lot with the last hand-over that names it."""
    for came in about.of(Arrival):
        named = [hop for hop in hops(about, about.subject) if hop.arrival == came.fact.arrival]
        if came.fact.lot == about.subject and named:
            yield came, max(named, key=lambda hop: (hop.got, hop.number))


def _came(about: Bearing, hop: Hop) -> bool:
    return hop.arrival is not None and about.newest(Arrival, arrival=hop.arrival) is not None


def _differences(about: Bearing, limits: Tolerances, hop: Hop) -> Iterator[str]:
    given, taken = hop.first, hop.last
    if (given.giver, given.taker) != (taken.giver, taken.taker):
        left, right = f"{given.giver.key} to {given.taker.key}", f"{taken.giver.key} to"
        yield f"given says {left}, taken says {right} {taken.taker.key}"
    if given.quantity != taken.quantity:
        yield f"{given.quantity:,} items given, {taken.quantity:,} taken"
    if given.container and taken.container and given.container != taken.container:
        yield f"given in {given.container}, taken in {taken.container}"
    if given.arrival and taken.arrival and given.arrival != taken.arrival:
        yield f"given for {given.arrival.key}, taken for {taken.arrival.key}"
    way = distance_km(about, given.where, taken.where)
    if way is not None and way > limits.max_place_km:
        yield f"the halves name places {way:,.0f} km apart"


def _named(point: _Point) -> str:
    return "" if point.where is None else point.where.key


def _listed(seals: set[str]) -> str:
    return ("seal " + ", ".join(sorted(seals)[:2])) if seals else "no seal"
