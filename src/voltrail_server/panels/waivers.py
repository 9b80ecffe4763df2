"""Exceptions in words: what does not bind, for what, until when, and what was known when asked."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from voltrail.catalogue import load
from voltrail_server.panels import chips, words
from voltrail_server.panels.named import Named, Naming, unnamed
from voltrail_server.panels.words import Word

SHOWN = 200  # [arrivals] of a snapshot, as many as a person can look through

STATES = {
    "in-force": Word("in-force", "In force", "hold", "hold"),
    "not-begun": Word("not-begun", "Begins later", "dot", "quiet"),
    "ended": Word("ended", "Ended", "dot", "quiet"),
    "withdrawn": Word("withdrawn", "Ended early", "refuse", "quiet"),
}


@dataclass(frozen=True, slots=True)
class StepLine:
    """One step of a plan."""

    number: int
    what: str
    owner: Named
    due: str
    word: Word


@dataclass(frozen=True, slots=True)
class WaiverLine:
    """An exception as lists and its page show it."""

    index: int
    number: str
    word: Word
    control: str
    title: str
    reason: str
    instead: str
    begins: str
    ends: str
    left: str
    scope: tuple[Named, ...]
    asked_by: Named
    approved_by: tuple[Named, ...]
    steps: tuple[StepLine, ...]
    snapshot: str
    chip: Any
    stands: bool


@dataclass(frozen=True, slots=True)
class AffectedLine:
    """One arrival of a snapshot: what is found, and its word without and with the exception."""

    key: str
    tier: int
    quantity: str
    found: Word
    sentence: str
    without: Word
    granted: Word


@dataclass(frozen=True, slots=True)
class SnapshotStory:
    """The frozen risk in words."""

    control: str
    title: str
    made_at: str
    register_size: str
    policy: str
    scope: tuple[str, ...]
    affected: tuple[AffectedLine, ...]
    shown: str
    more: str


def lines(found: Iterable[Any], at: datetime, naming: Naming = unnamed) -> list[WaiverLine]:
    """Return exceptions in words."""
    return [line(one, at, naming) for one in found]


def line(one: Any, at: datetime, naming: Naming = unnamed) -> WaiverLine:  # noqa: ANN401 — standing
    """Return an exception in words."""
    fact, stands = one.waiver.fact, one.state in ("in-force", "not-begun")
    return WaiverLine(
        one.waiver.entry.index,
        fact.number,
        STATES[one.state],
        fact.control,
        title_of(fact.control),
        fact.reason,
        fact.compensating_control,
        words.stamp(fact.valid_from),
        words.stamp(fact.valid_until),
        _left(fact.valid_until, at) if stands else "",
        tuple(naming(str(each)) for each in one.waiver.subjects),
        naming(str(fact.requested_by)),
        tuple(naming(str(each)) for each in fact.approved_by),
        tuple(_step(each, at, naming) for each in one.steps),
        fact.snapshot,
        chips.chip(one.waiver, naming),
        stands,
    )


def snapshot(found: Any) -> SnapshotStory:  # noqa: ANN401 — a snapshot
    """Return a snapshot in words."""
    return SnapshotStory(
        found.control,
        found.title,
        words.stamp(found.made_at),
        words.number(found.register_size),
        found.policy,
        tuple(found.scope),
        tuple(_affected(one) for one in found.affected[:SHOWN]),
        words.number(len(found.affected[:SHOWN])),
        words.number(more) if (more := len(found.affected[SHOWN:]) + found.more) else "",
    )


def title_of(control: str) -> str:
    """Return the title of a control, or nothing where the catalogue has none."""
    try:
        return words.said(load.entry(control).title)
    except KeyError:
        return ""


def _step(found: Any, at: datetime, naming: Naming) -> StepLine:  # noqa: ANN401 — number, step, done
    number, step, done = found
    if done:
        word = Word("done", "Done", "release", "release")
    elif step.due < at:
        word = Word("overdue", "Overdue", "refuse", "refuse")
    else:
        word = Word("open", "Open", "dot", "quiet")
    return StepLine(number, step.what, naming(str(step.owner)), words.stamp(step.due), word)


def _left(ends: datetime, at: datetime) -> str:
    days = (ends - at).days
    if days < 1:
        return _("ends within a day")
    return ngettext("%(days)s day left", "%(days)s days left", days) % {"days": days}


def _affected(one: Any) -> AffectedLine:  # noqa: ANN401 — an arrival of a snapshot
    return AffectedLine(
        one.arrival.key,
        one.tier,
        words.number(one.quantity),
        words.outcome(one.outcome),
        one.sentence,
        words.disposition(one.without),
        words.disposition(one.granted),
    )
