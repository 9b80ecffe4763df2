"""
Rules about parts and wholes: R10 and R20.

A whole counts as unopened until an assembly takes it apart. Parts in tables are not read.
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from msgspec import Struct

from voltrail.ids.subject import Kind, PartyId, ProductId, SubjectId, UnitId
from voltrail.projections.rules.bearing import Bearing
from voltrail.projections.rules.boxes import unopened
from voltrail.projections.rules.circles import circle
from voltrail.projections.rules.hops import hops
from voltrail.projections.rules.model import Found, Severity, Tolerances, rule
from voltrail.projections.rules.seen import delivers, names, sightings
from voltrail.projections.view import Recorded
from voltrail.statements.arrival import Arrival
from voltrail.statements.assembly import Action, Assembly, BomLine, Part
from voltrail.statements.change_notice import Answer, ChangeDecision, ChangeNotice, Side
from voltrail.statements.installation import Installation
from voltrail.statements.lot import LotRecord
from voltrail.statements.movement import Movement
from voltrail.statements.unit import UnitRecord


@rule("R10", Severity.HIGH, Kind.UNIT, Kind.LOT)
def aggregation_broken(about: Bearing, limits: Tolerances) -> Iterator[Found]:
    """
    A part was seen alone while it is in an unopened whole, or came out of one it never went in.

    A unit was seen outside a sealed container that nobody opened since it went in, or is said to
    be in itself, at once or by way of other wholes.

    A lot that was taken in one container and given in another was repacked: whoever held it says
    so by an assembly, or nobody opened the first. A part in two wholes is R7's. A delivery that
    lists the whole may list its parts too.

    Why: what leaves a closed whole was taken out, or is a copy.
    Remedy: whoever opened the whole states that it was taken apart, and what came out.
    Source: EPCIS 2.0, AggregationEvent; our choice: ADR 0048.
    """
    if about.subject.kind is Kind.LOT:
        yield from _repacked(about, limits)
        return
    yield from _seen_alone(about)
    for box, at, told in unopened(about):
        said = f"It was seen on {at:%Y-%m-%d} outside {box}, sealed with it inside and unopened."
        yield Found(about.subject, told, said)
    yield from _in_itself(about)
    packed, fact = _packed(about)
    if fact is None:
        return
    for one in about.of(Assembly):
        came = _units(_other_side(one.fact, about.subject))
        if one.fact.action is Action.ADD or not came:
            continue
        strange = sorted(came - packed)
        lost = sorted(packed - came) if one.fact.action is Action.DELETE else []
        if strange:
            said = f"{strange[0].key} was in it in {one.fact.number}, and never went in."
            yield Found(about.subject, (fact, one), said)
        elif lost:
            said = f"{lost[0].key} went in and did not come out in {one.fact.number}."
            yield Found(about.subject, (fact, one), said)


@rule("R20", Severity.HIGH, Kind.PARTY)
def silent_change_of_parts(about: Bearing, limits: Tolerances) -> Iterator[Found]:
    """
    A part, its maker or firmware is not that of the first parts list, and no notice was accepted.

    The first list that the assembler stated for a product is the approved one. Where no record
    says which product was made, lists of one revision are compared.

    Why: a part that changes without a word changes what was qualified.
    Remedy: the assembler states a change notice; the operator accepts it or refuses the goods.
    Source: NIST SP 800-161r1, SR-4; our choice: ADR 0048.
    """
    groups: dict[tuple[str, str], list[Recorded[Assembly]]] = {}
    for one in about.of(Assembly):
        if one.fact.assembler == about.subject and one.fact.bom and one.fact.action is Action.ADD:
            key = _product(about, one.fact) or one.fact.bom_revision
            if key is not None:
                groups.setdefault((key, one.fact.level), []).append(one)
    for (product, _), listed in sorted(groups.items()):
        listed.sort(key=lambda one: (one.fact.at, one.entry.digest))
        for (made, each), where in _changed(about, product, listed).items():
            said = f"{each.component} is now {each.part_number}{_by(each)}; no notice told."
            yield Found(made, (listed[0], *where), said)


def _changed(
    about: Bearing, product: str, listed: list[Recorded[Assembly]]
) -> dict[tuple[SubjectId, BomLine], list[Recorded[Assembly]]]:
    """Return the assemblies with a line that is not in the first list, by what they made."""
    known = {_line(each) for each in listed[0].fact.bom}
    found: dict[tuple[SubjectId, BomLine], list[Recorded[Assembly]]] = {}
    for one in listed[1:]:
        for each in one.fact.bom:
            if _line(each) not in known and not _accepted(about, product, each):
                made = _lot_or_whole(one.fact) or about.subject
                found.setdefault((made, each), []).append(one)
    return found


class _Line(Struct, frozen=True):
    """What makes a line of a parts list another part."""

    component: str
    part_number: str
    revision: str
    maker: PartyId | None
    firmware: str | None


def _line(one: BomLine) -> _Line:
    return _Line(one.component, one.part_number, one.revision, one.maker, one.firmware)


def _by(one: BomLine) -> str:
    return "" if one.maker is None else f" by {one.maker.key}"


def _in_itself(about: Bearing) -> Iterator[Found]:
    way = circle(about)
    if way is not None:
        between, told = way
        through = f", by way of {', '.join(one.key for one in between[:3])}" if between else ""
        yield Found(about.subject, told, f"It is said to be in itself{through}.")


def _seen_alone(about: Bearing) -> Iterator[Found]:
    built = sorted(about.of(Assembly), key=lambda one: (one.fact.at, one.entry.digest))
    for seen in sightings(about):
        if not isinstance(seen.fact.fact, (Arrival, Installation, Movement)):
            continue
        inside: Recorded[Assembly] | None = None
        for one in (each for each in built if each.fact.at <= seen.at):
            if one.fact.action is Action.ADD and names(one.fact.inputs, about.subject):
                inside = one
            elif one.fact.action is Action.DELETE and _names_both(one.fact, about.subject):
                inside = None
        if inside is not None and not _came_along(seen.fact.fact, inside.fact):
            whole = _whole(inside.fact)
            name = inside.fact.number if whole is None else whole.key
            said = f"It was seen alone on {seen.at:%Y-%m-%d} while it is in {name}, unopened."
            yield Found(about.subject, (inside, seen.fact), said)


def _repacked(about: Bearing, limits: Tolerances) -> Iterator[Found]:
    """Yield hand-overs in a container that the giver neither took nor says it packed."""
    clock = timedelta(minutes=2 * limits.clock_min)
    walked = hops(about, about.subject)
    for hop in walked:
        took = [one for one in walked if one.taker == hop.giver and one.got <= hop.sent + clock]
        held = {one.last.container for one in took}
        given = hop.first.container
        if given is None or not took or held & {None, given}:
            continue
        opened = (
            one
            for one in about.of(Assembly)
            if one.fact.assembler == hop.giver and one.fact.at <= hop.sent + clock
        )
        if not any(opened):
            came = ", ".join(sorted(map(str, held)))
            said = f"{hop.giver.key} took it in {came} and gave it in {given}; nobody repacked it."
            yield Found(about.subject, (*took[-1].halves, *hop.halves), said)


def _names_both(fact: Assembly, unit: SubjectId) -> bool:
    return names((*fact.inputs, *fact.outputs), unit)


def _came_along(seen: Any, inside: Assembly) -> bool:  # noqa: ANN401 — a sighting's fact
    wholes = [one.unit for one in inside.outputs if one.unit is not None]
    if isinstance(seen, Movement):
        return seen.unit_table is not None or any(one in seen.units for one in wholes)
    return isinstance(seen, Arrival) and any(delivers(seen, one) for one in wholes)


def _packed(about: Bearing) -> tuple[frozenset[UnitId], Recorded[Assembly] | None]:
    """Return the units that went into this whole, where each of them is named."""
    found = [
        one
        for one in about.of(Assembly)
        if one.fact.action is Action.ADD and names(one.fact.outputs, about.subject)
    ]
    if len(found) != 1 or found[0].fact.part_table is not None:
        return frozenset(), None
    if any(part.unit is None for part in found[0].fact.inputs):
        return frozenset(), None
    return _units(found[0].fact.inputs), found[0]


def _other_side(fact: Assembly, whole: SubjectId) -> tuple[Part, ...]:
    """Return the parts of a whole, on whichever side of the assembly they stand."""
    if names(fact.outputs, whole):
        return fact.inputs
    return fact.outputs if names(fact.inputs, whole) else ()


def _units(parts: tuple[Part, ...]) -> frozenset[UnitId]:
    return frozenset(one.unit for one in parts if one.unit is not None)


def _whole(fact: Assembly) -> SubjectId | None:
    made = [one.unit or one.lot for one in fact.outputs]
    return made[0] if made else None


def _lot_or_whole(fact: Assembly) -> SubjectId | None:
    """Return the lot that an assembly made goods of, or else the whole it made."""
    lots = (one.lot for one in fact.outputs if one.lot is not None)
    return next(lots, _whole(fact))


def _product(about: Bearing, fact: Assembly) -> ProductId | None:
    for made in fact.outputs:
        stated = None if made.unit is None else about.newest(UnitRecord, unit=made.unit)
        lot = made.lot or (None if stated is None else stated.fact.lot)
        record = None if lot is None else about.newest(LotRecord, lot=lot)
        if record is not None:
            return record.fact.product
    return None


def _accepted(about: Bearing, product: str, line: BomLine) -> bool:
    """Return whether the operator accepted a notice of this change."""
    accepted = {
        one.fact.notice for one in about.of(ChangeDecision) if one.fact.answer is Answer.ACCEPT
    }
    return any(
        one.entry.digest in accepted
        and (product in one.fact.products or not product.startswith("urn:"))
        and any(_is_told(change.what, change.after, line) for change in one.fact.changes)
        for one in about.of(ChangeNotice)
        if one.issuer == about.subject
    )


def _is_told(what: str, after: Side | None, line: BomLine) -> bool:
    if after is None or not (what == line.component or after.part_number == line.part_number):
        return False
    return all(
        said in (None, found)
        for said, found in (
            (after.part_number, line.part_number),
            (after.revision, line.revision),
            (after.maker, line.maker),
            (after.firmware, line.firmware),
        )
    )
