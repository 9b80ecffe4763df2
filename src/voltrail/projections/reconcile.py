"""
A delivery's list of serials against what was ordered, what the maker listed, and what was scanned.

Lists are compared as sets; a serial that stands twice in one list is told. Knows no file and no
statement, and does not say whether the goods may be released: controls do.
"""

from collections.abc import Collection, Sequence

from msgspec import Struct

from voltrail.ids.column import Differences, differences

_NOTHING = Differences((), (), (), ())


class Lists(Struct, frozen=True):
    """
    What is compared: serials delivered, listed by the maker, scanned; items ordered and counted.

    A list or number that is not there is None, and nothing is compared with it.
    """

    delivered: Sequence[str]
    listed: Sequence[str] | None = None
    scanned: Sequence[str] | None = None
    ordered: int | None = None
    counted: int | None = None


class Reconciled(Struct, frozen=True):
    """
    What differs, each serial once, in order; `rest` counts what the maker listed besides [items].

    `strange`: delivered, not listed. `twice`: more than once in the delivery. `listed_twice`: in
    the maker's list. `unscanned`: delivered, not scanned. `unexpected`: scanned, not delivered.
    """

    delivered: int
    listed: int | None
    scanned: int | None
    ordered: int | None
    counted: int | None
    rest: int | None
    strange: tuple[str, ...] = ()
    twice: tuple[str, ...] = ()
    listed_twice: tuple[str, ...] = ()
    unscanned: tuple[str, ...] = ()
    unexpected: tuple[str, ...] = ()

    @property
    def more(self) -> int:
        """How many more items came than were ordered; less than none where fewer came [items]."""
        came = self.delivered if self.counted is None else self.counted
        return 0 if self.ordered is None else came - self.ordered

    @property
    def miscounted(self) -> int:
        """How many more items were counted than serials delivered [items]."""
        return 0 if self.counted is None else self.counted - self.delivered

    @property
    def agrees(self) -> bool:
        """Whether nothing contradicts anything; a serial that nobody scanned contradicts none."""
        wrong = (self.strange, self.twice, self.listed_twice, self.unexpected)
        return not any(wrong) and self.more <= 0 and self.miscounted == 0


def reconcile(lists: Lists) -> Reconciled:
    """
    Return where the lists of a delivery differ.

    Args:
        lists: what was delivered, and whatever there is to compare it with

    Returns:
        Numbers, and the serials that differ.

    Source: mission, CT-02; reference on traceability, R8; ADR 0055.
    """
    listed = differences(lists.delivered, lists.listed or ())
    scanned = _NOTHING
    if lists.scanned is not None:
        scanned = differences(lists.delivered, lists.scanned)
    return Reconciled(
        len(lists.delivered),
        None if lists.listed is None else len(lists.listed),
        None if lists.scanned is None else len(set(lists.scanned)),
        lists.ordered,
        lists.counted,
        None if lists.listed is None else len(listed.right_only),
        () if lists.listed is None else _ordered(listed.left_only),
        _ordered(listed.left_twice),
        _ordered(listed.right_twice),
        _ordered(scanned.left_only),
        _ordered(scanned.right_only),
    )


def _ordered(found: Collection[str]) -> tuple[str, ...]:
    return tuple(sorted(found))
