"""Sections of a start page in words: short lists of what matters to one function."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_  # noqa: N812 — gettext's own mark

from voltrail_server.panels import strip, words
from voltrail_server.panels.named import Named, Naming, address, key_of
from voltrail_server.panels.strip import Cell
from voltrail_server.panels.words import Word

SOON = Word("ends-soon", N_("Ends soon"), "hold", "hold")
ENDED = Word("ended", N_("Ended"), "refuse", "refuse")
WELL = Word("well", N_("Well"), "release", "release")
NOT_WELL = Word("not-well", N_("Not well"), "refuse", "refuse")
HELD = Word("held", N_("Held"), "hold", "hold")
WAITS = Word("waits", N_("Waits"), "hold", "hold")
_PARTS = {
    "database": N_("Database"),
    "schema": N_("Tables"),
    "register": N_("Register"),
    "checkpoint": N_("Public checkpoint"),
    "clock": N_("Clock"),
    "worker": N_("Worker of long work"),
    "disk": N_("Room on the disk"),
    "processes": N_("Processes"),
    "keys": N_("The server's own keys"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One thing of a section: where it leads, its words, and at most one thing to do at once."""

    text: str
    address: str = ""
    meta: str = ""
    word: Word | None = None
    about: Named | None = None
    cells: tuple[Cell, ...] = ()
    act: str = ""
    act_address: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """A short list under a title; an empty one says what will stand there."""

    name: str
    title: str
    lines: tuple[Line, ...]
    empty: str
    more: str = ""
    more_address: str = ""


def arrivals(
    rows: Iterable[Any], naming: Naming, act: tuple[str, str] = ("", "")
) -> tuple[Line, ...]:
    """Return arrivals as lines; an act's address may hold the identity or the key."""
    text, where = act
    return tuple(
        Line(
            text=key_of(row.arrival),
            address=address(row.arrival),
            meta=row.sentence,
            word=words.disposition(row.disposition),
            about=naming(row.place),
            cells=strip.cells(row.layers),
            act=text,
            act_address=where.format(arrival=row.arrival, key=key_of(row.arrival)),
        )
        for row in rows
    )


def qualification(one: Any, at: datetime, naming: Naming) -> Line:  # noqa: ANN401 — a recorded fact
    """Return a qualification that ends soon, or has ended."""
    fact = one.fact
    scope = ", ".join((*fact.families, *fact.channels))
    told = {"until": words.stamp(fact.valid_until), "scope": scope, "tier": fact.tier}
    over = fact.valid_until <= at
    meta = _("until %(until)s, for %(scope)s, tier %(tier)s") % told
    return Line("", meta=meta, word=ENDED if over else SOON, about=naming(str(fact.supplier)))


def refused(one: Any, naming: Naming) -> Line:  # noqa: ANN401 — a recorded attempt
    """Return an order that was refused, with the first reason."""
    wanted, unmet = one.fact.wanted, one.fact.unmet
    meta = unmet[0].sentence if unmet else ""
    return Line(
        key_of(str(one.fact.order)),
        f"/register/{one.entry.index}/",
        f"{words.stamp(one.entry.log_time)} · {meta}",
        words.ORDERED[False],
        naming(str(wanted.seller)),
    )


def layers(rows: Sequence[Any]) -> tuple[Line, ...]:
    """Return how many held arrivals each layer holds back, most first."""
    counts = {
        layer: sum(
            _holds_back(cell)
            for row in rows
            for cell in strip.cells(row.layers)
            if cell.layer == layer
        )
        for layer in strip.LAYERS
    }
    found = sorted(((n, layer) for layer, n in counts.items() if n), key=lambda pair: -pair[0])
    return tuple(
        Line(_("%(layer)s: %(count)s held") % {"layer": words.begun(words.said(layer)), "count": n})
        for n, layer in found
    )


def lacking(rows: Iterable[Any], layer: str) -> list[Any]:
    """Return the rows whose layer cannot be told or is contradicted."""
    return [
        row
        for row in rows
        if any(cell.layer == layer and _holds_back(cell) for cell in strip.cells(row.layers))
    ]


def _holds_back(cell: Cell) -> bool:
    return cell.word.name in ("cannot-tell", "contradicted")


def hold(one: Any, naming: Naming) -> Line:  # noqa: ANN401 — a hold with its lifts
    """Return a hold that stands."""
    fact, number = one.hold.fact, one.hold.entry.index
    told = {"since": words.stamp(one.hold.entry.log_time), "count": len(one.lifted_by)}
    meta = _("since %(since)s; %(count)s of 2 persons lifted it") % told
    return Line(fact.cause, f"/holds/{number}/", meta, HELD, naming(str(fact.owner)))


def part(name: str, found: dict[str, Any]) -> Line:
    """Return how one part of the server is."""
    said = _(str(found.get("advice") or found.get("word", "")))
    return Line(_(_PARTS.get(name, name)), meta=said, word=WELL if found["ok"] else NOT_WELL)
