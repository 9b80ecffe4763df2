"""The serials of an arrival compared, for pages, programs and spreadsheets."""

from collections.abc import Iterator

from voltrail.actions import reconcile as actions
from voltrail.actions.reconcile import Comparison
from voltrail.ids.subject import ArrivalId
from voltrail_server import wiring

HEAD = ("serial", "delivered", "listed", "scanned")


def compared(arrival: ArrivalId) -> Comparison:
    """Return where the lists of an arrival differ."""
    return actions.reconcile(wiring.desk(), arrival)


def rows(arrival: ArrivalId) -> Iterator[tuple[object, ...]]:
    """Yield each serial of every list with how often it stands in each."""
    lists, _entries = actions.lists_of(wiring.desk(), arrival)
    counted = [_counts(one) for one in (lists.delivered, lists.listed, lists.scanned)]
    for serial in sorted({serial for one in counted for serial in one}):
        yield serial, *(one.get(serial, 0) for one in counted)


def _counts(serials: object) -> dict[str, int]:
    found: dict[str, int] = {}
    for one in serials or ():  # type: ignore[attr-defined]
        found[one] = found.get(one, 0) + 1
    return found
