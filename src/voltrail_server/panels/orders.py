"""Orders in words: a line of the list, a refused attempt, and the answer to “may I order this?”."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from voltrail_server.panels import words
from voltrail_server.panels.named import Named, Naming, unnamed
from voltrail_server.panels.words import Word

_COUNTED = ("quarantine", "release", "reject", "isolate", "")


@dataclass(frozen=True, slots=True)
class Need:
    """One requirement of an order, met or not, and who can do what about it."""

    word: Word
    control: str
    sentence: str
    remedy: str
    role: str
    entries: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """Whether it may be ordered, and why."""

    word: Word
    sentence: str
    unmet: tuple[Need, ...]
    met: tuple[Need, ...]
    policy: str
    tier: str
    attempt: int | None = None
    waived: tuple[Need, ...] = ()


@dataclass(frozen=True, slots=True)
class OrderLine:
    """An order, or a refused attempt to place one, as lists show it."""

    word: Word
    order: Named
    product: Named
    seller: Named
    place: Named
    quantity: str
    channel: str
    at: str
    entry: int | None
    note: str
    counts: tuple[str, ...] = ()


def answer(found: Any) -> Answer:  # noqa: ANN401 — an order's answer
    """Return an answer in words."""
    return Answer(
        words.order(found.allowed),
        words.said(found.sentence),
        needs(found.unmet, words.requirement(met=False)),
        needs(found.met, words.requirement(met=True)),
        found.policy,
        str(found.tier),
        waived=needs(found.waived, words.WAIVED),
    )


def refusal(error: Any) -> Answer:  # noqa: ANN401 — an error of ours that refused an order
    """Return what refused an order, with the entry under which the attempt stands."""
    unmet = needs(getattr(error, "unmet", ()), words.requirement(met=False))
    attempt = getattr(error, "attempt", None)
    return Answer(words.order(allowed=False), words.said(error), unmet, (), "", "", attempt)


def needs(found: Iterable[Any], word: Word) -> tuple[Need, ...]:
    """Return requirements in words."""
    return tuple(
        Need(
            word,
            one.control or "",
            words.said(one.sentence),
            words.said(one.remedy or ""),
            words.said(one.role or ""),
            one.entries,
        )
        for one in found
    )


def lines(rows: Iterable[Any], naming: Naming = unnamed) -> list[OrderLine]:
    """Return the rows of the list of orders in words."""
    return [_line(row, naming) for row in rows]


def attempts(found: Iterable[Any], naming: Naming = unnamed) -> list[OrderLine]:
    """Return refused orders in words."""
    return [_attempt(one, naming) for one in found]


def _line(row: Any, naming: Naming) -> OrderLine:  # noqa: ANN401 — a row of the list
    counts = tuple(row.counts.get(name, "") for name in _COUNTED)
    if row.order is None:
        nobody, note = unnamed(""), _times(row.refused)
        word, order = words.ORDERED[False], naming(row.subject)
        return OrderLine(word, order, nobody, nobody, nobody, "", "", "", None, note, counts)
    fact, note = row.order.fact, _times(row.refused) if row.refused else ""
    return OrderLine(
        words.ORDERED[True],
        naming(row.subject),
        naming(fact.product),
        naming(fact.seller),
        naming(fact.place),
        words.number(fact.quantity),
        fact.channel,
        words.stamp(fact.ordered_at),
        row.order.entry.index,
        note,
        counts,
    )


def _attempt(one: Any, naming: Naming) -> OrderLine:  # noqa: ANN401 — a recorded attempt
    fact, unmet = one.fact.wanted, one.fact.unmet
    more = _(" (%(count)s more)") % {"count": len(unmet) - 1} if unmet[1:] else ""
    return OrderLine(
        words.ORDERED[False],
        naming(one.fact.order),
        naming(fact.product),
        naming(fact.seller),
        naming(fact.place),
        words.number(fact.quantity),
        fact.channel,
        words.stamp(one.entry.log_time),
        one.entry.index,
        unmet[0].sentence + more if unmet else "",
    )


def _times(count: int) -> str:
    text = ngettext("Refused once.", "Refused %(count)s times.", count)
    return text % {"count": count}
