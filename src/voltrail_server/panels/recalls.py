"""Recalls in words: each asset that is reached, how surely and where, and how a recall stands."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_  # noqa: N812 — gettext's own mark
from django.utils.translation import ngettext

from voltrail_server.panels import words
from voltrail_server.panels.named import Named, Naming, key_of
from voltrail_server.panels.trace import CERTAINTIES, GapLine
from voltrail_server.panels.words import Word

MOST = 500  # [rows] on a page; the sheet has all
RELATIONS = {
    "lot": N_("the same lot"),
    "parts": N_("the same parts, at any depth"),
    "factory": N_("the same factory in the same days"),
    "hands": N_("the same hands on the way"),
    "firmware": N_("the same firmware"),
    "shipment": N_("the same shipment"),
    "document": N_("the same document"),
}
ACTIONS = {
    "quarantine": N_("keep apart"),
    "stop-use": N_("stop use"),
    "inspect": N_("inspect"),
    "update-firmware": N_("update the firmware"),
    "return": N_("send back"),
    "replace": N_("replace"),
    "destroy": N_("destroy"),
}
ANSWERS = {
    "found": Word("found", "Found", "release", "release"),
    "not-found": Word("not-found", "Not found", "refuse", "refuse"),
    "not-here": Word("not-here", "Not here", "dot", "quiet"),
    "not-answered": Word("not-answered", "Not answered", "unknown", "unknown"),
}
REAL = Word("recall", "Recall", "hold", "hold")
MOCK = Word("rehearsal", "Rehearsal", "dot", "quiet")
_MINUTE, _HOUR, _DAY = 60, 3_600, 86_400  # [s]


@dataclass(frozen=True, slots=True)
class AssetLine:
    """An asset as the table shows it."""

    one: Named
    word: Word
    items: str
    why: str
    places: tuple[tuple[Named, str, int], ...]


@dataclass(frozen=True, slots=True)
class LeadLine:
    """What led from the suspect to the assets."""

    one: Named
    word: Word
    why: str
    entries: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ScopeBoard:
    """A scope in words."""

    leads: tuple[LeadLine, ...]
    assets: tuple[AssetLine, ...]
    gaps: tuple[GapLine, ...]
    count: str
    cut: int
    sentence: str


@dataclass(frozen=True, slots=True)
class RecallLine:
    """A recall as the list shows it; `again` is the address that traces its suspect anew."""

    number: int
    word: Word
    case: str
    reason: str
    about: str
    asked: str
    again: str
    at: str
    progress: str


@dataclass(frozen=True, slots=True)
class PlaceLine:
    """A place of a recall, and how much of it is answered."""

    one: Named | None
    place: str
    things: str
    found: str
    missing: str
    elsewhere: str
    open: str
    done: bool


def board(found: Any, naming: Naming) -> ScopeBoard:  # noqa: ANN401 — a scope
    """Return a scope in words, the assets that are sure first."""
    order = sorted(found.related, key=lambda one: (one.certainty != "definite", one.asset))
    places = {stay.place for one in found.related for stay in one.stays}
    sure = sum(one.certainty == "definite" for one in found.related)
    sentence = _("%(sure)s definite and %(maybe)s possible, at %(places)s.") % {
        "sure": words.number(sure),
        "maybe": words.number(len(order) - sure),
        "places": ngettext("%(count)s place", "%(count)s places", len(places))
        % {"count": words.number(len(places))},
    }
    return ScopeBoard(
        tuple(_lead(one, naming) for one in found.leads[:MOST]),
        tuple(_asset(one, naming) for one in order[:MOST]),
        tuple(
            GapLine(words.said(one.sentence), naming(str(one.ask))) for one in found.unknown[:MOST]
        ),
        words.number(len(order)),
        max(0, len(order) - MOST),
        sentence,
    )


def line(found: Any) -> RecallLine:  # noqa: ANN401 — a report
    """Return a recall as the list shows it."""
    recall, total = found.recall, len(found.lines)
    done = total - sum(one.open for one in found.places)
    told = {"done": words.number(done), "total": words.number(total)}
    return RecallLine(
        found.index,
        MOCK if recall.mock else REAL,
        recall.case.key if recall.number == "1" else f"{recall.case.key} ({recall.number})",
        recall.reason,
        recall.suspect or "",
        _asked(recall),
        _again(recall),
        words.stamp(recall.issued_at),
        _("%(done)s of %(total)s answered") % told,
    )


def places(found: Any, naming: Naming) -> list[PlaceLine]:  # noqa: ANN401 — a report
    """Return the places of a recall, with counts."""
    return [
        PlaceLine(
            naming(one.place) if one.place else None,
            one.place,
            words.number(one.things),
            words.number(one.found),
            words.number(one.missing),
            words.number(one.elsewhere),
            words.number(one.open),
            one.open == 0,
        )
        for one in found.places
    ]


def things(lines: Iterable[Any], naming: Naming) -> list[dict[str, Any]]:
    """Return things of a recall with what was answered of each."""
    return [
        {
            "one": naming(str(one.thing)),
            "urn": str(one.thing),
            "certainty": CERTAINTIES[one.certainty],
            "word": ANSWERS[one.word],
            "at": words.stamp(one.answered_at) if one.answered_at else "",
            "entry": one.answered,
            "place": naming(one.place) if one.place else None,
        }
        for one in lines
    ]


def clocks(found: Any, told: datetime | None) -> list[tuple[str, str]]:  # noqa: ANN401 — a report
    """Return how long each step took, or what is not known of it."""
    issued = found.recall.issued_at
    began = found.recall.started_at or issued
    told_s = None if told is None else (told - issued).total_seconds()
    return [
        (_("Started"), words.stamp(began)),
        (_("Scope known and recorded after"), _lasted(found.scope_s) or _("not timed")),
        (_("Owners told after"), _lasted(told_s) or _("nobody was told yet")),
        (_("All answered after"), _lasted(found.answered_s) or _("not all answered yet")),
    ]


def relations(chosen: str) -> list[tuple[str, str, bool]]:
    """Return the relations to choose from."""
    return [(name, _(said), name == chosen) for name, said in RELATIONS.items()]


def actions() -> list[tuple[str, str]]:
    """Return what whoever has the goods can be asked to do."""
    return [(name, _(said)) for name, said in ACTIONS.items()]


def words_of(kinds: Mapping[str, Word] = ANSWERS) -> list[tuple[str, str]]:
    """Return the answers to choose from."""
    return [(name, word.text) for name, word in kinds.items() if name != "not-answered"]


def _asked(recall: Any) -> str:  # noqa: ANN401 — a recall
    """Return from what a recall was traced, by which relation, in which days."""
    if not recall.suspect:
        return ""
    said = {
        "about": key_of(recall.suspect),
        "relation": _(RELATIONS.get(recall.relation, recall.relation or "")),
    }
    days = {"since": recall.since, "until": recall.until}
    told = _("Traced from %(about)s by %(relation)s") % said
    if recall.since and recall.until:
        told += _(", from %(since)s until %(until)s") % days
    elif recall.since:
        told += _(", from %(since)s on") % days
    elif recall.until:
        told += _(", until %(until)s") % days
    return f"{told}."


def _again(recall: Any) -> str:  # noqa: ANN401 — a recall
    given = {
        "about": recall.suspect,
        "relation": recall.relation,
        "since": recall.since,
        "until": recall.until,
        "case": recall.case.key,
    }
    kept = {name: value for name, value in given.items() if value}
    return f"/recalls/new/?{urlencode(kept)}" if recall.suspect else ""


def _asset(one: Any, naming: Naming) -> AssetLine:  # noqa: ANN401 — a related asset
    items = _("%(definite)s sure, %(possible)s possible") % {
        "definite": words.number(one.definite),
        "possible": words.number(one.possible),
    }
    counted = one.definite or one.possible
    return AssetLine(
        naming(str(one.asset)),
        CERTAINTIES[one.certainty],
        items if counted else _("not counted"),
        words.said(one.why),
        tuple((naming(stay.place), stay.since[:10], stay.entry) for stay in one.stays),
    )


def _lead(one: Any, naming: Naming) -> LeadLine:  # noqa: ANN401 — a lead
    word = CERTAINTIES[one.certainty]
    return LeadLine(naming(str(one.thing)), word, words.said(one.why), one.entries)


def _lasted(seconds: float | None) -> str:
    """Return a length of time with its unit."""
    if seconds is None:
        return ""
    if seconds < _MINUTE:
        return f"{seconds:.1f} s"
    if seconds < _HOUR:
        return f"{seconds / _MINUTE:.0f} min"
    return f"{seconds / _HOUR:.1f} h" if seconds < _DAY else f"{seconds / _DAY:.1f} d"
