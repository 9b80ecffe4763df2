"""
Bring in what an operator had before: compare it with what is on record, and state what is new.

A row that says what already stands states nothing. A changed row supersedes the operator's own
earlier statement; fields that the list does not give stay as they were. Orders are asked whether
they may be placed, like any other; one that may not leaves an attempt. Does not read files.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cached_property
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from voltrail import table
from voltrail.actions import order as orders
from voltrail.actions import record
from voltrail.actions.desk import Desk
from voltrail.actions.order import Wanted
from voltrail.actions.record import Registered
from voltrail.errors import ProductError, UnmetError
from voltrail.ids.subject import DocumentId, OrderId, PersonId, SubjectId
from voltrail.projections.fold import of_type, view
from voltrail.projections.gathering import Gathering
from voltrail.projections.stock import lines_of
from voltrail.projections.tier import tier_of
from voltrail.projections.view import Recorded, View
from voltrail.readers.contract import Draft, Wrong
from voltrail.statements import kinds
from voltrail.statements import statement as statements
from voltrail.statements.fields import Digest
from voltrail.statements.order import Order, OrderAttempt
from voltrail.statements.place import Place
from voltrail.statements.statement import Header
from voltrail.statements.stock import COLUMNS, Stock
from voltrail.trust.signer import sealed

_CHUNK = 1_000  # [drafts] compared together
STOCK_TYPE = kinds.uri("stock")


class Compared(Struct, frozen=True):
    """What a row would change: new, same or changed, with each field before and after."""

    draft: Draft
    state: str
    fact: Any
    differences: tuple[tuple[str, str, str], ...] = ()
    supersedes: str | None = None


class ComparedStock(Struct, frozen=True):
    """Places of the lines that are new or changed, and of those that are changed."""

    fresh: Sequence[int]
    changed: Sequence[int]


class StockOnRecord(Struct, frozen=True, dict=True):
    """The tables of units on record, oldest first; of each unit the newest line counts."""

    tables: tuple[tuple[str, ...], ...]

    @cached_property
    def newest(self) -> dict[str, str]:
        """Maker and serial, parted by a comma → the newest line about the unit."""
        return {unit_in(line): line for table in self.tables for line in table}

    @cached_property
    def lines(self) -> frozenset[str]:
        """The lines that count; in a single table each unit stands once."""
        only = self.tables[0] if len(self.tables) == 1 else self.newest.values()
        return frozenset(only)


class Origin(Struct, frozen=True):
    """Where statements come from: the file's digest, who brought it, when it was confirmed."""

    file: str
    by: PersonId | None
    confirmed_at: datetime

    def reason(self, row: int) -> str:
        """Return the words that stand in the header of what one row states."""
        return f"{self.words()[:-1]}, row {row}."

    def words(self) -> str:
        """Return the words that stand in the header of what the whole file states."""
        who = f" by {self.by.key}" if self.by else ""
        return f"Imported{who} from file sha256:{self.file}."


def compare(desk: Desk, drafts: Sequence[Draft]) -> tuple[tuple[Compared, ...], tuple[Wrong, ...]]:
    """
    Return what each draft would change, and those that cannot be brought in.

    Args:
        desk: where what stands is kept
        drafts: as a reader gave them

    Returns:
        Compared drafts in order; wrong ones with the reason.

    Source: our choice: ADR 0021.
    """
    found: list[Compared] = []
    wrong: list[Wrong] = []
    for start in range(0, len(drafts), _CHUNK):
        chunk = drafts[start : start + _CHUNK]
        room = Gathering(desk.entries, desk.views)
        room.fetch(one.subject for one in chunk)
        for one in chunk:
            compared = _compared(desk, one, room.view(one.subject))  # type: ignore[arg-type]
            if isinstance(compared, Wrong):
                wrong.append(compared)
            else:
                found.append(compared)
    return tuple(found), tuple(wrong)


def bring(
    desk: Desk, found: Sequence[Compared], origin: Origin, at: datetime
) -> tuple[Registered | ProductError | None, ...]:
    """
    Return, for each compared draft in order, its place or the error that refused it.

    Args:
        desk: holds the operator's key
        found: new and changed drafts
        origin: the file and who brought it
        at: log time

    Returns:
        One answer for each, None where it came to stand meanwhile; refused ones leave the others.

    Raises:
        RegisterCorruptError: the register disagrees with itself.

    Source: mission, SQ-02; our choice: ADR 0021.
    """
    if found and isinstance(found[0].fact, Wanted):
        return tuple(_placed(desk, one, origin, at) for one in found)
    with desk.entries.transaction():
        again, _ = compare(desk, [one.draft for one in found])
        left = {one.draft.number: one for one in again if one.state != "same"}
        raws = [_sealed(desk, one, origin) for one in left.values()]
        answers = dict(zip(left, record.hand_in_many(desk, raws, at), strict=True))
    return tuple(answers.get(one.draft.number) for one in found)


def stock_on_record(desk: Desk) -> StockOnRecord:
    """
    Return what lists have said of units that were in service before Voltrail.

    Args:
        desk: where it is kept

    Returns:
        The tables of all standing statements, oldest claim first.

    Source: our choice: ADR 0021.
    """
    found = of_type(desk.entries, desk.views, STOCK_TYPE)
    return StockOnRecord(tuple(lines_of(one.fact, desk.blobs) for one in found))


def compare_stock(lines: Sequence[str], stands: StockOnRecord) -> ComparedStock:
    """
    Return which lines of a list are new or say something else than what is on record.

    Args:
        lines: with the columns of `statements.stock`
        stands: what is on record

    Returns:
        Places of lines, in order.

    Source: our choice: ADR 0021.
    """
    if not stands.tables:
        return ComparedStock(range(len(lines)), ())
    same = stands.lines
    fresh = [at for at, line in enumerate(lines) if line not in same]
    changed = [at for at in fresh if unit_in(lines[at]) in stands.newest] if fresh else []
    return ComparedStock(fresh, changed)


def unit_in(line: str) -> str:
    """
    Return the part of a line that names its unit.

    Args:
        line: with the columns of `statements.stock`

    Returns:
        Maker and serial, parted by a comma.

    Source: our choice: ADR 0021.
    """
    return line[: line.index(",", line.index(",") + 1)]


def bring_stock(desk: Desk, lines: Sequence[str], origin: Origin, at: datetime) -> Registered:
    """
    Return the place of the one statement that commits to a table of units.

    Args:
        desk: holds the operator's key and the blobs
        lines: new and changed lines, with the columns of `statements.stock`
        origin: the file and who brought it
        at: log time

    Returns:
        Its index and digest; the same lines of the same import give the same statement.

    Raises:
        MalformedError: the lines are no table.
        RefusedError: admission says no.

    Source: design, section 7, committed table; our choice: ADR 0021.
    """
    data = "\n".join([",".join(COLUMNS), *lines, ""]).encode()
    commitment = table.commit(data)
    desk.blobs.put(data)
    document = DocumentId.of(*desk.operator.parts, commitment.sha256)
    fact = Stock(document, Digest(origin.file), commitment, origin.by)
    header = Header(desk.operator, origin.confirmed_at, reason=origin.words())
    payload = statements.compose(fact, header, document)
    return record.hand_in(desk, sealed(payload, desk.signer).raw, at)


def _sealed(desk: Desk, one: Compared, origin: Origin) -> bytes:
    header = Header(
        desk.operator,
        origin.confirmed_at,
        supersedes=Digest(one.supersedes) if one.supersedes else None,
        reason=origin.reason(one.draft.number),
    )
    payload = statements.compose(one.fact, header, one.draft.subject)  # type: ignore[arg-type]
    return sealed(payload, desk.signer).raw


def _compared(desk: Desk, draft: Draft, stands: View) -> Compared | Wrong:
    if isinstance(draft.fact, dict):
        return _compared_order(desk, draft, stands)
    own = [one for one in stands.standing(type(draft.fact)) if one.issuer == desk.operator]
    if not own:
        return Compared(draft, "new", draft.fact)
    old = own[-1]
    if getattr(old.fact, "overrule", None) is not None:
        return Wrong(
            draft.number,
            f"{draft.subject} has a tier set by hand, which two persons signed.",
            "Leave the row out, or change the place with the second person.",
        )
    given = {name: getattr(draft.fact, name) for name in draft.given}
    merged = replace(old.fact, **given)
    if isinstance(merged, Place) and tier_of(merged) > tier_of(old.fact):
        return Wrong(
            draft.number,
            f"{draft.subject} would be tier {tier_of(merged)}; it is tier {tier_of(old.fact)}.",
            "Two persons make a tier lighter: classify the place on its page.",
        )
    differences = _differences(old.fact, merged, draft.given)
    state = "changed" if differences else "same"
    return Compared(draft, state, merged, differences, old.entry.digest if differences else None)


def _compared_order(desk: Desk, draft: Draft, stands: View) -> Compared | Wrong:
    wanted = Wanted(**draft.fact)
    placed = stands.standing(Order)
    if not placed:
        return Compared(draft, "new", wanted)
    old = placed[-1]
    differences = _differences(old.fact, wanted, draft.given)
    if not differences:
        return Compared(draft, "same", wanted)
    if desk.views.indices(f"affects:{wanted.order}"):
        return Wrong(
            draft.number,
            f"Goods have come on order {wanted.order.key}; the list says otherwise than the order.",
            "Leave the row out, or correct the order's statement.",
        )
    return Compared(draft, "changed", wanted, differences, old.entry.digest)


def _differences(
    before: Any,  # noqa: ANN401 — any fact
    after: Any,  # noqa: ANN401 — same
    names: Iterable[str],
) -> tuple[tuple[str, str, str], ...]:
    pairs = ((name, getattr(before, name), getattr(after, name)) for name in sorted(names))
    return tuple((name, _said(old), _said(new)) for name, old, new in pairs if old != new)


def _said(value: Any) -> str:  # noqa: ANN401 — any value of a fact
    if isinstance(value, tuple):
        return ", ".join(map(_said, value))
    if isinstance(value, SubjectId):
        return value.key
    return "" if value is None else str(value)


def _placed(desk: Desk, one: Compared, origin: Origin, at: datetime) -> Registered | ProductError:
    """Place an order as anybody would, unless this import was refused it before."""
    wanted = replace(one.fact, by=origin.by)
    try:
        again = _refused_before(desk, wanted.order, origin)
        if again is not None:
            return again
        reason = origin.reason(one.draft.number)
        instead = orders.Instead(Digest(one.supersedes), reason) if one.supersedes else None
        return orders.place_order(desk, wanted, at, instead)
    except ProductError as error:
        return error


def _refused_before(desk: Desk, which: OrderId, origin: Origin) -> UnmetError | None:
    tried: tuple[Recorded[OrderAttempt], ...]
    tried = view(desk.entries, desk.views, which).every(OrderAttempt)
    since = [one for one in tried if one.header.claimed_time >= origin.confirmed_at]
    if not since:
        return None
    fact, index = since[-1].fact, since[-1].entry.index
    return UnmetError(
        f"Order {which.key} was refused: {len(fact.unmet)} unmet.",
        hint=f"Read entry {index}.",
        unmet=fact.unmet,
        attempt=index,
    )


__all__ = [
    "Compared",
    "ComparedStock",
    "Origin",
    "StockOnRecord",
    "bring",
    "bring_stock",
    "compare",
    "compare_stock",
    "stock_on_record",
    "unit_in",
]
