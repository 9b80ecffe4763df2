"""
An arrival over time: what happened when, on one line, with long silences cut and shown as gaps.

Places events in order, evenly where they are near each other. Does not judge a gap; it shows one.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_  # noqa: N812 — gettext's own mark

from voltrail.statements import kinds
from voltrail_server.panels import words

GAP = timedelta(days=14)  # our choice: a silence that a reader has to notice
STEP, WIDE = 112, 168  # [px] between two events; across a gap
LEFT, ROW = 56, 64  # [px]
_KINDS = {
    "order": N_("Order"),
    "lot": N_("Lot record"),
    "custody": N_("Hand-over"),
    "arrival": N_("Arrival"),
    "inspection": N_("Check"),
    "firmware-reading": N_("Firmware read"),
    "acceptance": N_("Acceptance"),
    "hold": N_("Hold"),
    "hold-lift": N_("Hold lifted"),
    "decision": N_("Decision"),
    "waiver": N_("Exception"),
}


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened: how often at that time, and its entries."""

    x: int
    label: str
    day: str
    times: int
    hue: str
    entries: tuple[int, ...]
    at: str
    gap: str = ""
    gap_x: int = 0


@dataclass(frozen=True, slots=True)
class Timeline:
    """All events and the width they take."""

    events: tuple[Event, ...]
    width: int


def timeline(story: Any) -> Timeline:  # noqa: ANN401 — from `actions.show`
    """Return an arrival's story over time: what is about it, and every decision."""
    about = (story.row.arrival, story.row.order, story.row.lot)
    facts = [*story.facts, *story.history, *([story.decision] if story.decision else [])]
    found = {one.entry.index: one for one in facts if _belongs(one, about)}
    return _placed(_together(sorted(found.values(), key=_when)))


def _belongs(one: Any, about: tuple[str, ...]) -> bool:  # noqa: ANN401 — a recorded fact
    named = {
        *map(str, one.subjects),
        *(str(getattr(one.fact, kind, "")) for kind in ("order", "lot")),
    }
    return _kind(one) in _KINDS and bool(named & set(about))


def _kind(one: Any) -> str:  # noqa: ANN401 — a recorded fact
    return kinds.short(one.predicate_type)


def _when(one: Any) -> datetime:  # noqa: ANN401 — a recorded fact
    """Return when it happened, as its issuer says; a decision, when it was recorded."""
    found = one.entry.log_time if _kind(one) == "decision" else one.header.claimed_time
    return found if isinstance(found, datetime) else one.entry.log_time


def _together(found: Iterable[Any]) -> list[list[Any]]:
    """Put what follows each other as the same kind on the same day into one event."""
    groups: list[list[Any]] = []
    for one in found:
        last = groups[-1][-1] if groups else None
        same = last is not None and _kind(last) == _kind(one)
        if same and _when(last).date() == _when(one).date() and _hue(last) == _hue(one):
            groups[-1].append(one)
        else:
            groups.append([one])
    return groups


def _hue(one: Any) -> str:  # noqa: ANN401 — a recorded fact
    if _kind(one) == "decision":
        return words.disposition(one.fact.disposition).hue
    return "hold" if _kind(one) == "hold" else "quiet"


def _placed(groups: list[list[Any]]) -> Timeline:
    events, x, before = list[Event](), LEFT, None
    for group in groups:
        at, gap = _when(group[0]), ""
        if before is not None:
            silence = at - before
            gap = _("%(days)s days") % {"days": silence.days} if silence > GAP else ""
            x += WIDE if gap else STEP
        events.append(_event(group, x, at, gap))
        before = _when(group[-1])
    return Timeline(tuple(events), x + LEFT)


def _event(group: list[Any], x: int, at: datetime, gap: str) -> Event:
    first = group[0]
    label = _(_KINDS[_kind(first)])
    if _kind(first) == "decision":
        label = words.disposition(first.fact.disposition).text
    return Event(
        x,
        label,
        at.strftime("%Y-%m-%d"),
        len(group),
        _hue(first),
        tuple(one.entry.index for one in group),
        words.stamp(at),
        gap,
        x - WIDE // 2,
    )
