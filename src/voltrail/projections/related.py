"""
What has to do with a suspect: lots and units by one relation, and every asset that they are in.

Leads are found first: the suspect itself, its lot, what it was made of, or what shared a factory, a
hand, a firmware, a shipment, a document with it. Then the lots that were made from these, and the
reach of each. Does not judge, and does not know whether anything is wrong with a thing.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from msgspec import Struct

from voltrail.ids import subject as ids
from voltrail.ids.subject import (
    ArrivalId,
    FirmwareId,
    LotId,
    PartyId,
    PlaceId,
    SubjectId,
    UnitId,
    is_identity,
)
from voltrail.projections import boxed, contents, genealogy, reach_keys
from voltrail.projections.boxed import Boxed
from voltrail.projections.fold import serials
from voltrail.projections.gathering import Gathering
from voltrail.projections.genealogy import Traced
from voltrail.projections.genealogy_read import AWAY
from voltrail.projections.parts import NOTHING
from voltrail.projections.reach_graph import Graph
from voltrail.projections.view import Recorded
from voltrail.statements.arrival import Arrival
from voltrail.statements.assembly import Assembly, Certainty
from voltrail.statements.custody import HandOver
from voltrail.statements.firmware import FirmwareReading, FirmwareRelease
from voltrail.statements.installation import Installation
from voltrail.statements.lot import LotRecord
from voltrail.wording import Worded, worded

SURE, MAYBE = Certainty.DEFINITE, Certainty.POSSIBLE


class Relation(StrEnum):
    """How other things can have to do with a suspect."""

    LOT = "lot"
    PARTS = "parts"
    FACTORY = "factory"
    HANDS = "hands"
    FIRMWARE = "firmware"
    SHIPMENT = "shipment"
    DOCUMENT = "document"


class Suspect(Struct, frozen=True):
    """
    What is suspected, and by which relation others are; days bound a factory, a hand, a container.

    `about` is an identity, a firmware version, the digest of an image or a document, or, by
    shipment, the number of a container.
    """

    about: str
    relation: Relation
    since: date | None = None
    until: date | None = None


class Lead(Struct, frozen=True):
    """A lot, a unit or an arrival that is related, how surely, why, and what says so."""

    thing: SubjectId
    certainty: Certainty
    why: Worded
    entries: tuple[int, ...]


class Led(Struct, frozen=True):
    """
    One lead for each thing, the surest, in the order in which they were found.

    `away` are the things whose tables of parts are not here: a sentence, and whom to ask.
    """

    leads: tuple[Lead, ...]
    away: tuple[tuple[SubjectId, Worded, PartyId], ...] = ()


def leads(room: Gathering, graph: Graph, suspect: Suspect) -> Led:
    """
    Return what is related to a suspect directly, and each lot that was made from it.

    Args:
        room: what is on record
        graph: what is in what
        suspect: what is suspected, and the relation

    Returns:
        The leads, and what hides others.

    Source: mission, IR-02; ADR 0052.
    """
    traced = _down(room, graph, suspect)
    found = _surest((*_first(room, graph, suspect), *_parts(traced)))
    waiting = [one for one in found.values() if isinstance(one.thing, LotId)]
    while waiting:
        for one in _made_from(room, graph, waiting.pop(0)):
            if one.thing not in found:
                found[one.thing] = one
                waiting.append(one)
    return Led(tuple(found.values()), tuple(dict.fromkeys(_away(traced))))


def _first(room: Gathering, graph: Graph, suspect: Suspect) -> Iterator[Lead]:
    about = suspect.about
    thing = ids.parse(about) if is_identity(about) else None
    match suspect.relation:
        case Relation.LOT | Relation.PARTS:
            yield from _itself(graph, thing)
        case Relation.FACTORY:
            yield from _from_factory(room, graph, thing, suspect)
        case Relation.HANDS:
            yield from _through_hands(room, thing, suspect)
        case Relation.FIRMWARE:
            yield from _itself(graph, thing)
            yield from _with_firmware(room, graph, thing, about)
        case Relation.SHIPMENT:
            yield from _shipped_with(room, graph, thing, suspect)
        case Relation.DOCUMENT:
            yield from _on_document(room, about)


def _itself(graph: Graph, thing: SubjectId | None) -> Iterator[Lead]:
    """Yield the suspect, and the lots it is of or that arrived in it."""
    if isinstance(thing, UnitId | LotId | ArrivalId):
        yield Lead(thing, SURE, worded("It is what is suspected."), ())
    if isinstance(thing, UnitId):
        yield from _of_lots(graph, thing)
    if isinstance(thing, ArrivalId):
        for came in graph.standing(thing, Arrival):
            why = worded("It came in %(arrival)s.", arrival=thing.key)
            yield Lead(came.fact.lot, SURE, why, (came.entry.index,))


def _of_lots(graph: Graph, unit: UnitId) -> Iterator[Lead]:
    lots = sorted(graph.lots(unit))
    for lot in lots:
        why = worded("%(unit)s is said to be of this lot.", unit=unit.key)
        yield Lead(lot, SURE if len(lots) == 1 else MAYBE, why, ())


def _down(room: Gathering, graph: Graph, suspect: Suspect) -> list[Traced]:
    """Return, by parts, everything that a suspect was made of: as much as is on record, uncut."""
    if suspect.relation is not Relation.PARTS or not is_identity(suspect.about):
        return []
    thing = ids.parse(suspect.about)
    starts = [thing] if isinstance(thing, UnitId | LotId) else []
    if isinstance(thing, ArrivalId):
        starts = [one.fact.lot for one in graph.standing(thing, Arrival)]

    def seen(units: Collection[UnitId]) -> Mapping[str, frozenset[str]]:
        graph.fetch(units)
        return {one: graph.arrivals(one) for one in units}

    return [genealogy.origins(room, one, seen, graph.put, None) for one in starts]


def _parts(found: Iterable[Traced]) -> Iterator[Lead]:
    """Yield every lot and unit that a suspect was made of, at any depth."""
    for traced in found:
        for step in traced.steps[1:]:
            why = worded("%(thing)s was made of it.", thing=traced.steps[0].subject.key)
            yield Lead(step.subject, step.certainty, why, step.entries)


def _away(found: Iterable[Traced]) -> Iterator[tuple[SubjectId, Worded, PartyId]]:
    """Yield the things of which a table of parts is not here."""
    for traced in found:
        for gap in traced.gaps:
            if gap.sentence.form == AWAY.form and gap.ask is not None:
                yield traced.steps[gap.after].subject, gap.sentence, gap.ask


def _from_factory(
    room: Gathering, graph: Graph, thing: SubjectId | None, suspect: Suspect
) -> Iterator[Lead]:
    """Yield the lots that a factory made in some days, or those around the suspect's own day."""
    windows: list[tuple[PlaceId, date | None, date | None]] = []
    if isinstance(thing, PlaceId):
        windows.append((thing, suspect.since, suspect.until))
    else:
        yield from _itself(graph, thing)
        lots = [one.thing for one in _itself(graph, thing) if isinstance(one.thing, LotId)]
        records = (one.fact for lot in lots for one in room.standing(reach_keys.RECORD + lot))
        windows += [
            (made.factory, *_around(made.production_date, suspect))
            for made in records
            if isinstance(made, LotRecord) and made.factory
        ]
    for factory, since, until in dict.fromkeys(windows):
        for one in room.standing(reach_keys.PLANT + factory):
            fact = one.fact
            if isinstance(fact, LotRecord) and _within(fact.production_date, since, until):
                sure = SURE if fact.production_date or not (since or until) else MAYBE
                why = worded("%(place)s made it in these days.", place=factory.key)
                yield Lead(fact.lot, sure, why, (one.entry.index,))


def _around(day: date | None, suspect: Suspect) -> tuple[date | None, date | None]:
    """Return the days asked for, or those a day before and after the suspect was made."""
    if suspect.since or suspect.until or day is None:
        return suspect.since, suspect.until
    return day - timedelta(days=1), day + timedelta(days=1)


def _within(day: date | None, since: date | None, until: date | None) -> bool:
    """Return whether a day lies between two; one that nobody states cannot be ruled out."""
    return day is None or ((since or day) <= day <= (until or day))


def _through_hands(room: Gathering, thing: SubjectId | None, suspect: Suspect) -> Iterator[Lead]:
    """Yield the lots and arrivals that went through a firm's hands in some days."""
    if not isinstance(thing, PartyId):
        return
    why = worded("It went through the hands of %(firm)s.", firm=thing.key)
    for one in room.standing(reach_keys.HANDS + thing):
        fact, at = one.fact, (one.entry.index,)
        if isinstance(fact, HandOver) and _within(fact.at.date(), suspect.since, suspect.until):
            yield Lead(fact.lot, SURE, why, at)
        elif isinstance(fact, Arrival):
            if _within(fact.received_at.date(), suspect.since, suspect.until):
                yield Lead(fact.lot, SURE, why, at)
        elif isinstance(fact, LotRecord):
            days = [each.at.date() for each in fact.shipping if each.to == thing]
            if any(_within(day, suspect.since, suspect.until) for day in days):
                yield Lead(fact.lot, MAYBE, why, at)


def _with_firmware(
    room: Gathering, graph: Graph, thing: SubjectId | None, about: str
) -> Iterator[Lead]:
    """Yield what was read with, installed with or delivered with a firmware."""
    for mark in _marks(room, graph, thing) if thing is not None else (about,):
        why = worded("It has the firmware %(mark)s.", mark=mark)
        for one in room.standing(reach_keys.RAN + mark):
            fact, at = one.fact, (one.entry.index,)
            if isinstance(fact, Installation):
                yield Lead(fact.unit, SURE, why, at)
            elif isinstance(fact, FirmwareReading):
                yield Lead(fact.unit or fact.arrival, SURE if fact.unit else MAYBE, why, at)
            elif isinstance(fact, LotRecord):
                yield Lead(fact.lot, SURE, why, at)


def _marks(room: Gathering, graph: Graph, thing: SubjectId | None) -> tuple[str, ...]:
    """Return the versions and digests of firmware that a suspect is said to have."""
    found: dict[str, None] = {}
    things = [lead.thing for lead in _itself(graph, thing)]
    for each in [thing] if isinstance(thing, FirmwareId) else things:
        for one in room.standing(each):
            fact = one.fact
            if isinstance(fact, FirmwareReading | FirmwareRelease):
                found |= dict.fromkeys((fact.version, str(fact.image)))
            elif isinstance(fact, Installation) and fact.firmware:
                found[str(fact.firmware)] = None
            elif isinstance(fact, LotRecord) and fact.firmware_version not in (None, "none"):
                found[str(fact.firmware_version)] = None
    return tuple(found)


def _shipped_with(
    room: Gathering, graph: Graph, thing: SubjectId | None, suspect: Suspect
) -> Iterator[Lead]:
    """Yield the arrivals that a suspect came in, what else came in them or in its containers."""
    if thing is None:
        for one in boxed.inside(room, graph, suspect.about):
            if boxed.is_within(one, suspect.since, suspect.until):
                yield from _in_container(graph, one, one.certainty, suspect.about)
        return
    arrivals = [thing] if isinstance(thing, ArrivalId) else []
    if isinstance(thing, UnitId):
        yield Lead(thing, SURE, worded("It is what is suspected."), ())
        arrivals = [ArrivalId.read(one) for one in sorted(graph.arrivals(thing))]
    for arrival in arrivals:
        why = worded("It is the shipment of what is suspected.")
        yield from _shipment(graph, arrival, SURE, why)
    yield from _boxed_with(room, graph, {thing, *arrivals}, suspect)


def _shipment(graph: Graph, arrival: ArrivalId, sure: Certainty, why: Worded) -> Iterator[Lead]:
    """Yield an arrival, and the units on its list that somebody spoke of."""
    entries = tuple(one.entry.index for one in graph.standing(arrival, Arrival))
    yield Lead(arrival, sure, why, entries)
    listed = sorted(_listed(graph, arrival))
    graph.fetch(listed)
    for one in listed:
        if graph.exists(one):
            came = worded("It came in %(arrival)s.", arrival=arrival.key)
            yield Lead(one, sure, came, entries)


def _boxed_with(
    room: Gathering, graph: Graph, ours: set[SubjectId], suspect: Suspect
) -> Iterator[Lead]:
    """Yield what was in a container at the same time as a suspect, or as its shipment."""
    for container in sorted({box for one in ours for box in boxed.containers(room, one)}):
        found = boxed.inside(room, graph, container)
        mine = [one for one in found if one.thing in ours]
        mine = [one for one in mine if boxed.is_within(one, suspect.since, suspect.until)]
        for other in found:
            together = {boxed.met(one, other) for one in mine} - {None}
            if together and other.thing not in ours:
                sure = SURE if SURE in together else MAYBE
                yield from _in_container(graph, other, sure, container)


def _in_container(graph: Graph, one: Boxed, sure: Certainty, container: str) -> Iterator[Lead]:
    why = worded("It was in container %(container)s.", container=container)
    if isinstance(one.thing, ArrivalId):
        yield from _shipment(graph, one.thing, sure, why)
    else:
        yield Lead(one.thing, sure, why, one.entries)


def _listed(graph: Graph, arrival: ArrivalId) -> set[UnitId]:
    came = [one.fact for one in graph.standing(arrival, Arrival)]
    return {
        UnitId.of(fact.lot.parts[0], serial)
        for fact in came
        for serial in serials(fact, graph.blobs)
    }


def _on_document(room: Gathering, about: str) -> Iterator[Lead]:
    """Yield the lots, arrivals and units of statements that rest on a file."""
    for one in (*room.standing(contents.PREFIX + about), *_naming(room, about)):
        why = worded("A statement about it rests on this document.")
        for thing in one.subjects:
            if isinstance(thing, LotId | ArrivalId | UnitId):
                yield Lead(thing, SURE, why, (one.entry.index,))


def _naming(room: Gathering, about: str) -> Iterable[Recorded[Any]]:
    return room.standing(about) if is_identity(about) else ()


def _made_from(room: Gathering, graph: Graph, lead: Lead) -> Iterator[Lead]:
    """Yield the lots that took of a lot, where no unit is named, and did not give it back."""
    for one in room.standing(reach_keys.INTO + lead.thing):
        if not isinstance(one.fact, Assembly):
            continue
        why = worded("%(lot)s went into it.", lot=lead.thing.key)
        for made in graph.put(one).outputs:
            if made.lot is not None and made.unit is None:
                weight = graph.children(made.lot).get(lead.thing, NOTHING)
                sure = weight.sure and lead.certainty is SURE
                if weight != NOTHING:
                    yield Lead(made.lot, SURE if sure else MAYBE, why, (one.entry.index,))


def _surest(found: Iterable[Lead]) -> dict[SubjectId, Lead]:
    """Return one lead for each thing: the first, or the first that is sure."""
    kept: dict[SubjectId, Lead] = {}
    for one in found:
        before = kept.get(one.thing)
        if before is None or _surer(one, before):
            kept[one.thing] = one
    return kept


def _surer(one: Lead, before: Lead) -> bool:
    return one.certainty is SURE and before.certainty is MAYBE
