"""Order lines of the operator: the list, what was refused, and what a new order chooses from."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from voltrail.actions import order as actions
from voltrail.statements.order import Order, OrderAttempt
from voltrail.statements.qualification import Qualification
from voltrail_server import wiring
from voltrail_server.panels.named import key_of
from voltrail_server.reading import links, names, subjects
from voltrail_server.reading.page import PER_PAGE, Page, cut, read_number
from voltrail_server.reading.subjects import SubjectRow

_MOST = 500  # [subjects of a kind] offered to choose from


@dataclass(frozen=True, slots=True)
class OrderRow:
    """An order number: the newest order on record under it, how often it was refused, counts."""

    subject: str
    order: Any
    refused: int
    counts: dict[str, str]

    @property
    def undecided(self) -> str:
        """How many of its arrivals nobody has judged."""
        return self.counts.get("", "")


@dataclass(frozen=True, slots=True)
class Choices:
    """What a new order's form offers: identity and name of each, and the channels on record."""

    sellers: tuple[tuple[str, str], ...]
    products: tuple[tuple[str, str], ...]
    places: tuple[tuple[str, str], ...]
    channels: tuple[str, ...]


def listing(text: str = "", cursor: str = "") -> Page:
    """Return one page of orders, with what was ordered and how their arrivals stand."""
    page = subjects.listing("order", "order", text, cursor)
    return Page(with_orders(page.items), page.next_cursor, page.total)


def with_orders(rows: Sequence[SubjectRow]) -> tuple[OrderRow, ...]:
    """Return rows with the order on record under each number, in two questions for all."""
    found = links.views_of([row.subject for row in rows])
    return tuple(_row(row, found.get(row.subject)) for row in rows)


def refused(cursor: str = "") -> Page:
    """Return one page of refused orders, newest first."""
    found = actions.attempts(wiring.desk(), read_number(cursor), PER_PAGE + 1)
    return cut(list(found), lambda one: [one.entry.index])


def every_refused() -> Iterator[Any]:
    """Yield every refused order, newest first."""
    before: int | None = None
    while found := actions.attempts(wiring.desk(), before, _MOST):
        yield from found
        before = found[-1].entry.index


def choices(kept: Mapping[str, str]) -> Choices:
    """Return what has a name on record to choose from, and what somebody chose all the same."""
    keys = {kind: _keys(kind) for kind in ("party", "product", "place")}
    called = names.look_up([key for each in keys.values() for key in each])
    own = wiring.desk().operator
    parties = [key for key in keys["party"] if key != own]
    return Choices(
        _offered(parties, called, kept.get("seller", "")),
        _offered(keys["product"], called, kept.get("product", "")),
        _offered(keys["place"], called, kept.get("place", "")),
        _channels(parties),
    )


def _row(row: SubjectRow, view: Any) -> OrderRow:  # noqa: ANN401 — a view, or nothing
    placed = None if view is None else view.newest(Order)
    attempts = 0 if view is None else len(view.every(OrderAttempt))
    return OrderRow(row.subject, placed, attempts, row.counts)


def _keys(kind: str) -> Sequence[str]:
    return wiring.desk().views.keys(f"urn:voltrail:{kind}:", "", _MOST)


def _offered(keys: Iterable[str], called: dict[str, str], kept: str) -> tuple[tuple[str, str], ...]:
    found = {key: f"{called[key]} ({key_of(key)})" for key in keys if key in called}
    if kept and kept not in found:
        found[kept] = kept
    return tuple(sorted(found.items(), key=lambda pair: pair[1].casefold()))


def _channels(parties: Sequence[str]) -> tuple[str, ...]:
    stated = (
        one.fact
        for view in links.views_of(parties).values()
        for one in view.standing(Qualification)
    )
    return tuple(sorted({channel for fact in stated for channel in fact.channels}))
