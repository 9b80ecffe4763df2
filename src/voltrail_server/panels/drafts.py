"""
Drafts in words: a line in a list, and the whole statement as rows that a person reads and signs.

What is shown is made from the bytes that wait, never from the words of whoever began the draft.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from voltrail_server.panels import words
from voltrail_server.panels.readable import readable
from voltrail_server.panels.words import Word

_MOST_ITEMS = 12  # [items] of one list that become rows; the rest stands in the whole statement
_URN = re.compile(r"urn:voltrail:[a-z]+:\S+")
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_OPEN = Word("open", "Waits for signatures", "dot", "quiet")
_IN = Word("handed-in", "In the register", "release", "quiet")
_BACK = Word("withdrawn", "Withdrawn", "refuse", "quiet")
_LATE = Word("expired", "Expired", "unknown", "quiet")
_SIGNED = Word("signed", "Signed", "release", "quiet")
_AWAITED = Word("awaited", "Not yet", "dot", "quiet")


@dataclass(frozen=True, slots=True)
class Known:
    """What this site knows of what a statement names: entries by digest, names by identity."""

    entries: Mapping[str, tuple[int, str]]
    names: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Line:
    """A draft as a list shows it."""

    number: int
    kind: str
    purpose: str
    word: Word
    signed: str
    until: str
    began: str
    entry: int | None


@dataclass(frozen=True, slots=True)
class Row:
    """One thing that the statement says."""

    label: str
    text: str
    address: str


@dataclass(frozen=True, slots=True)
class Asked:
    """A person asked to sign, and whether they have."""

    person: str
    name: str
    word: Word
    at: str
    key: str
    via: str


@dataclass(frozen=True, slots=True)
class Story:
    """A draft as its page tells it."""

    line: Line
    rows: tuple[Row, ...]
    asked: tuple[Asked, ...]
    more: str
    fingerprint: str
    whole: Any
    differences: tuple[Any, ...] | None
    refusal: str
    is_open: bool
    is_complete: bool


def line(draft: Any, at: datetime) -> Line:  # noqa: ANN401 — a draft
    """Return a draft in one line."""
    signed = sum(1 for one in draft.signatures.all() if one.key)
    return Line(
        draft.pk,
        words.begun(words.kind_of(draft.kind)),
        draft.purpose,
        _word(draft, at),
        _("%(signed)s of %(needed)s signed") % {"signed": signed, "needed": draft.needed},
        words.stamp(draft.expires_at),
        str(draft.created_by or _("an account that is gone")),
        draft.entry,
    )


def story(found: Any, at: datetime) -> Story:  # noqa: ANN401 — from `reading.drafts`
    """Return a draft as its page tells it."""
    draft, said = found.draft, found.statement
    asked = tuple(_asked(one, found.names) for one in draft.signatures.all())
    lacking = draft.needed - len(asked)
    return Story(
        line(draft, at),
        tuple(_rows(said, Known(found.entries, found.names))),
        asked,
        _lacking(lacking, draft.role),
        found.fingerprint,
        readable(said.predicate),
        found.differences,
        draft.refusal,
        draft.is_open(at),
        sum(1 for one in asked if one.word is _SIGNED) >= draft.needed,
    )


def _lacking(count: int, role: str) -> str:
    if count < 1:
        return ""
    told = {"count": count, "role": words.said(role)}
    return _("and %(count)s more of the role %(role)s") % told


def _word(draft: Any, at: datetime) -> Word:  # noqa: ANN401 — a draft
    if draft.state == "open":
        return _OPEN if draft.is_open(at) else _LATE
    return _IN if draft.state == "handed-in" else _BACK


def _asked(one: Any, names: Mapping[str, str]) -> Asked:  # noqa: ANN401 — a draft's signature
    return Asked(
        one.person,
        names.get(one.person, one.person.rpartition(":")[2]),
        _SIGNED if one.key else _AWAITED,
        words.stamp(one.signed_at),
        one.key,
        words.said(one.via),
    )


def _rows(said: Any, known: Known) -> Iterator[Row]:  # noqa: ANN401 — a statement
    """Yield what a statement says: kind, speaker, subjects, then every field in its order."""
    yield Row(_("Kind"), words.begun(words.kind_of(said.predicate_type)), "")
    for subject in said.subjects:
        yield _row(_("About"), str(subject), known)
    header = dict(said.predicate.get("header", {}))
    yield _row(_("Stated by"), str(header.pop("issuer", "")), known)
    yield _row(_("Time claimed"), words.moment(header.pop("claimedTime", "")), known)
    yield from _flat("", header, known)
    rest = {name: value for name, value in said.predicate.items() if name != "header"}
    yield from _flat("", rest, known)


def _flat(
    label: str,
    value: Any,  # noqa: ANN401 — any JSON value
    known: Known,
) -> Iterator[Row]:
    if isinstance(value, dict):
        for name, inner in value.items():
            deeper = _label(name)
            yield from _flat(f"{label}: {deeper.lower()}" if label else deeper, inner, known)
    elif isinstance(value, list):
        yield from _list(label, value, known)
    else:
        text = (_("yes") if value else _("no")) if isinstance(value, bool) else str(value)
        yield _row(label, str(text), known)


def _list(
    label: str,
    items: list[Any],
    known: Known,
) -> Iterator[Row]:
    if any(isinstance(one, dict) for one in items):
        yield Row(
            label,
            _("%(count)s items, all in the whole statement below") % {"count": len(items)},
            "",
        )
        items = items if len(items) <= _MOST_ITEMS else []
        for place, inner in enumerate(items, start=1):
            yield from _flat(f"{label} {place}", inner, known)
        return
    for inner in items[:_MOST_ITEMS]:
        yield _row(label, str(inner), known)
    if len(items) > _MOST_ITEMS:
        more = {"count": len(items) - _MOST_ITEMS}
        yield Row(label, _("and %(count)s more, in the statement below") % more, "")


def _row(label: str, text: str, known: Known) -> Row:
    if text in known.entries:
        index, sentence = known.entries[text]
        return Row(
            label,
            _("Entry #%(index)s: %(sentence)s") % {"index": index, "sentence": sentence},
            f"/register/{index}/",
        )
    if _URN.fullmatch(text):
        name = known.names.get(text, "")
        return Row(label, f"{name}, {text}" if name else text, f"/find/?q={text}")
    return Row(label, words.moment(text) if text.endswith("Z") else text, "")


def _label(name: str) -> str:
    return words.said(_HUMP.sub(" ", name).capitalize())
