"""A file of others as rows: its drafts, its remarks, and what its identities are here."""

from dataclasses import dataclass
from typing import Any

from voltrail.readers.foreign import values
from voltrail_server.panels import words
from voltrail_server.panels.named import Named, Naming
from voltrail_server.panels.words import Word

SHOWN = 100  # [rows] of each table
_LONG = 160  # [characters] of what a draft says
_KNOWN = Word("known", "Known here", "release", "release")
_UNKNOWN = Word("not-known", "Not known here", "unknown", "unknown")
_WRONG = Word("written-wrong", "Written wrong", "refuse", "refuse")


@dataclass(frozen=True, slots=True)
class DraftLine:
    """One draft: where it stands, what it could become, the first of what it says."""

    place: str
    kind: str
    says: str


@dataclass(frozen=True, slots=True)
class IdentityLine:
    """One identity of the file: as written, its word, what it is here."""

    text: str
    scheme: str
    word: Word
    subjects: tuple[Named, ...]
    refusal: str


@dataclass(frozen=True, slots=True)
class ForeignBoard:
    """A file of others as a page shows it."""

    form: str
    digest: str
    drafts: tuple[DraftLine, ...]
    count: str
    remarks: tuple[tuple[str, str], ...]
    identities: tuple[IdentityLine, ...]
    more: str


def board(found: Any, title: str, naming: Naming) -> ForeignBoard:  # noqa: ANN401 — a Look
    """Return a look at a file as rows."""
    reading = found.reading
    return ForeignBoard(
        title,
        reading.digest,
        tuple(_draft(one) for one in reading.drafts[:SHOWN]),
        words.number(len(reading.drafts)),
        tuple((one.place, one.sentence) for one in reading.remarks[:SHOWN]),
        tuple(_identity(one, naming) for one in found.meanings),
        words.number(found.more) if found.more else "",
    )


def _draft(one: Any) -> DraftLine:  # noqa: ANN401 — a Draft
    told = (str(each) for _, each in values(one.said) if isinstance(each, str) and each)
    return DraftLine(one.place, words.said(one.kind.replace("-", " ")), " · ".join(told)[:_LONG])


def _identity(one: Any, naming: Naming) -> IdentityLine:  # noqa: ANN401 — a Meaning
    word = _WRONG if one.refusal else _KNOWN if one.subjects else _UNKNOWN
    named = tuple(naming(str(each)) for each in one.subjects)
    return IdentityLine(one.named.text, one.named.scheme, word, named, words.said(one.refusal))
