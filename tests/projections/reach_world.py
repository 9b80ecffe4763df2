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
from voltrail.projections import fold, parts, whereabouts
from voltrail.projections.memory import MemoryViews
from voltrail.projections.movement import COLUMNS as MOVED
from voltrail.projections.movement import units_of
from voltrail.projections.parts import Weight
from voltrail.projections.stock import row_of
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
from voltrail.statements.movement import Movement, MovementVerb
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
    match draw.choices(range(7), (5, 2, 1, 1, 1, 2, 0.5))[0]:
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
        case 5:
            return _move(draw, number, at, blobs)
        case _:
            rows = "".join(
                f"kestrel,{one.parts[1]},pack,L{draw.randrange(5)},site0,,2026-01-01\n"
                for one in draw.sample(UNITS, 3)
            )
            data = f"{','.join(COLUMNS)}\n{rows}".encode()
            blobs.put(data)
            return Stock(DocumentId.of("acme", f"S{number}"), EMPTY, table.commit(data))


def _move(draw: random.Random, number: int, at: datetime, blobs: MemoryBlobs) -> Movement:
    """A move of named units, of a table of them, or of a container with what is in it."""
    verb, to = draw.choice(list(MovementVerb)), draw.choice(PLACES)
    box = draw.choice((None, "C-1", "C-2"))
    units, listed = tuple(draw.sample(UNITS, 2)), None
    if box is not None and draw.random() < 0.5:
        units = ()
    elif draw.random() < 0.3:
        rows = "".join(f"{','.join(one.parts)}\n" for one in units)
        data = f"{','.join(MOVED)}\n{rows}".encode()
        blobs.put(data)
        units, listed = (), table.commit(data)
    return Movement(f"M{number}", MAKER, verb, to, at, ANNA, units, listed, container=box)


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

    def stays(self) -> dict[UnitId, set[SubjectId]]:
        """Where each unit is that is in no other, by all that bears on it, and nothing kept."""
        found = {}
        for unit in UNITS:
            if self._said_of(unit)[1] and not self.units_above[unit]:
                told = whereabouts.wheres(unit, self._bearing(unit), self._listed(unit))
                at = {one.place or self._gone(one.entry) for one in told}
                if at:
                    found[unit] = at
        return found

    def _bearing(self, unit: UnitId) -> list[Recorded[Any]]:
        """Every fact of the unit, with all moves of containers alone; which counts is folded."""
        came = {arrival for one, arrival in self.listed if one == unit}
        found = []
        for one in self.standing:
            fact = one.fact
            if isinstance(fact, Movement):
                named = unit in units_of(fact, self.blobs)
                found += [one] if named or whereabouts.is_of_box_alone(fact) else []
            elif not isinstance(fact, Arrival) or fact.arrival in came:
                found.append(one)
        return found

    def _listed(self, unit: UnitId) -> whereabouts.Whereabouts | None:
        old = [one for one in self.standing if isinstance(one.fact, Stock)]
        old = [one for one in old if row_of(one.fact, self.blobs, unit) is not None]
        if not old:
            return None
        last = max(old, key=lambda one: (one.header.claimed_time, one.entry.digest))
        since = datetime(2026, 1, 1, tzinfo=UTC)
        state = whereabouts.State.INSTALLED
        place = PlaceId.of("site0")
        return whereabouts.Whereabouts(state, place, None, since, last.entry.index)

    def _gone(self, entry: int) -> SubjectId:
        (one,) = (one for one in self.standing if one.entry.index == entry)
        return one.fact.to or one.fact.holder

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

    def _moved(self, fact: Any, unit: UnitId) -> bool:  # noqa: ANN401 — any fact
        left = isinstance(fact, Retirement) and unit in fact.units
        return left or (isinstance(fact, Movement) and unit in units_of(fact, self.blobs))

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
            spoken = spoken or self._moved(fact, unit)
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
