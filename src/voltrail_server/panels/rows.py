"""Rows of lists: an arrival's row as words, strip and links."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone

from voltrail.projections.store import ArrivalRow
from voltrail_server.panels import strip, words
from voltrail_server.panels.named import Named, Naming, key_of, unnamed
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
    product: Named
    seller: Named
    maker: Named
    place: Named
    tier: int
    quantity: str
    received: str
    age: str


@dataclass(frozen=True, slots=True)
class SubjectLine:
    """A subject as lists show it, with who made it where its identity says so."""

    named: Named
    maker: Named
    counts: tuple[tuple[str, str], ...]


def subject(row: Any, naming: Naming = unnamed) -> SubjectLine:  # noqa: ANN401 — a row of a list
    """Return a subject's row in words."""
    named = naming(row.subject)
    of_maker = row.subject.startswith("urn:voltrail:lot:")
    maker = naming(f"urn:voltrail:party:{named.key.split(':')[0]}" if of_maker else "")
    counts = tuple((word.text, row.counts.get(name, "")) for name, word in _COUNTED)
    return SubjectLine(named, maker, counts)


_COUNTED = tuple(
    (name, words.disposition(name)) for name in ("quarantine", "release", "reject", "isolate", "")
)


def arrival(row: ArrivalRow, naming: Naming = unnamed) -> ArrivalLine:
    """Return an arrival's row in words."""
    return ArrivalLine(
        key_of(row.arrival),
        words.disposition(row.disposition),
        row.sentence,
        strip.cells(row.layers),
        key_of(row.lot),
        key_of(row.order),
        naming(row.product),
        naming(row.seller),
        naming(row.maker),
        naming(row.place),
        row.tier,
        words.number(row.quantity),
        words.moment(row.received_at),
        _age(row.received_at),
    )


def _age(text: str) -> str:
    try:
        return words.age(datetime.fromisoformat(text), timezone.now())
    except (ValueError, TypeError):
        return ""
