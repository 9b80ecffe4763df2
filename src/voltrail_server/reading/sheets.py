"""
Whole lists to take away: a head and its rows, read page by page while they are sent.

The filters are those of the lists; names are looked up for many rows at once.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, TypeVar

from voltrail.projections.store import ArrivalRow
from voltrail.statements import fields
from voltrail_server.panels.named import Naming
from voltrail_server.reading import arrivals as arrival_list
from voltrail_server.reading import orders as order_list
from voltrail_server.reading import register as register_list
from voltrail_server.reading import subjects
from voltrail_server.reading.names import Book

Row = Sequence[object]
Sheet = tuple[tuple[str, ...], Iterator[Row]]
T = TypeVar("T")
_CHUNK = 500  # [rows] named together
_COUNTS = ("quarantine", "release", "reject", "isolate", "")
_COUNT_HEADS = (*_COUNTS[:-1], "undecided")
_NAMED = ("product", "seller", "maker", "place")
_ORDERED = (
    *("order", "product", "product_name", "seller", "seller_name", "place", "place_name"),
    *("quantity", "channel", "ordered_at", "entry", "refused_attempts"),
)
_ATTEMPTED = (
    *("entry", "at", "order", "product", "product_name", "seller", "seller_name", "place"),
    *("place_name", "quantity", "channel", "unmet"),
)
_ENTERED = ("entry", "predicate_type", "issuer", "issuer_name", "log_time", "digest", "bytes")


def arrivals(
    wanted: arrival_list.Filter,
    sort: str = "newest",
    may_see: Callable[[ArrivalRow], bool] | None = None,
    *,
    named: bool = True,
) -> Sheet:
    """Return the arrivals that fit and that may be seen."""
    columns = ArrivalRow.__struct_fields__
    rows = (row for row in arrival_list.every(wanted, sort) if may_see is None or may_see(row))
    head = (*columns, *(f"{name}_name" for name in _NAMED)) if named else columns

    def line(row: ArrivalRow, naming: Naming) -> Row:
        plain = [getattr(row, name) for name in columns]
        called = [naming(getattr(row, name)) for name in _NAMED] if named else []
        return [*plain, *called]

    return head, _lines(rows, line)


def lots(text: str = "") -> Sheet:
    """Return the lots, each with its maker and how its arrivals stand."""

    def line(row: Any, naming: Naming) -> Row:  # noqa: ANN401 — a row of the list
        maker = f"urn:voltrail:party:{row.subject.split(':')[3]}"
        return [row.subject, maker, naming(maker), *_counted(row)]

    head = ("lot", "maker", "maker_name", *_COUNT_HEADS)
    return head, _lines(_every("lot", "lot", text), line)


def parties(text: str = "") -> Sheet:
    """Return the parties, each with its name and how the arrivals it sold stand."""
    return ("party", "name", *_COUNT_HEADS), _lines(_every("party", "seller", text), _plain)


def places(text: str = "") -> Sheet:
    """Return the places, each with its name and how its arrivals stand."""
    return ("place", "name", *_COUNT_HEADS), _lines(_every("place", "place", text), _plain)


def orders(text: str = "") -> Sheet:
    """Return the orders, each with what was ordered and how its arrivals stand."""
    pages = subjects.pages("order", "order", text)
    rows = (row for page in pages for row in order_list.with_orders(page))

    def line(row: Any, naming: Naming) -> Row:  # noqa: ANN401 — a row of the list
        placed = row.order
        if placed is None:
            blank = [""] * (len(_ORDERED) - 2)
            return [row.subject, *blank, row.refused, *_counted(row)]
        fact = placed.fact
        where = (fact.quantity, fact.channel, fields.stamp(fact.ordered_at), placed.entry.index)
        return [row.subject, *_who(fact, naming), *where, row.refused, *_counted(row)]

    return (*_ORDERED, *_COUNT_HEADS), _lines(rows, line)


def attempts() -> Sheet:
    """Return every refused order, newest first, with what was unmet."""

    def line(one: Any, naming: Naming) -> Row:  # noqa: ANN401 — a recorded attempt
        fact, entry = one.fact.wanted, one.entry
        unmet = " ".join(each.sentence for each in one.fact.unmet)
        place = (entry.index, fields.stamp(entry.log_time), one.fact.order)
        return [*place, *_who(fact, naming), fact.quantity, fact.channel, unmet]

    return _ATTEMPTED, _lines(order_list.every_refused(), line)


def entries() -> Sheet:
    """Return every entry of the register, newest first."""

    def line(one: Any, naming: Naming) -> Row:  # noqa: ANN401 — an entry and its leaf
        entry, leaf = one
        who = (leaf.issuer, naming(str(leaf.issuer)))
        return [
            entry.index,
            leaf.predicate_type,
            *who,
            fields.stamp(leaf.log_time),
            leaf.envelope,
            leaf.size,
        ]

    return _ENTERED, _lines(register_list.every(), line)


def _lines(rows: Iterable[T], line: Callable[[T, Naming], Row]) -> Iterator[Row]:
    """Yield rows as cells; the names that many rows need are looked up together."""
    waiting = iter(rows)
    while chunk := list(islice(waiting, _CHUNK)):
        book = Book()
        made = [line(row, book) for row in chunk]
        yield from ([getattr(cell, "name", cell) for cell in cells] for cells in made)


def _every(kind: str, column: str, text: str) -> Iterator[Any]:
    return (row for page in subjects.pages(kind, column, text) for row in page)


def _plain(row: Any, naming: Naming) -> Row:  # noqa: ANN401 — a row of the list
    return [row.subject, naming(row.subject), *_counted(row)]


def _counted(row: Any) -> list[str]:  # noqa: ANN401 — a row with counts
    return [row.counts.get(name, "") or "0" for name in _COUNTS]


def _who(fact: Any, naming: Naming) -> list[object]:  # noqa: ANN401 — an order
    pairs = ((one, naming(one)) for one in (fact.product, fact.seller, fact.place))
    return [cell for pair in pairs for cell in pair]
