"""Imports in words: kinds, past ones, what each row would become. Knows no table."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_  # noqa: N812 — gettext's own mark

from voltrail_server.panels import sheet, words
from voltrail_server.panels.words import Word

SHOWN = 20  # [rows] of a preview
LISTED = 50  # [rows] that are wrong, in a preview
STATES = {
    "reading": Word("reading", "Being read", "dot", "quiet"),
    "failed": Word("failed", "Could not be read", "refuse", "refuse"),
    "uploaded": Word("uploaded", "Columns to be confirmed", "dot", "quiet"),
    "ready": Word("ready", "Waits for your yes", "dot", "quiet"),
    "running": Word("running", "Being recorded", "dot", "quiet"),
    "done": Word("recorded", "Recorded", "dot", "quiet"),
    "dropped": Word("dropped", "Dropped", "dot", "quiet"),
}
ROWS = {
    "new": Word("new", "New", "dot", "quiet"),
    "changed": Word("changed", "Changed", "dot", "quiet"),
    "same": Word("same", "Same as before", "dot", "quiet"),
}
_COUNTS = (
    ("new", N_("New")),
    ("changed", N_("Changed")),
    ("same", N_("Same as before")),
    ("wrong", N_("Wrong")),
    ("recorded", N_("Recorded")),
    ("refused", N_("Refused")),
)


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of list that can be brought in."""

    name: str
    title: str
    fields: str
    after: str


@dataclass(frozen=True, slots=True)
class ImportLine:
    """An import as lists and its page show it."""

    id: str
    kind: str
    title: str
    name: str
    by: str
    word: Word
    created: str
    age: str
    counts: tuple[tuple[str, str, str], ...]
    refused: tuple[Any, ...]
    digest: str
    mapping: str
    remarks: tuple[str, ...]
    work: str


@dataclass(frozen=True, slots=True)
class RowLine:
    """A row as it would become."""

    number: int
    word: Word
    key: str
    cells: tuple[tuple[str, str], ...]
    differences: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class PreviewStory:
    """What an import would do."""

    counts: tuple[tuple[str, str, str], ...]
    good: str
    any_good: bool
    rows: tuple[RowLine, ...]
    wrong: tuple[Any, ...]
    more_wrong: int
    refused: tuple[tuple[int, str], ...]
    asked_all: bool


def kinds(readers: Iterable[Any]) -> list[Kind]:
    """Return the kinds of lists, in the order in which they are brought in."""
    found = []
    for one in readers:
        fields = ", ".join(
            words.said(field.title) + ("*" if field.needed and not field.fallback else "")
            for field in one.fields
        )
        found.append(Kind(one.name, words.said(one.title), fields, words.said(one.after)))
    return found


def line(one: Any, title: str, at: datetime) -> ImportLine:  # noqa: ANN401 — a row of imports
    """Return an import in words."""
    return ImportLine(
        str(one.pk),
        one.kind,
        title,
        one.name,
        str(one.uploaded_by or _("a program")),
        STATES[one.state],
        words.stamp(one.created_at),
        words.age(one.created_at, at),
        _counted(one.counts),
        tuple(one.refused),
        one.digest,
        one.mapping,
        tuple(one.remarks),
        "" if one.work is None else str(one.work),
    )


def preview(found: Any, refused: Sequence[tuple[int, str]], asked: int) -> PreviewStory:  # noqa: ANN401 — a plan
    """Return what an import would do, in words."""
    good = found.counts["new"] + found.counts["changed"]
    return PreviewStory(
        _counted(found.counts),
        words.number(good),
        good > 0,
        tuple(_row(one) for one in _some(found.shown)),
        tuple(found.wrong[:LISTED]),
        max(0, len(found.wrong) - LISTED),
        tuple(refused),
        len(found.changes) <= asked,
    )


def wrong_rows(columns: Sequence[str], wrong: Iterable[Any]) -> Iterator[str]:
    """Yield the wrong rows as CSV, with number and reason in columns of their own."""
    head = (_("row"), _("what is wrong"), _("what to do"), *columns)
    rows = ([one.number, one.sentence, one.hint, *one.cells] for one in wrong)
    yield from sheet.lines([sheet.harmless(name) for name in head], rows)


def _some(rows: Sequence[Any]) -> list[Any]:
    seen: dict[int, Any] = {}
    for one in rows:
        seen.setdefault(one.draft.number, one)
        if len(seen) == SHOWN:
            break
    return list(seen.values())


def _row(one: Any) -> RowLine:  # noqa: ANN401 — a compared draft
    subject = str(one.draft.subject)
    key = subject.split(":", 3)[3] if subject.startswith("urn:") else subject
    return RowLine(one.draft.number, ROWS[one.state], key, _cells(one.fact), one.differences)


def _cells(fact: Any) -> tuple[tuple[str, str], ...]:  # noqa: ANN401 — a fact, or values by name
    names = fact if isinstance(fact, dict) else fact.__struct_fields__
    pairs = (
        (name, fact[name] if isinstance(fact, dict) else getattr(fact, name)) for name in names
    )
    told = [(words.said(name.replace("_", " ")), _said(value)) for name, value in pairs]
    return tuple(pair for pair in told[1:] if pair[1])


def _said(value: Any) -> str:  # noqa: ANN401 — any value of a fact
    if isinstance(value, tuple):
        return ", ".join(map(_said, value))
    text = "" if value is None else str(value)
    return text.split(":", 3)[3] if text.startswith("urn:voltrail:") else text


def _counted(counts: Any) -> tuple[tuple[str, str, str], ...]:  # noqa: ANN401 — numbers by name
    return tuple(
        (name, _(title), words.number(counts[name])) for name, title in _COUNTS if name in counts
    )
