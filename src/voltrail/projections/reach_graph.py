"""
What is directly in what, read from the register around the things that are asked for.

A unit is here once somebody spoke of it as a thing: its record, an assembly, a move, an
installation, its leaving. Cells that nobody spoke of stay a quantity of their lot. Does not count
ways.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from voltrail.ids.subject import PREFIX, ArrivalId, LotId, SubjectId, UnitId
from voltrail.projections import parts
from voltrail.projections.parts import NOTHING, ONE, Put, Weight
from voltrail.projections.reach_keys import ENDS, FOLLOWED, MADE, SPOKEN, stocked
from voltrail.projections.store import ViewStore
from voltrail.projections.view import Recorded, recorded
from voltrail.register.blobs import BlobStore
from voltrail.register.store import EntryStore
from voltrail.statements.acceptance import Acceptance
from voltrail.statements.arrival import Arrival
from voltrail.statements.assembly import Action, Assembly
from voltrail.statements.installation import Installation
from voltrail.statements.stock import Stock
from voltrail.statements.unit import UnitRecord


class Graph:
    """What is directly in what at one size of the register; remembers what it read."""

    def __init__(
        self,
        stores: tuple[EntryStore, ViewStore, BlobStore],
        below: int | None = None,
        known: Iterable[Recorded[Any]] = (),
    ) -> None:
        self.below = below
        self._entries, self._views, self.blobs = stores
        self._facts = {one.entry.index: one for one in known}
        self._links: dict[str, tuple[int, ...]] = {}
        self._puts: dict[str, Put] = {}
        self._inside: dict[SubjectId, Mapping[SubjectId, Weight]] = {}
        self._seen: dict[UnitId, frozenset[str]] = {}
        self._rows: dict[str, dict[UnitId, LotId | None]] = {}
        self._ends = bool(self._views.keys(ENDS, limit=1))

    def fetch(self, keys: Iterable[str]) -> None:
        """
        Read what is linked under keys, and what ends it.

        Args:
            keys: identities and link keys

        Source: our choice: ADR 0016.
        """
        wanted = {str(key) for key in keys if key not in self._links}
        if wanted:
            self._read(wanted)
        units = {one for one in wanted if one.startswith(f"{PREFIX}unit:")}
        if units:
            seen = self._views.sightings(units, self.below)
            self._seen.update((UnitId(one), seen.get(one, frozenset())) for one in units)

    def raw(self, key: str) -> tuple[Recorded[Any], ...]:
        """
        Return what is recorded under a key and bears on reach, what was withdrawn included.

        Args:
            key: an identity or a link key

        Returns:
            Facts in register order.

        Source: our choice: ADR 0052.
        """
        self.fetch((key,))
        found = (self._facts[index] for index in self._links[key])
        return tuple(one for one in found if isinstance(one.fact, FOLLOWED))

    def standing(self, key: str, kind: type[Any] | tuple[type[Any], ...]) -> list[Recorded[Any]]:
        """
        Return the facts of a kind under a key that nobody withdrew.

        Args:
            key: an identity or a link key
            kind: one class or several

        Returns:
            Facts in register order.

        Source: our choice: ADR 0052.
        """
        return [one for one in self.raw(key) if isinstance(one.fact, kind) and not self.ended(one)]

    def ended(self, one: Recorded[Any]) -> bool:
        """
        Return whether whoever said something withdrew or replaced it.

        Args:
            one: a recorded fact

        Returns:
            True where the same voice ended it.

        Source: our choice: ADR 0052.
        """
        if not self._ends:
            return False
        key = ENDS + one.entry.digest
        if key not in self._links:
            self._read({key})
        return any(self._facts[index].issuer == one.issuer for index in self._links[key])

    def put(self, one: Recorded[Any]) -> Put:
        """
        Return the parts of an assembly, its table read once.

        Args:
            one: a recorded assembly

        Returns:
            Inputs and outputs.

        Source: design, section 7, committed table.
        """
        found = self._puts.get(one.entry.digest)
        if found is None:
            found = self._puts[one.entry.digest] = parts.put(one.fact, self.blobs)
        return found

    def exists(self, unit: UnitId) -> bool:
        """
        Return whether somebody spoke of a unit as a thing.

        Args:
            unit: which one

        Returns:
            False where it is only one of a quantity, or on a list of serials.

        Source: our choice: ADR 0052.
        """
        return any(not _is_list(one.fact) for one in self.standing(unit, SPOKEN))

    def children(self, node: SubjectId) -> Mapping[SubjectId, Weight]:
        """
        Return what is directly in a thing.

        Args:
            node: a unit, a lot or an arrival

        Returns:
            Units and lots with their weights: parts, the lot of a unit, the lot that arrived.

        Source: our choice: ADR 0052.
        """
        found = self._inside.get(node)
        if found is None:
            found = self._inside[node] = self._children(node)
        return found

    def _children(self, node: SubjectId) -> Mapping[SubjectId, Weight]:
        if isinstance(node, ArrivalId):
            came = self.standing(node, Arrival)
            found = {one.fact.lot: max(1, one.fact.quantity) for one in came}
            return {lot: Weight(many, many) for lot, many in found.items()}
        if not isinstance(node, UnitId):
            return self._pairs(MADE + node, node)
        if not self.exists(node):
            return {}
        inside = dict(self._pairs(node, node))
        lots = self.lots(node)
        for lot in lots:
            weight = ONE if len(lots) == 1 else Weight(0, 1)
            inside[lot] = inside.get(lot, NOTHING).plus(weight)
        return inside

    def wholes(self, unit: SubjectId) -> frozenset[SubjectId]:
        """
        Return the things that somebody once said a unit is in, whether that stands or not.

        Args:
            unit: which one

        Returns:
            Units and lots.

        Source: our choice: ADR 0052.
        """
        built = [one for one in self.raw(unit) if isinstance(one.fact, Assembly)]
        found = {
            parts.thing(whole)
            for one in built
            if one.fact.action is not Action.DELETE
            and any(part.unit == unit for part in self.put(one).into(unit))
            for whole in self.put(one).outputs
        }
        return frozenset(one for one in found if one is not None)

    def units_around(self, unit: SubjectId) -> tuple[SubjectId, ...]:
        """
        Return the units that a unit is directly in.

        Args:
            unit: which one

        Returns:
            Units, by statements that stand.

        Source: our choice: ADR 0052.
        """
        wholes = sorted(one for one in self.wholes(unit) if isinstance(one, UnitId))
        return tuple(one for one in wholes if unit in self.children(one))

    def lots(self, unit: UnitId) -> frozenset[LotId]:
        """
        Return the lots that a unit is said to be of; more than one contradict each other.

        Args:
            unit: which one

        Returns:
            Lots from its record, assemblies, arrivals and lists.

        Source: our choice: ADR 0052.
        """
        return frozenset(self._lots(unit))

    def arrivals(self, unit: UnitId) -> frozenset[str]:
        """
        Return the arrivals whose serial lists name a unit.

        Args:
            unit: which one

        Returns:
            Identities of arrivals, those withdrawn since included.

        Source: our choice: ADR 0006.
        """
        self.fetch((unit,))
        return self._seen[unit]

    def _lots(self, unit: UnitId) -> Iterator[LotId]:
        for one in self.standing(unit, (*SPOKEN, Stock)):
            fact = one.fact
            if isinstance(fact, UnitRecord) and fact.unit == unit:
                yield fact.lot
            elif isinstance(fact, Assembly):
                put = self.put(one)
                named = (part for part in (*put.into(unit), *put.out(unit)) if part.unit == unit)
                yield from (part.lot for part in named if part.lot is not None)
            elif isinstance(fact, Installation | Acceptance):
                yield from self._came(fact.arrival)
            elif isinstance(fact, Stock):
                lot = self._stock(one).get(unit)
                yield from [lot] if lot else []
        for arrival in sorted(self.arrivals(unit)):
            yield from self._came(arrival)

    def _came(self, arrival: str) -> Iterator[LotId]:
        yield from (one.fact.lot for one in self.standing(arrival, Arrival))

    def _stock(self, one: Recorded[Stock]) -> Mapping[UnitId, LotId | None]:
        found = self._rows.get(one.entry.digest)
        if found is None:
            rows = stocked(one.fact, self.blobs)
            found = self._rows[one.entry.digest] = {unit: lot for unit, lot, _ in rows}
        return found

    def _pairs(self, key: str, whole: SubjectId) -> Mapping[SubjectId, Weight]:
        built = self.standing(key, Assembly)
        return parts.pairs(((one, self.put(one)) for one in built), whole)

    def _read(self, keys: set[str]) -> None:
        links = self._views.indices_many(keys, self.below)
        self._links.update((key, tuple(links.get(key, ()))) for key in keys)
        missing = {i for key in keys for i in self._links[key] if i not in self._facts}
        fresh = {entry.index: recorded(entry) for entry in self._entries.at(sorted(missing))}
        self._facts.update(fresh)
        if self._ends:
            named = (ENDS + one.entry.digest for one in fresh.values())
            ends = {key for key in named if key not in self._links}
            if ends:
                self._read(ends)


Neighbours = Callable[[SubjectId], Iterable[SubjectId]]


def components(start: SubjectId, neighbours: Neighbours) -> list[tuple[SubjectId, ...]]:
    """
    Return what can be reached, what lies on one circle together, the farthest first.

    Args:
        start: where to begin
        neighbours: what follows a thing

    Returns:
        Components in such an order that whatever follows one of them stands before it.

    Source: R. Tarjan, Depth-first search and linear graph algorithms, SIAM J. Comput. 1(2), 1972.
    """
    number: dict[SubjectId, int] = {start: 0}
    low, kept, open_ = {start: 0}, [start], {start}
    found: list[tuple[SubjectId, ...]] = []
    work = [(start, iter(tuple(neighbours(start))))]
    while work:
        at, rest = work[-1]
        after = next(rest, None)
        if after is None:
            work.pop()
            if work:
                low[work[-1][0]] = min(low[work[-1][0]], low[at])
            if low[at] == number[at]:
                found.append(_popped(kept, at))
                open_.difference_update(found[-1])
        elif after not in number:
            number[after] = low[after] = len(number)
            kept.append(after)
            open_.add(after)
            work.append((after, iter(tuple(neighbours(after)))))
        elif after in open_:
            low[at] = min(low[at], number[after])
    return found


def _popped(kept: list[SubjectId], until: SubjectId) -> tuple[SubjectId, ...]:
    found = [kept.pop()]
    while found[-1] != until:
        found.append(kept.pop())
    return tuple(found)


def _is_list(fact: Any) -> bool:  # noqa: ANN401 — a spoken fact
    """Return whether a record of two persons only accepts goods, and puts nothing in."""
    return isinstance(fact, Acceptance) and not fact.puts_in
