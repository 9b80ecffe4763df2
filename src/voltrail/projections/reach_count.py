"""
How the sums of reach change with one link, and how they are counted afresh.

One link at a time: what is below the part, times the weight, times what is above the whole. What is
below an asset stands in its rows, and what is above a lot in its; only units in units are walked.
Reads rows and links, and writes neither.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping

from msgspec import Struct

from voltrail.ids.subject import ArrivalId, LotId, SubjectId, UnitId, parse
from voltrail.projections.parts import MOST, NOTHING, ONE, Weight
from voltrail.projections.reach_graph import Graph, components
from voltrail.projections.store import ReachRow, ViewStore

Sums = dict[SubjectId, Weight]
Contents = Mapping[SubjectId, Mapping[SubjectId, Weight]]
Change = tuple[SubjectId, SubjectId, Weight, Weight]  # part, whole, weight before and after
_Step = tuple[int, int]  # what is added: sure, every


class TangledError(Exception):
    """The change lies on a circle, or a count is full: what it touches is counted afresh."""


class _Above(Struct):
    """The assets above a thing, and everything that was walked through on the way."""

    sums: Sums
    passed: set[SubjectId]


class Ledger:
    """The rows of a store with changes on top that are not written yet."""

    def __init__(self, views: ViewStore) -> None:
        self.is_exact = True
        self._views = views
        self._of_lot: dict[SubjectId, Sums] = {}
        self._in_asset: dict[SubjectId, Sums] = {}
        self._by_lot: dict[SubjectId, dict[SubjectId, _Step]] = {}
        self._by_asset: dict[SubjectId, dict[SubjectId, _Step]] = {}

    def fetch(self, assets: Iterable[SubjectId]) -> None:
        """
        Read the rows of many assets at once.

        Args:
            assets: units and arrivals

        Source: our choice: ADR 0052.
        """
        missing = {one for one in assets if one not in self._in_asset}
        found = self._views.reached_by(missing) if missing else {}
        for asset in missing:
            rows = {parse(row.lot): _weight(row) for row in found.get(asset, ())}
            self._in_asset[asset] = self._summed(rows, self._by_asset.get(asset, {}))

    def lots_in(self, asset: SubjectId) -> Sums:
        """
        Return the lots that are in an asset.

        Args:
            asset: a unit or an arrival

        Returns:
            Lots with their sums.

        Source: our choice: ADR 0052.
        """
        self.fetch((asset,))
        return {lot: weight for lot, weight in self._in_asset[asset].items() if weight.every}

    def assets_of(self, lot: SubjectId) -> Sums:
        """
        Return the assets that a lot is in.

        Args:
            lot: which one

        Returns:
            Assets with their sums.

        Source: our choice: ADR 0052.
        """
        if lot not in self._of_lot:
            found = self._views.reach_of((lot,)).get(lot, ())
            rows = {parse(row.asset): _weight(row) for row in found}
            self._of_lot[lot] = self._summed(rows, self._by_lot.get(lot, {}))
        return {asset: weight for asset, weight in self._of_lot[lot].items() if weight.every}

    def add(self, lot: SubjectId, asset: SubjectId, step: _Step) -> None:
        """
        Change one sum.

        Args:
            lot: what is in it
            asset: what it is in
            step: added to the sure ways, and to all

        Source: our choice: ADR 0052.
        """
        _note(self._by_lot.setdefault(lot, {}), asset, step)
        _note(self._by_asset.setdefault(asset, {}), lot, step)
        for held, other in ((self._of_lot.get(lot), asset), (self._in_asset.get(asset), lot)):
            if held is not None:
                held[other] = self._sum(held.get(other, NOTHING), step)

    def changes(self) -> Iterator[ReachRow]:
        """
        Yield what is to be added to the rows.

        Source: our choice: ADR 0052.
        """
        for lot, steps in sorted(self._by_lot.items()):
            for asset, (sure, every) in sorted(steps.items()):
                if sure or every:
                    yield ReachRow(lot, asset, sure, every - sure)

    def _sum(self, weight: Weight, step: _Step) -> Weight:
        found = Weight(weight.sure + step[0], weight.every + step[1])
        if self.is_exact and max(found.every, weight.every) >= MOST:
            raise TangledError
        return found

    def _summed(self, rows: Sums, steps: Mapping[SubjectId, _Step]) -> Sums:
        for one, step in steps.items():
            rows[one] = self._sum(rows.get(one, NOTHING), step)
        return rows


class Counting:
    """What is in what while links change one after the other."""

    def __init__(self, ledger: Ledger, graph: Graph, held: Contents) -> None:
        self._ledger, self._graph = ledger, graph
        self._held = {whole: dict(inside) for whole, inside in held.items()}

    def change(self, one: Change) -> None:
        """
        Change one link, and every sum that runs over it; `TangledError` where that cannot be.

        Args:
            one: the part, the whole, the weight before and after

        Source: our choice: ADR 0052.
        """
        part, whole, before, after = one
        low, high = self._below(part), self._above(whole)
        if part in high.passed or not high.passed.isdisjoint(low):
            raise TangledError
        stood = self._stands(part)
        step = after.sure - before.sure, after.every - before.every
        for lot, many in low.items():
            for asset, above in high.sums.items():
                self._ledger.add(lot, asset, _product(many, step, above))
        if after.every:
            self._held[whole][part] = after
        else:
            del self._held[whole][part]
        change = self._stands(part) - stood
        for lot, many in low.items() if change else ():
            self._ledger.add(lot, part, (change * many.sure, change * many.every))

    def _below(self, part: SubjectId) -> Sums:
        """Return the lots below a part, itself where it is one."""
        if self._stands(part):
            return self._ledger.lots_in(part)
        sums: dict[SubjectId, Sums] = {}
        for circle in components(part, self._inside):
            node = _alone(circle)
            inside = {} if self._stands(node) else self._children(node)
            _need_no_loop(node, inside)
            sums[node] = (
                self._ledger.lots_in(node) if self._stands(node) else _carried(inside, sums)
            )
            if isinstance(node, LotId):
                _need_no_loop(node, sums[node])
                sums[node][node] = ONE
        return sums[part]

    def _inside(self, node: SubjectId) -> Iterable[SubjectId]:
        return () if self._stands(node) else self._children(node)

    def _above(self, whole: SubjectId) -> _Above:
        """Return the assets above a whole, itself where it is one."""
        if isinstance(whole, ArrivalId):
            return _Above({whole: ONE}, {whole})
        if isinstance(whole, LotId):
            return _Above(self._ledger.assets_of(whole), {whole})
        found = _Above({}, set())
        sums: dict[SubjectId, Sums] = {}
        for circle in components(whole, self._units_around):
            node = _alone(circle)
            around = self._around(node)
            _need_no_loop(node, around)
            found.passed |= {node, *around}
            lots = {one for one in around if isinstance(one, LotId)}
            if lots and not lots.isdisjoint(self._below(node)):
                raise TangledError
            sums |= {lot: self._ledger.assets_of(lot) for lot in lots}
            sums[node] = _carried(around, sums)
            if not any(isinstance(one, UnitId) for one in around):
                sums[node][node] = ONE
        found.sums = sums[whole]
        return found

    def _stands(self, node: SubjectId) -> bool:
        """Return whether a thing is a unit that is in no other unit."""
        return isinstance(node, UnitId) and not any(self._units_around(node))

    def _children(self, node: SubjectId) -> Mapping[SubjectId, Weight]:
        held = self._held.get(node)
        return self._graph.children(node) if held is None else held

    def _around(self, unit: SubjectId) -> Sums:
        """Return the things that a unit is directly in."""
        found = ((one, self._children(one).get(unit)) for one in self._graph.wholes(unit))
        return {one: weight for one, weight in found if weight is not None}

    def _units_around(self, unit: SubjectId) -> list[SubjectId]:
        return [one for one in self._around(unit) if isinstance(one, UnitId)]


def afresh(views: ViewStore, graph: Graph, changes: Collection[Change]) -> Ledger:
    """
    Return what is to be added so that everything the changes touch is right.

    Args:
        views: the rows as they stand
        graph: what is in what after the changes
        changes: links that changed

    Returns:
        A ledger whose changes make each touched asset's rows those of the graph.

    Source: our choice: ADR 0052.
    """
    ledger = Ledger(views)
    ledger.is_exact = False
    for asset in sorted(_touched(ledger, graph, changes)):
        wanted = _contents(graph, asset) if _is_asset(graph, asset) else {}
        held = ledger.lots_in(asset)
        for lot in sorted({*wanted, *held}):
            now, then = wanted.get(lot, NOTHING), held.get(lot, NOTHING)
            ledger.add(lot, asset, (now.sure - then.sure, now.every - then.every))
    return ledger


def _touched(ledger: Ledger, graph: Graph, changes: Collection[Change]) -> set[SubjectId]:
    """Return each unit and arrival at the changed links or above them, before or after."""
    waiting = [end for part, whole, _, _ in changes for end in (part, whole)]
    found: set[SubjectId] = set()
    while waiting:
        node = waiting.pop()
        if node in found:
            continue
        found.add(node)
        if isinstance(node, LotId):
            waiting += ledger.assets_of(node)
        elif isinstance(node, UnitId):
            waiting += graph.wholes(node)
    return {one for one in found if not isinstance(one, LotId)}


def _is_asset(graph: Graph, node: SubjectId) -> bool:
    """Return whether a thing is in no other unit but for those on its own circle."""
    if isinstance(node, ArrivalId):
        return True
    around = graph.units_around
    circle = next(one for one in components(node, around) if node in one)
    return all(one in circle for unit in circle for one in around(unit))


def _contents(graph: Graph, asset: SubjectId) -> Sums:
    """Return the lots in an asset, counted from its parts down; a circle counts once."""
    sums: dict[SubjectId, Sums] = {}
    for circle in components(asset, graph.children):
        inside = [
            (part, weight)
            for node in circle
            for part, weight in graph.children(node).items()
            if part not in circle
        ]
        found: Sums = {}
        for part, weight in inside:
            _carry(found, sums[part], weight)
        looped = len(circle) > 1 or circle[0] in graph.children(circle[0])
        if looped:
            found = {lot: Weight(0, weight.every) for lot, weight in found.items()}
        mine = Weight(0, 1) if looped else ONE
        own = {node: mine for node in circle if isinstance(node, LotId)}
        sums |= dict.fromkeys(circle, found | own)
    return sums[asset]


def _carried(links: Mapping[SubjectId, Weight], sums: Mapping[SubjectId, Sums]) -> Sums:
    found: Sums = {}
    for one, weight in links.items():
        _carry(found, sums.get(one, {}), weight)
    return found


def _carry(found: Sums, sums: Sums, weight: Weight) -> None:
    for one, many in sums.items():
        found[one] = found.get(one, NOTHING).plus(many.times(weight))


def _product(many: Weight, step: _Step, above: Weight) -> _Step:
    found = many.sure * step[0] * above.sure, many.every * step[1] * above.every
    if max(map(abs, found)) >= MOST:
        raise TangledError
    return found


def _note(steps: dict[SubjectId, _Step], one: SubjectId, step: _Step) -> None:
    before = steps.get(one, (0, 0))
    steps[one] = before[0] + step[0], before[1] + step[1]


def _weight(row: ReachRow) -> Weight:
    return Weight(row.definite, row.definite + row.possible)


def _alone(circle: tuple[SubjectId, ...]) -> SubjectId:
    if len(circle) > 1:
        raise TangledError
    return circle[0]


def _need_no_loop(node: SubjectId, links: Mapping[SubjectId, Weight]) -> None:
    if node in links:
        raise TangledError
