"""
Rules about how many there are: R6 and R19.

Counts are whole items, so nothing is rounded; bulk goods by mass are not counted here.
"""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from typing import Any

from voltrail.ids.subject import Kind, PartyId
from voltrail.projections.rules import battery_code
from voltrail.projections.rules.bearing import Bearing
from voltrail.projections.rules.hops import Hop, hops
from voltrail.projections.rules.model import Found, Severity, Tolerances, rule
from voltrail.projections.rules.seen import codes, lot_of
from voltrail.projections.view import Recorded
from voltrail.quantities import Unit
from voltrail.statements.arrival import Arrival
from voltrail.statements.assembly import Action, Assembly, Certainty, Part
from voltrail.statements.lot import LotRecord
from voltrail.statements.place import Place
from voltrail.statements.retirement import Retirement

_NAMED = 5  # [lots] besides the one asked about that a finding names
_Flow = tuple[int, tuple[Recorded[Any], ...]]


@rule("R6", Severity.HIGH, Kind.LOT)
def quantity_not_conserved(about: Bearing, limits: Tolerances) -> Iterator[Found]:
    """
    A party passed on, used up or scrapped more of a lot than it made or took, or a count differs.

    A party that took nothing on record is not accused, nor is a maker that states no quantity: what
    is missing there is a hand-over. What a party still holds is nobody's statement, so too little
    going out accuses nobody; the dock's count is compared both ways.

    Why: surplus units of a lot come from somewhere else.
    Remedy: the named party states what else it took, or corrects its count.
    Source: our choice: ADR 0048.
    """
    gone = _gone(about)
    for party, (came, grounds) in sorted(_come(about).items()):
        out, rests = gone.get(party, (0, ()))
        if out > came:
            said = f"{out:,} items left {party.key}, which made or took {came:,}."
            yield Found(about.subject, (*grounds, *rests), said)
    yield from _received(about)


def _received(about: Bearing) -> Iterator[Found]:
    """Yield arrivals that are not what was handed over, or together more than the lot."""
    arrivals = [one for one in about.of(Arrival) if one.fact.lot == about.subject]
    record = about.record(about.subject)
    made = None if record is None else record.fact.quantity
    total = sum(one.fact.quantity for one in arrivals)
    if record is not None and made is not None and total > made:
        said = f"{total:,} items came in of a lot of {made:,}."
        yield Found(about.subject, (record, *arrivals), said)
    for one in arrivals:
        named = [hop for hop in hops(about, about.subject) if hop.arrival == one.fact.arrival]
        last = [hop for hop in named if not _passed_on(hop, named)]
        handed = sum(hop.last.quantity for hop in last)
        if last and one.fact.quantity != handed:
            halves = tuple(half for hop in last for half in hop.halves)
            said = f"{one.fact.quantity:,} items came in, {handed:,} were handed over."
            yield Found(about.subject, (one, *halves), said)


@rule("R19", Severity.MIDDLE, Kind.LOT, Kind.UNIT)
def more_than_the_plant_makes(about: Bearing, limits: Tolerances) -> Iterator[Found]:
    """
    More was shipped on a day, or a code counts more, than its factory makes in one.

    Counted are the hand-overs of a lot, and what makers declare of all lots that left the factory
    on one day, for as many days as they were made on. Needs the daily output in the record of the
    factory; without it nothing is said.

    Why: what a plant cannot have made was made elsewhere.
    Remedy: the maker declares the plant's output, or names the plant that made the goods.
    Source: GB/T 34014-2017; our choice: ADR 0048.
    """
    lot = about.subject if about.subject.kind is Kind.LOT else lot_of(about)
    record = about.record(lot)
    plant = None if record is None else about.newest(Place, place=record.fact.factory)
    most = None if plant is None else plant.fact.daily_output
    if record is None or plant is None or most is None:
        return
    if about.subject.kind is Kind.UNIT:
        for code in filter(None, map(battery_code.read, codes(about))):
            if code.number > most:
                said = f"The code counts item {code.number:,} of a day; the plant makes {most:,}."
                yield Found(about.subject, (*about.mine, record, plant), said)
        return
    yield from _handed_on(about, most, record, plant)
    yield from _sent_off(about, most, record, plant)


def _handed_on(
    about: Bearing, most: int, record: Recorded[LotRecord], plant: Recorded[Place]
) -> Iterator[Found]:
    """Yield the days on which more of one lot was handed on by its maker."""
    shipped: dict[date, list[Hop]] = defaultdict(list)
    for hop in hops(about, about.subject):
        if hop.giver == PartyId.of(about.subject.parts[0]):
            shipped[hop.sent.date()].append(hop)
    for when, listed in sorted(shipped.items()):
        count = sum(hop.first.quantity for hop in listed)
        if count > most:
            halves = tuple(half for hop in listed for half in hop.halves)
            said = f"{count:,} items shipped on {when}; the plant makes {most:,} a day."
            yield Found(about.subject, (*halves, record, plant), said)


def _sent_off(
    about: Bearing, most: int, record: Recorded[LotRecord], plant: Recorded[Place]
) -> Iterator[Found]:
    """Yield the days on which this lot and others left the plant, more than it made of them."""
    newest = {one.fact.lot: one for one in about.of(LotRecord) if _is_maker_s(one)}
    beside = [one for one in newest.values() if one.fact.factory == record.fact.factory]
    for when in sorted({event.at.date() for event in record.fact.shipping}):
        sent = [(one, items) for one in beside if (items := _left_on(one.fact, when))]
        days = {one.fact.production_date for one, _ in sent}
        count, made = sum(items for _, items in sent), most * len(days)
        if len(sent) > 1 and None not in days and count > made:
            said = f"{count:,} items of {len(sent)} lots left on {when}, made in {len(days)} d; "
            others = [one for one, _ in sent if one is not record][:_NAMED]
            told = f"{said}the plant makes {most:,} a day."
            yield Found(about.subject, (record, *others, plant), told)


def _is_maker_s(one: Recorded[LotRecord]) -> bool:
    return one.issuer == PartyId.of(one.fact.lot.parts[0])


def _left_on(fact: LotRecord, when: date) -> int:
    return sum(event.quantity for event in fact.shipping if event.at.date() == when)


def _come(about: Bearing) -> dict[PartyId, _Flow]:
    """Return what each party made or took, where anything is on record."""
    maker, record = PartyId.of(about.subject.parts[0]), about.record(about.subject)
    found: dict[PartyId, _Flow] = {}
    for hop in hops(about, about.subject):
        if hop.taker != maker:
            _add(found, hop.taker, hop.last.quantity, *hop.halves)
    if record is not None and record.fact.quantity is not None:
        found[maker] = (record.fact.quantity, (record,))
        for hop in hops(about, about.subject):
            if hop.taker == maker:  # what came back
                _add(found, maker, hop.last.quantity, *hop.halves)
    return found


def _gone(about: Bearing) -> dict[PartyId, _Flow]:
    """Return what each party gave, used up or scrapped."""
    found: dict[PartyId, _Flow] = {}
    for hop in hops(about, about.subject):
        _add(found, hop.giver, hop.first.quantity, *hop.halves)
    for made in about.of(Assembly):
        if made.fact.action is Action.ADD:
            _add(found, made.fact.assembler, _used(about, made.fact.inputs), made)
    for left in about.of(Retirement):
        if left.fact.lot == about.subject:
            count = left.fact.quantity or len(left.fact.units)
            _add(found, left.fact.holder, count, left)
    return found


def _add(found: dict[PartyId, _Flow], party: PartyId, count: int, *facts: Recorded[Any]) -> None:
    before, grounds = found.get(party, (0, ()))
    found[party] = (before + count, (*grounds, *(facts if count else ())))


def _used(about: Bearing, parts: tuple[Part, ...]) -> int:
    found = 0
    for part in parts:
        if part.lot != about.subject or part.certainty is not Certainty.DEFINITE:
            continue
        counted = part.quantity is not None and part.quantity.unit is Unit.items
        if part.unit is not None:
            found += 1
        elif counted and part.quantity is not None:
            found += int(part.quantity.value)
    return found


def _passed_on(hop: Hop, named: list[Hop]) -> bool:
    return any(one.giver == hop.taker for one in named)
