"""Rows of lists: an arrival's row as words, strip and links."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from voltrail.projections.store import ArrivalRow
from voltrail_server.panels import strip, words
from voltrail_server.panels.strip import Cell
from voltrail_server.panels.words import Word


@dataclass(frozen=True, slots=True)
class ArrivalLine:
    """An arrival as lists show it."""

    key: str
    word: Word
    sentence: str
    cells: tuple[Cell, ...]
    lot: str
    order: str
    product: str
    seller: str
    maker: str
    place: str
    tier: int
    quantity: str
    received: str
    age: str


def arrival(row: ArrivalRow) -> ArrivalLine:
    """Return an arrival's row in words."""
    return ArrivalLine(
        _key(row.arrival),
        words.disposition(row.disposition),
        row.sentence,
        strip.cells(row.layers),
        _key(row.lot),
        _key(row.order),
        _key(row.product),
        _key(row.seller),
        _key(row.maker),
        _key(row.place),
        row.tier,
        words.number(row.quantity),
        words.moment(row.received_at),
        _age(row.received_at),
    )


def _key(subject: str) -> str:
    return subject.split(":", 3)[3] if subject.count(":") > 2 else subject  # noqa: PLR2004 — the URN's parts


def _age(text: str) -> str:
    try:
        return words.age(datetime.fromisoformat(text), timezone.now())
    except (ValueError, TypeError):
        return ""
