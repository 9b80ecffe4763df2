"""
What an assembly puts into what: its parts, inline and in its table, and how sure each link is.

Several statements about one pair are folded by the time they claim, whatever order they came in.
Does not read the register, and does not know which statement stands.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime
from functools import cached_property
from typing import NamedTuple

from msgspec import Struct

from voltrail import table
from voltrail.errors import MalformedError, ProductError
from voltrail.ids.subject import LotId, SubjectId, UnitId
from voltrail.projections.view import Recorded
from voltrail.quantities import Unit
from voltrail.register.blobs import BlobStore
from voltrail.statements.assembly import Action, Assembly, Certainty, Part

COLUMNS = ("side", "unit", "lot", "value", "measure", "certainty")
MOST = 2**53 - 1  # [ways] a count never grows beyond what JSON carries
SIDES = ("input", "output")


class Weight(NamedTuple):
    """How often a thing is in another: for sure, and in every way that it can be; up to `MOST`."""

    sure: int
    every: int

    def times(self, other: "Weight") -> "Weight":
        """Return the weight of two links, one after the other."""
        return Weight(*(_within(one * two) for one, two in zip(self, other, strict=True)))

    def plus(self, other: "Weight") -> "Weight":
        """Return the weight of two links beside one another."""
        return Weight(*(_within(one + two) for one, two in zip(self, other, strict=True)))


ONE, NOTHING = Weight(1, 1), Weight(0, 0)


class Put(Struct, frozen=True, dict=True):
    """
    The parts that went in and that came out, those of the table included.

    `is_whole` is False where the table is not here, or is another than the one committed to.
    """

    inputs: tuple[Part, ...]
    outputs: tuple[Part, ...]
    is_whole: bool = True

    def into(self, name: SubjectId) -> tuple[Part, ...]:
        """Return the inputs that name a unit or a lot."""
        return tuple(self._into.get(name, ()))

    def out(self, name: SubjectId) -> tuple[Part, ...]:
        """Return the outputs that name a unit or a lot."""
        return tuple(self._out.get(name, ()))

    @cached_property
    def _into(self) -> dict[SubjectId, list[Part]]:
        return _by_name(self.inputs)

    @cached_property
    def _out(self) -> dict[SubjectId, list[Part]]:
        return _by_name(self.outputs)


class Joined(NamedTuple):
    """What is left of all that was said of a part in a whole, and the entries that joined them."""

    weight: Weight
    entries: tuple[int, ...]


class _Event(NamedTuple):
    at: datetime
    is_end: bool
    items: int
    is_sure: bool
    digest: str
    entry: int


def put(fact: Assembly, blobs: BlobStore) -> Put:
    """
    Return all parts of an assembly.

    Args:
        fact: the assembly
        blobs: where its table is

    Returns:
        Its parts; those of the table are left out where its bytes are not here or are others, and
        it says so.

    Source: design, section 7, committed table.
    """
    commitment = fact.part_table
    data = None if commitment is None else blobs.get(commitment.sha256)
    if commitment is None or data is None:
        return Put(fact.inputs, fact.outputs, is_whole=commitment is None)
    try:
        table.check(data, commitment)
        found = tuple(listed(data))
    except ProductError:
        return Put(fact.inputs, fact.outputs, is_whole=False)
    more = [tuple(part for side, part in found if side == one) for one in SIDES]
    return Put(fact.inputs + more[0], fact.outputs + more[1])


def listed(data: bytes) -> Iterator[tuple[str, Part]]:
    """
    Yield the parts in a table.

    Args:
        data: the whole table, with the columns `COLUMNS`

    Yields:
        `input` or `output`, and the part.

    Raises:
        MalformedError: other columns, or a row that names no part.

    Source: docs/spec/assembly.md.
    """
    if table.columns(data) != COLUMNS:
        raise MalformedError(
            "The table of parts has other columns.", hint=f"Write: {', '.join(COLUMNS)}."
        )
    for row in table.rows(data):
        cells = row.decode().split(",")
        if len(cells) != len(COLUMNS) or cells[0] not in SIDES:
            raise MalformedError(
                f"A row names no part: {row[:60].decode(errors='replace')!r}.",
                hint="Begin each row with input or output, one cell for each column.",
            )
        yield cells[0], _part(cells)


def thing(part: Part) -> SubjectId | None:
    """
    Return what a part is: the unit, else the lot.

    Args:
        part: of an assembly

    Returns:
        An identity, or None of a part that names neither.

    Source: docs/spec/assembly.md.
    """
    return part.unit or part.lot


def pairs(
    found: Iterable[tuple[Recorded[Assembly], Put]], whole: SubjectId
) -> Mapping[SubjectId, Weight]:
    """
    Return what is in a whole now, by statements that stand, in any order.

    Args:
        found: assemblies that name the whole, with their parts
        whole: a unit or a lot

    Returns:
        Each thing in it, with its weight. What was taken out in part is possible from then on; of
        several things made of several, none is sure to be in one of them.

    Source: our choice: ADR 0052.
    """
    return {part: one.weight for part, one in joined(found, whole).items()}


def joined(
    found: Iterable[tuple[Recorded[Assembly], Put]],
    whole: SubjectId,
    only: Collection[SubjectId] | None = None,
) -> Mapping[SubjectId, Joined]:
    """
    Return what is in a whole now, and which statements put it there, in any order.

    Args:
        found: assemblies that name the whole, with their parts
        whole: a unit or a lot
        only: the parts that are asked for, each once; None asks for all

    Returns:
        What `pairs` returns, each with its entries since it was last taken out whole. An end that
        names no part ends all; where its table is away, any of them can have ended.

    Source: our choice: ADR 0049, ADR 0052.
    """
    events: dict[SubjectId, list[_Event]] = {}
    emptied: list[_Event] = []
    for one, parts in found:
        ours = [part for part in parts.out(whole) if thing(part) == whole]
        if not ours:
            continue
        if one.fact.action is Action.DELETE and not (parts.inputs and parts.is_whole):
            gone = (True, MOST, parts.is_whole)
            emptied.append(_Event(one.fact.at, *gone, one.entry.digest, one.entry.index))
        for part, event in _events(one, parts, ours, only):
            events.setdefault(part, []).append(event)
    folded = ((part, _folded([*listed, *emptied])) for part, listed in events.items())
    return {part: left for part, left in folded if left.weight != NOTHING}


def _events(
    one: Recorded[Assembly], parts: Put, ours: list[Part], only: Collection[SubjectId] | None
) -> Iterator[tuple[SubjectId, _Event]]:
    """Yield what a statement says of each thing in a whole, what stands twice taken together."""
    fact, is_end = one.fact, one.fact.action is Action.DELETE
    clear = is_end or len(parts.outputs) == 1 or len(parts.inputs) == 1
    clear = clear and all(part.certainty is Certainty.DEFINITE for part in ours)
    into_unit = any(part.unit is not None for part in ours)
    counted: dict[SubjectId, tuple[int, bool]] = {}
    asked = ((each, part) for each in only or () for part in parts.into(each))
    named = parts.inputs if only is None else [part for each, part in asked if thing(part) == each]
    for part in named:
        what = thing(part)
        if what is None:
            continue
        items, sure = counted.get(what, (0, False))
        here = clear and part.certainty is Certainty.DEFINITE
        counted[what] = _within(items + _items(part, into_unit, is_end)), sure or here
    for what, (items, sure) in counted.items():
        yield what, _Event(fact.at, is_end, items, sure, one.entry.digest, one.entry.index)


def _folded(events: list[_Event]) -> Joined:
    """Return what is left of a pair after everything that was said of it."""
    items, sure, entries = 0, False, set[int]()
    for event in sorted(events):
        if not event.is_end:
            items, sure = max(items, event.items), sure or event.is_sure
            entries.add(event.entry)
        elif event.is_sure and event.items >= items:
            items, sure, entries = 0, False, set()
        else:
            sure = False
    return Joined(Weight(items if sure else 0, items), tuple(sorted(entries)))


def _items(part: Part, into_unit: bool, is_end: bool) -> int:  # noqa: FBT001 — of one statement
    """Return how many items of a lot went into a unit; 1 of a unit, and where nobody counts."""
    if part.unit is not None:
        return 1
    many = part.quantity
    if many is None or many.unit is not Unit.items:
        return MOST if is_end else 1
    return _within(max(1, int(many.value))) if into_unit or is_end else 1


def _part(cells: list[str]) -> Part:
    from voltrail.quantities import Quantity  # noqa: PLC0415 — most registers have no such table

    _, unit, lot, value, measure, certainty = cells
    try:
        return Part(
            UnitId.read(unit) if unit else None,
            LotId.read(lot) if lot else None,
            Quantity.parse({"value": value, "unit": measure}) if value else None,
            Certainty(certainty or Certainty.DEFINITE),
        )
    except ValueError as error:
        raise MalformedError(
            f"A row has no such certainty: {certainty!r:.40}.", hint="Write definite or possible."
        ) from error


def _by_name(listed: tuple[Part, ...]) -> dict[SubjectId, list[Part]]:
    found: dict[SubjectId, list[Part]] = {}
    for part in listed:
        for name in (part.unit, part.lot):
            if name is not None:
                found.setdefault(name, []).append(part)
    return found


def _within(number: int) -> int:
    return min(number, MOST)
