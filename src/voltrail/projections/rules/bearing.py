"""
What bears on one subject: the facts that name it, and those that these lead to, and no more.

A fact leads to the records of the places, lots, orders, products and firms it names, and to what
rests on the same file. Every key that was read is remembered, so that it is known which subjects a
new fact can change. Does not judge.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from functools import cache, cached_property
from typing import Any, Protocol, TypeVar

from msgspec import Struct

from voltrail.ids.subject import Kind, PartyId, PlaceId, SubjectId, UnitId
from voltrail.projections import contents, passport, shipped, whereabouts
from voltrail.projections.view import Recorded, by_kind
from voltrail.statements.arrival import Arrival
from voltrail.statements.assembly import Assembly
from voltrail.statements.certificate import Certificate
from voltrail.statements.channel import Authorization, Disclosure
from voltrail.statements.custody import HandOver
from voltrail.statements.inspection import Inspection
from voltrail.statements.installation import Installation
from voltrail.statements.intake import Intake
from voltrail.statements.key import KeyEvent
from voltrail.statements.lot import LotRecord
from voltrail.statements.movement import Movement
from voltrail.statements.order import Order
from voltrail.statements.party import Party
from voltrail.statements.place import Place
from voltrail.statements.product import Product
from voltrail.statements.retirement import Retirement
from voltrail.statements.specification import Specification
from voltrail.statements.unit import UnitRecord

KEY_TYPE = "urn:voltrail:predicate:key:v1"
SAID_BY = "by:"
MOST_WHOLES = 64  # [units] around a unit that are looked at, each in the next; our choice
F = TypeVar("F")


class Source(Protocol):
    """Where facts are looked up; a corrected fact does not count."""

    @property
    def as_of(self) -> datetime | None:
        """The log time of the newest entry: so far the record is known to go."""

    def standing(self, key: str) -> tuple[Recorded[Any], ...]:
        """Return what stands under a key, oldest claim first."""


class Lead(Struct, frozen=True, gc=False):
    """A key to read on at, which kinds of facts count there, and whether they lead on."""

    key: str
    kinds: tuple[type, ...]
    onward: bool = True


_TO_KEYS = Lead(KEY_TYPE, (KeyEvent,))


class Bearing(Struct, frozen=True, dict=True):
    """The facts that bear on a subject, oldest claim first, and every key that was read."""

    subject: SubjectId
    own: tuple[Recorded[Any], ...]
    facts: tuple[Recorded[Any], ...]
    keys: frozenset[str]
    as_of: datetime | None = None

    @cached_property
    def _kinds(self) -> dict[type, Any]:
        return by_kind(self.facts)

    @cached_property
    def handed(self) -> dict[SubjectId, list[Recorded[HandOver]]]:
        """The halves of hand-overs by lot."""
        found: dict[SubjectId, list[Recorded[HandOver]]] = {}
        for one in self.of(HandOver):
            found.setdefault(one.fact.lot, []).append(one)
        return found

    @cached_property
    def walked(self) -> dict[SubjectId | None, Any]:
        """What `hops` made of the hand-overs of each lot, so that it is made once."""
        return {}

    def of(self, kind: type[F]) -> tuple[Recorded[F], ...]:
        """Return the facts of a kind."""
        found: tuple[Recorded[F], ...] = self._kinds.get(kind, ())
        return found

    def newest(self, kind: type[F], **fields: object) -> Recorded[F] | None:
        """Return the newest fact of a kind whose fields have these values, or None."""
        found = [
            one
            for one in self.of(kind)
            if all(getattr(one.fact, name) == value for name, value in fields.items())
        ]
        return found[-1] if found else None

    def record(self, lot: SubjectId | None) -> Recorded[LotRecord] | None:
        """Return the newest record of a lot that its maker stated, or None."""
        maker = None if lot is None else PartyId.of(lot.parts[0])
        found = [one for one in self.of(LotRecord) if one.fact.lot == lot and one.issuer == maker]
        return found[-1] if found else None

    @cached_property
    def mine(self) -> tuple[Recorded[Any], ...]:
        """The facts that are about this subject first of all."""
        return tuple(one for one in self.own if one.subjects[:1] == (self.subject,))

    @cached_property
    def awaited(self) -> list[datetime]:
        """The moments that the record did not reach when a rule asked for them."""
        return []

    def is_past(self, moment: datetime) -> bool:
        """Return whether the record goes beyond a moment; one that it does not reach is kept."""
        if self.as_of is not None and self.as_of > moment:
            return True
        self.awaited.append(moment)
        return False


def gather(source: Source, subject: SubjectId, at: datetime | None = None) -> Bearing:
    """
    Return what bears on a subject.

    Args:
        source: where facts are looked up
        subject: whose
        at: the time of judging; how far the record goes where absent

    Returns:
        The facts, each once, and the keys they were read under.

    Source: our choice: ADR 0048.
    """
    own = source.standing(subject)
    found = {one.entry.digest: one for one in own}
    waiting = [lead for one in own for lead in _leads(one, subject.kind)]
    if subject.kind is Kind.PARTY:
        waiting.append(Lead(f"{SAID_BY}{subject}", (HandOver, LotRecord, Assembly)))
    keys, done = {str(subject)}, set[Lead]()
    while waiting:
        lead = waiting.pop()
        if lead in done:
            continue
        done.add(lead)
        keys.add(lead.key)
        for one in source.standing(lead.key):
            if isinstance(one.fact, lead.kinds) and one.entry.digest not in found:
                found[one.entry.digest] = one
                if lead.onward:
                    waiting += _leads(one, subject.kind)
    upward = list(_upward(source, own, subject))
    keys |= {key for key, _ in upward}
    found = {one.entry.digest: one for _, one in upward if one is not None} | found
    boxes = _boxes(own) if subject.kind is Kind.UNIT else {}
    keys |= boxes.keys()
    found = {one.entry.digest: one for one in _moved(source, boxes)} | found
    for key in sorted(_days(found.values(), subject)):
        keys.add(key)
        beside = (one for one in source.standing(key) if isinstance(one.fact, LotRecord))
        found = {one.entry.digest: one for one in beside} | found
    every = sorted(found.values(), key=lambda one: (one.header.claimed_time, one.entry.digest))
    keys |= {f"about:{digest}" for digest in found}
    as_of = source.as_of if at is None else at
    return Bearing(subject, own, tuple(every), frozenset(keys), as_of)


def _upward(
    source: Source, own: Iterable[Recorded[Any]], unit: SubjectId
) -> Iterator[tuple[str, Recorded[Assembly] | None]]:
    """Yield each whole that a unit went into, and each assembly that put it into another one."""
    waiting, seen = list(_wholes(own, unit)), {unit}
    while waiting and len(seen) <= MOST_WHOLES:
        whole = waiting.pop()
        if whole in seen:
            continue
        seen.add(whole)
        yield whole, None
        built = [one for one in source.standing(whole) if isinstance(one.fact, Assembly)]
        yield from ((whole, one) for one in built if any(_wholes((one,), whole)))
        waiting += _wholes(built, whole)


def _wholes(facts: Iterable[Recorded[Any]], unit: SubjectId) -> Iterator[UnitId]:
    """Yield the units that a unit was built into, or taken out of."""
    for fact in (one.fact for one in facts):
        if isinstance(fact, Assembly) and any(part.unit == unit for part in fact.inputs):
            yield from (part.unit for part in fact.outputs if part.unit is not None)


def _boxes(own: Iterable[Recorded[Any]]) -> dict[str, datetime]:
    """Return the keys of the containers that goods were put into, and when they first were."""
    found: dict[str, datetime] = {}
    for fact in (one.fact for one in own):
        if isinstance(fact, Movement) and fact.container is not None:
            key = f"{whereabouts.IN}{fact.container}"
            found[key] = min(fact.at, found.get(key, fact.at))
    return found


def _moved(source: Source, boxes: Mapping[str, datetime]) -> Iterator[Recorded[Movement]]:
    """Yield the moves of containers, each from a time on."""
    for key, since in sorted(boxes.items()):
        for one in source.standing(key):
            if isinstance(one.fact, Movement) and one.fact.at >= since:
                yield one


def _days(found: Iterable[Recorded[Any]], subject: SubjectId) -> set[str]:
    """Return the keys of the days on which a lot left a factory that declares what it makes."""
    facts = [one for one in found if isinstance(one.fact, LotRecord | Place)]
    telling = {one.fact.place for one in facts if getattr(one.fact, "daily_output", None)}
    return {
        key
        for one in facts
        if getattr(one.fact, "lot", None) == subject and one.fact.factory in telling
        for key in shipped.keys_of(one)
    }


def onward(facts: Iterable[Recorded[Any]], about: Kind) -> set[str]:
    """
    Return the keys that some facts lead to, so that they can be read in bulk beforehand.

    Args:
        facts: what stands under a key
        about: kind of the subject that is looked at

    Returns:
        Keys; what is read under them may lead on.

    Source: our choice: ADR 0050.
    """
    listed = list(facts)
    found = {lead.key for one in listed for lead in _leads(one, about)}
    return found if about is Kind.PARTY else found | _boxes(listed).keys()


def _leads(one: Recorded[Any], about: Kind) -> Iterator[Lead]:
    if one.keys:
        yield _TO_KEYS
    if about is Kind.PARTY:
        yield from _from_a_party(one.fact)
        return
    for place in _places(one.fact):
        yield Lead(place, (Place,))
    yield from _from_goods(one.fact)
    yield from _from_papers(one.fact)
    for key in contents.keys_of(one):
        yield Lead(key, (type(one.fact),), onward=False)


def _from_a_party(fact: Any) -> Iterator[Lead]:  # noqa: ANN401 — any fact
    if isinstance(fact, HandOver):
        yield Lead(fact.lot, (HandOver,))
    elif isinstance(fact, Assembly):
        yield from _from_parts(fact)
    elif isinstance(fact, UnitRecord):
        yield Lead(fact.lot, (LotRecord,))


def _places(fact: Any) -> Iterator[PlaceId]:  # noqa: ANN401 — any fact
    for name in _place_fields(fact.__class__):
        if isinstance(place := getattr(fact, name), PlaceId):
            yield place


@cache
def _place_fields(kind: type) -> tuple[str, ...]:
    """Return the fields of a kind of fact that may name a place."""
    named = ("where", "place", "factory", "within", "to", "came_from")
    return tuple(name for name in named if hasattr(kind, name))


def _from_goods(fact: Any) -> Iterator[Lead]:  # noqa: ANN401 — any fact
    match fact:
        case Arrival():
            yield Lead(fact.order, (Order,))
            yield Lead(fact.lot, (LotRecord, HandOver))
        case UnitRecord():
            yield Lead(fact.lot, (LotRecord, HandOver))
        case Assembly():
            yield from _from_parts(fact)
        case Installation() | HandOver() if fact.arrival is not None:
            yield Lead(fact.arrival, (Arrival,))
        case Retirement() if fact.lot is not None:
            yield Lead(fact.lot, (LotRecord,))
        case _:
            return


def _from_parts(fact: Assembly) -> Iterator[Lead]:
    for part in (*fact.inputs, *fact.outputs):
        if part.unit is not None:
            yield Lead(part.unit, (UnitRecord,))
        if part.lot is not None:
            yield Lead(part.lot, (LotRecord,))


def _from_papers(fact: Any) -> Iterator[Lead]:  # noqa: ANN401 — any fact
    match fact:
        case LotRecord():
            yield Lead(fact.product, (Product, Certificate, Specification))
            yield Lead(PartyId.of(fact.lot.parts[0]), (Disclosure, Authorization))
        case Order():
            yield Lead(fact.product, (Product, Certificate, Specification))
            yield Lead(fact.seller, (Disclosure,))
        case Certificate():
            yield Lead(fact.filed_for, (Product,))
        case Inspection():
            yield Lead(fact.arrival, (Arrival,))
        case Intake() if (key := passport.maker_key(fact)) is not None:
            yield Lead(key, (Party,))
        case Party():
            yield Lead(fact.party, (Party,), onward=False)
        case _:
            return
