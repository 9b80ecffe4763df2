"""Moves and whereabouts in words: each state with its sign, each reason with what to do."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_noop as N_  # noqa: N812 — gettext's own mark

from voltrail_server.panels import words
from voltrail_server.panels.named import Named, Naming
from voltrail_server.panels.words import Word

STATES = {
    "received": Word("received", "Received", "dot", "quiet"),
    "staged": Word("staged", "Staged", "dot", "quiet"),
    "stored": Word("stored", "In store", "dot", "quiet"),
    "taken-out": Word("taken-out", "Out of store", "dot", "quiet"),
    "installed": Word("installed", "In service", "dot", "quiet"),
    "in-maintenance": Word("in-maintenance", "In maintenance", "dot", "quiet"),
    "left": Word("left", "Left", "isolate", "quiet"),
    "unseen": Word("unseen", "Nobody saw it", "unknown", "unknown"),
}
VERBS = {
    "receive": (N_("Receive"), N_("It came in and is here.")),
    "stage": (N_("Stage"), N_("It waits here for the next step.")),
    "store": (N_("Store"), N_("It goes into the store here.")),
    "take-out": (N_("Take out"), N_("It comes out of the store here.")),
    "install": (N_("Install"), N_("Two persons put it into service here.")),
    "maintain": (N_("Maintain"), N_("It is taken into maintenance here.")),
}
_DONE = {
    "receive": N_("Received"),
    "stage": N_("Staged"),
    "store": N_("Stored"),
    "take-out": N_("Taken out"),
    "install": N_("Installed"),
    "maintain": N_("In maintenance"),
}
STANDS = Word("may-enter", "May enter", "release", "release")
LATER = Word("may-enter-later", "Begins later", "unknown", "unknown")
OVER = Word("may-not-enter", "Ended", "dot", "quiet")
MOST_LINES = 50  # [units] of a place that its page lists
MOST_REASONS = 20  # [reasons] a page tells one by one


@dataclass(frozen=True, slots=True)
class WhereLine:
    """Where one thing is: its state, place, holder, since when, and the entry."""

    one: Named
    word: Word
    place: Named
    holder: Named
    since: str
    age: str
    entry: int | None
    container: str


@dataclass(frozen=True, slots=True)
class CountLine:
    """So many items in one state at one place, and the filter that shows them."""

    items: str
    word: Word
    state: str
    place: Named
    holder: Named


@dataclass(frozen=True, slots=True)
class ReasonLine:
    """What stands against a move; `entry` can be named as wrong where it says another place."""

    sentence: str
    hint: str
    entry: int | None
    can_correct: bool
    can_report: bool


@dataclass(frozen=True, slots=True)
class PermitLine:
    """Who may enter, from when until when, by whose word."""

    number: str
    word: Word
    people: tuple[Named, ...]
    parties: tuple[Named, ...]
    begins: str
    ends: str
    by: Named
    reason: str
    entry: int
    can_end: bool


@dataclass(frozen=True, slots=True)
class HereBoard:
    """What is at a place, and who may enter it; `controlled` where anybody was ever allowed."""

    counts: list[CountLine]
    lines: list[WhereLine]
    total: str
    more: str
    is_cut: bool
    controlled: bool
    permits: list[PermitLine]


def where(unit: str, one: Any, now: datetime, naming: Naming) -> WhereLine:  # noqa: ANN401 — whereabouts
    """Return where a unit is, in words; nothing known is an answer."""
    if one is None:
        none = naming("")
        return WhereLine(naming(unit), STATES["unseen"], none, none, "", "", None, "")
    return WhereLine(
        naming(unit),
        STATES[one.state],
        naming(str(one.place or "")),
        naming(str(one.holder or "")),
        words.stamp(one.since),
        words.age(one.since, now),
        one.entry,
        one.container or "",
    )


def counted(found: Iterable[Any], naming: Naming) -> list[CountLine]:
    """Return counts by place and state, in words."""
    return [
        CountLine(
            words.number(one.items),
            STATES[one.state or "unseen"],
            str(one.state or "unseen"),
            naming(str(one.place or "")),
            naming(str(one.holder or "")),
        )
        for one in found
    ]


def reasons(found: Iterable[Any]) -> list[ReasonLine]:
    """Return what stands against a move, in words."""
    return [
        ReasonLine(
            words.said(one.sentence),
            words.said(one.hint),
            one.entry,
            one.name == "elsewhere",
            one.name == "not-permitted",
        )
        for one in list(found)[:MOST_REASONS]
    ]


def here(there: Any, permits: Iterable[Any], now: datetime, naming: Naming) -> HereBoard:  # noqa: ANN401 — kernel values
    """Return what is at a place now and who may enter it, in words."""
    every = list(permits)
    lines = [where(str(unit), one, now, naming) for unit, one in there.units.items()]
    loose = sum(count.items for _, count in there.loose)
    return HereBoard(
        counted(there.counts, naming),
        lines[:MOST_LINES],
        words.number(len(lines) + loose),
        words.number(len(lines) - MOST_LINES) if len(lines) > MOST_LINES else "",
        there.is_cut,
        bool(every),
        [one for one in permitted(every, now, naming) if one.word is not OVER],
    )


def permitted(found: Iterable[Any], now: datetime, naming: Naming) -> list[PermitLine]:
    """Return the permissions of a place, in words."""
    return [_permit(one, now, naming) for one in found]


def _permit(one: Any, now: datetime, naming: Naming) -> PermitLine:  # noqa: ANN401 — a permission
    fact, ended = one.allowed.fact, one.ended
    ends = [fact.valid_until] if fact.valid_until else []
    ends += [ended.fact.valid_from] if ended else []
    is_over = any(end <= now for end in ends)
    word = OVER if is_over else STANDS if one.stands_at(now) else LATER
    return PermitLine(
        fact.number,
        word,
        tuple(naming(str(each)) for each in fact.people),
        tuple(naming(str(each)) for each in fact.parties),
        words.stamp(fact.valid_from),
        words.stamp(min(ends)) if ends else "",
        naming(str(fact.allowed_by)),
        fact.reason or "",
        one.allowed.entry.index,
        not is_over and ended is None,
    )


def done(verb: str) -> str:
    """Return what was done, as a word at the head of its page."""
    return words.said(_DONE[verb])


def choices() -> list[tuple[str, str, str]]:
    """Return the verbs to choose from: name, word, and what each says."""
    return [(name, words.said(word), words.said(text)) for name, (word, text) in VERBS.items()]
