"""Random histories of things made of things, and their reach counted from all facts at once."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from msgspec.structs import replace

from voltrail import table
from voltrail.ids.subject import (
    ArrivalId,
    DocumentId,
    LotId,
    OrderId,
    PartyId,
    PersonId,
    PlaceId,
    SubjectId,
    UnitId,
)
from voltrail.projections import fold, parts
from voltrail.projections.memory import MemoryViews
from voltrail.projections.parts import Weight
from voltrail.projections.view import EntryRef, Recorded
from voltrail.quantities import Quantity
from voltrail.register.entry import Entry
from voltrail.register.memory import MemoryBlobs
from voltrail.statements import kinds
from voltrail.statements.arrival import Arrival
from voltrail.statements.assembly import Action, Assembly, Certainty, Part, WholeLevel
from voltrail.statements.correction import Correction
from voltrail.statements.fields import Digest
from voltrail.statements.installation import Installation
from voltrail.statements.retirement import Leaving, Retirement
from voltrail.statements.statement import Header
from voltrail.statements.stock import COLUMNS, Stock
from voltrail.statements.unit import Level, UnitRecord

AT = datetime(2026, 11, 2, tzinfo=UTC)
MAKER, OTHER = PartyId.of("kestrel"), PartyId.of("osprey")
LOTS = [LotId.of("kestrel", f"L{n}") for n in range(5)]
UNITS = [UnitId.of("kestrel", f"u{n}") for n in range(12)]
ARRIVALS = [ArrivalId.of(f"A{n}") for n in range(3)]
PLACES = [PlaceId.of(f"site{n}") for n in range(3)]
ANNA = PersonId.of("anna")
EMPTY = Digest("0" * 64)


@dataclass
class Register:
    """Facts in some order, as entries that were read already; enough of a store for reach."""

    blobs: MemoryBlobs = field(default_factory=MemoryBlobs)
    facts: list[Recorded[Any]] = field(default_factory=list)

    def say(self, fact: Any, by: PartyId = MAKER, supersedes: str = "") -> Recorded[Any]:  # noqa: ANN401
        number = len(self.facts)
        header = Header(by, AT + timedelta(hours=number), supersedes=Digest(supersedes) or None)
        ref = EntryRef(number, f"{number:064x}", AT)
        named = getattr(fact, "links", ())
        said = Recorded(fact, header, tuple(named), kinds.type_of(type(fact)), ref)
        self.facts.append(said)
        return said

    def shuffled(self, draw: random.Random) -> "Register":
        """The same facts in another order, each at a new place."""
        facts = list(self.facts)
        draw.shuffle(facts)
        moved = [replace(f, entry=replace(f.entry, index=at)) for at, f in enumerate(facts)]
        return Register(self.blobs, moved)

    def at(self, indices: Sequence[int]) -> list[Entry]:
        found = []
        for index in indices:
            entry = Entry(index, b"", b"")
            entry.__dict__["recorded"] = self.facts[index]
            found.append(entry)
        return found

    def find(self, digests: Sequence[str]) -> dict[str, int]:
        places = {one.entry.digest: one.entry.index for one in self.facts}
        return {digest: places[digest] for digest in digests if digest in places}

    def size(self) -> int:
        return len(self.facts)

    def entries(self, start: int, stop: int) -> Iterator[Entry]:
        return iter(self.at(range(start, stop)))

    def folded(self, draw: random.Random, views: Any = None) -> Any:  # noqa: ANN401 — any store
        """The views after all facts came in, a few at a time."""
        views, start = views or MemoryViews(), 0
        while start < len(self.facts):
            stop = start + draw.choice((1, 1, 1, 2, 5))
            # what comes later is not here yet
            known = Register(self.blobs, self.facts[:stop])
            fold.keep((known, views, self.blobs), self.facts[start:stop])
            start = stop
        return views


def history(draw: random.Random, length: int, *, circles: bool) -> Register:
    """Split, merge, rework, return, re-label and correction, in the order they were said."""
    found = Register()
    for number in range(length):
        by = draw.choice((MAKER, MAKER, MAKER, OTHER))
        if found.facts and draw.random() < 0.12:
            old = draw.choice(found.facts)
            found.say(Correction(Digest(old.entry.digest), "wrong"), draw.choice((old.issuer, by)))
            continue
        supersedes = ""
        if found.facts and draw.random() < 0.08:
            supersedes = draw.choice(found.facts).entry.digest
        found.say(_fact(draw, number, found.blobs, circles=circles), by, supersedes)
    return found


def _fact(draw: random.Random, number: int, blobs: MemoryBlobs, *, circles: bool) -> Any:  # noqa: ANN401
    at = AT + timedelta(hours=draw.randrange(60))
    match draw.choices(range(6), (5, 2, 1, 1, 1, 0.5))[0]:
        case 0:
            return _assembly(draw, number, at, blobs, circles=circles)
        case 1:
            return UnitRecord(draw.choice(UNITS), draw.choice(LOTS), Level.MODULE)
        case 2:
            serials = tuple(one.parts[1] for one in draw.sample(UNITS, 4))
            arrival, lot = draw.choice(ARRIVALS), draw.choice(LOTS)
            order = OrderId.of("acme", "1")
            return Arrival(arrival, order, lot, draw.choice(PLACES), 4, at, serials=serials)
        case 3:
            unit, arrival = draw.choice(UNITS), draw.choice(ARRIVALS)
            return Installation(unit, arrival, draw.choice(PLACES), at, ANNA)
        case 4:
            units = tuple(draw.sample(UNITS, 2))
            return Retirement(f"R{number}", MAKER, draw.choice(list(Leaving)), at, units)
        case _:
            rows = "".join(
                f"kestrel,{one.parts[1]},pack,L{draw.randrange(5)},site0,,2026-01-01\n"
                for one in draw.sample(UNITS, 3)
            )
            data = f"{','.join(COLUMNS)}\n{rows}".encode()
            blobs.put(data)
            return Stock(DocumentId.of("acme", f"S{number}"), EMPTY, table.commit(data))


def _assembly(
    draw: random.Random, number: int, at: datetime, blobs: MemoryBlobs, *, circles: bool
) -> Assembly:
    things = [*LOTS, *UNITS] if circles else None
    cut = draw.randrange(1, 16)
    low = things or [*LOTS, *UNITS][:cut]
    high = things or [*LOTS, *UNITS][cut:]
    action = draw.choice((Action.ADD, Action.ADD, Action.OBSERVE, Action.DELETE))
    inputs = tuple(_part(draw, low) for _ in range(draw.choice((0, 1, 1, 2, 3))))
    outputs = tuple(_part(draw, high) for _ in range(draw.choice((1, 1, 1, 2))))
    made = Assembly(MAKER, f"B{number}", action, WholeLevel.PACK, at, inputs, outputs)
    if draw.random() > 0.15:
        return made
    rows = [f"input,{p.unit or ''},{p.lot or ''},,,{p.certainty}" for p in inputs]
    if not rows:
        return made
    data = "\n".join([",".join(parts.COLUMNS), *rows, ""]).encode()
    blobs.put(data)
    return Assembly(
        MAKER, f"B{number}", action, WholeLevel.PACK, at, (), outputs, part_table=table.commit(data)
    )


def _part(draw: random.Random, things: Sequence[SubjectId]) -> Part:
    one = draw.choice(things)
    sure = draw.choice((Certainty.DEFINITE,) * 4 + (Certainty.POSSIBLE,))
    if isinstance(one, LotId):
        many = Quantity.parse({"value": f"{draw.choice((2, 4, 16))}", "unit": "items"})
        return Part(lot=one, quantity=draw.choice((None, many)), certainty=sure)
    lots = [lot for lot in LOTS if lot in things]
    lot = draw.choice(lots) if lots and draw.random() < 0.2 else None
    return Part(unit=UnitId(one), lot=lot, certainty=sure)


class Whole:
    """Everything at once: each link, what is on a circle, and the sums, without any store."""

    def __init__(self, said: Register) -> None:
        self.blobs = said.blobs
        self.standing = [one for one in said.facts if not _ended(one, said.facts)]
        self.listed = {
            (UnitId.of("kestrel", serial), one.fact.arrival)
            for one in said.facts
            if isinstance(one.fact, Arrival)
            for serial in one.fact.serials
        }
        nodes = [*LOTS, *UNITS, *ARRIVALS]
        self.inside = {node: self._links(node) for node in nodes}
        self.above = {a: {b for b in nodes if a in self.inside[b]} for a in nodes}
        self.far = {a: _far(a, self.above) for a in nodes}
        only = {a: {b for b in self.above[a] if isinstance(b, UnitId)} for a in nodes}
        self.units_far = {a: _far(a, only) for a in nodes}
        self.units_above = only

    def reach(self) -> dict[tuple[str, str], tuple[int, int]]:
        found = {}
        for asset in (*UNITS, *ARRIVALS):
            if isinstance(asset, UnitId) and not self._outermost(asset):
                continue
            for lot, weight in self._below(asset).items():
                if weight.every:
                    found[str(lot), str(asset)] = weight.sure, weight.every - weight.sure
        return found

    def _outermost(self, unit: SubjectId) -> bool:
        circle = {unit} | {b for b in self.units_far[unit] if unit in self.units_far[b]}
        return all(self.units_above[one] <= circle for one in circle)

    def _below(self, node: SubjectId) -> dict[SubjectId, Weight]:
        circle = {node} | {b for b in self.far[node] if node in self.far[b]}
        looped = node in self.far[node]
        found: dict[SubjectId, Weight] = {}
        for whole in circle:
            for part, weight in self.inside[whole].items():
                if part in circle:
                    continue
                below = dict(self._below(part))
                if isinstance(part, LotId):
                    below.setdefault(part, parts.ONE)
                for lot, many in below.items():
                    found[lot] = found.get(lot, parts.NOTHING).plus(many.times(weight))
        if looped:
            found = {lot: Weight(0, many.every) for lot, many in found.items()}
            found |= {one: Weight(0, 1) for one in circle if isinstance(one, LotId)}
        return found

    def _links(self, node: SubjectId) -> dict[SubjectId, Weight]:
        if isinstance(node, ArrivalId):
            came = [one.fact for one in self.standing if isinstance(one.fact, Arrival)]
            return {one.lot: Weight(4, 4) for one in came if one.arrival == node}
        built = [
            (one, parts.put(one.fact, self.blobs))
            for one in self.standing
            if isinstance(one.fact, Assembly)
        ]
        found = dict(parts.pairs(built, node))
        if isinstance(node, UnitId):
            lots, spoken = self._said_of(node)
            if not spoken:
                return {}
            for lot in lots:
                weight = parts.ONE if len(lots) == 1 else Weight(0, 1)
                found[lot] = found.get(lot, parts.NOTHING).plus(weight)
        return found

    def _in_lists(self, unit: UnitId) -> Iterator[LotId]:
        lists = [one.fact for one in self.standing if isinstance(one.fact, Stock)]
        for fact in lists:
            for row in self.blobs.get(fact.units.sha256).decode().split("\n")[1:-1]:
                cells = row.split(",")
                if cells[1] == unit.parts[1]:
                    yield LotId.of("kestrel", cells[3])

    def _said_of(self, unit: UnitId) -> tuple[set[LotId], bool]:
        lots, spoken = set(), False
        arrivals = {arrival for one, arrival in self.listed if one == unit}
        for one in self.standing:
            fact = one.fact
            if isinstance(fact, UnitRecord) and fact.unit == unit:
                lots.add(fact.lot)
                spoken = True
            if isinstance(fact, Installation) and fact.unit == unit:
                arrivals.add(fact.arrival)
                spoken = True
            if isinstance(fact, Retirement) and unit in fact.units:
                spoken = True
            if isinstance(fact, Assembly):
                put = parts.put(fact, self.blobs)
                mine = [part for part in (*put.inputs, *put.outputs) if part.unit == unit]
                spoken = spoken or bool(mine)
                lots |= {part.lot for part in mine if part.lot}
        lots |= set(self._in_lists(unit))
        for one in self.standing:
            if isinstance(one.fact, Arrival) and one.fact.arrival in arrivals:
                lots.add(one.fact.lot)
        return lots, spoken


def _ended(old: Recorded[Any], facts: Sequence[Recorded[Any]]) -> bool:
    for one in facts:
        names = {one.header.supersedes}
        if isinstance(one.fact, Correction):
            names.add(one.fact.withdraws)
        if old.entry.digest in names and one.issuer == old.issuer:
            return True
    return False


def _far(start: SubjectId, above: dict[SubjectId, set[SubjectId]]) -> set[SubjectId]:
    found: set[SubjectId] = set()
    waiting = list(above[start])
    while waiting:
        at = waiting.pop()
        if at not in found:
            found.add(at)
            waiting += above[at]
    return found
