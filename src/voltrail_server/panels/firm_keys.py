"""Firms' keys in words: whose, in force or not, what they may state, what a theft would change."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_  # noqa: N812 — gettext's own mark

from voltrail_server.panels import keys, words
from voltrail_server.panels.named import Named, Naming
from voltrail_server.panels.words import Word

STANDINGS = {
    "valid": Word("valid", "Valid", "release", "release"),
    "historical": Word("historical", "Valid, historical", "release", "release"),
    "time_unproven": Word("time-unproven", "Valid, time unproven", "unknown", "unknown"),
    "suspect": Word("suspect", "Suspect", "unknown", "hold"),
    "invalid": Word("invalid", "Proves nothing", "refuse", "refuse"),
}


@dataclass(frozen=True, slots=True)
class FirmKeyLine:
    """A firm's key, or one that waits, as lists and its own page show it."""

    key: str
    party: Named
    word: Word
    scheme: str
    since: str
    until: str
    stolen: str
    kinds: tuple[str, ...]
    places: tuple[Named, ...]
    in_force: bool = False
    pinned: bool = False
    number: int | None = None
    reason: str = ""
    asked_by: Named | None = None
    own: bool = False


@dataclass(frozen=True, slots=True)
class DoubtLine:
    """A statement that a theft would put in doubt."""

    index: int
    number: str
    kind: str
    about: tuple[Named, ...]
    at: str
    word: Word
    why: str


@dataclass(frozen=True, slots=True)
class WorthLine:
    """What a statement is worth, why, since when it is proven, as known when."""

    word: Word
    why: str
    proven: str
    known: str
    size: str


def held(one: Any, naming: Naming) -> FirmKeyLine:  # noqa: ANN401 — a firm's key
    """Return a firm's key on record."""
    return FirmKeyLine(
        one.key,
        naming(str(one.party)),
        keys.STATES.get(one.state, keys.STATES["lapsed"]),
        keys.scheme(one.algorithm),
        words.stamp(one.valid_from),
        words.stamp(one.valid_until),
        words.stamp(one.compromised_since),
        _kinds(one.bound.kinds),
        tuple(naming(str(place)) for place in one.bound.places),
        in_force=one.state == "active",
        pinned=one.is_pinned,
    )


def waiting(row: Any, naming: Naming, person: str) -> FirmKeyLine:  # noqa: ANN401 — a request
    """Return a firm's key that waits for a second person."""
    return FirmKeyLine(
        row.key,
        naming(row.party),
        keys.STATES["waiting"],
        keys.scheme(row.algorithm),
        words.stamp(row.asked_at),
        words.stamp(row.valid_until),
        "",
        _kinds(row.kinds),
        tuple(naming(place) for place in row.places),
        number=row.pk,
        reason=row.reason,
        asked_by=naming(row.asked_by),
        own=row.asked_by == person,
    )


def doubted(found: Iterable[Any], naming: Naming) -> list[DoubtLine]:
    """Return the statements that would be worth less."""
    return [
        DoubtLine(
            one.index,
            words.number(one.index),
            words.kind_of(one.predicate_type),
            tuple(naming(subject) for subject in one.subjects),
            words.stamp(one.logged_at),
            STANDINGS[one.standing],
            words.said(one.why),
        )
        for one in found
    ]


def worth(found: Any) -> WorthLine:  # noqa: ANN401 — a statement's worth
    """Return what a statement is worth by its keys."""
    return WorthLine(
        STANDINGS[found.standing],
        words.said(found.why),
        words.stamp(found.proven_at),
        words.stamp(found.known_at),
        words.number(found.size),
    )


def kinds(names: Iterable[str]) -> list[tuple[str, str]]:
    """Return the kinds a firm's key may be bound to, as name and words."""
    return [(one, words.said(one.replace("-", " "))) for one in names]


def _kinds(names: Iterable[str]) -> tuple[str, ...]:
    found = tuple(words.said(one.replace("-", " ")) for one in names)
    return found or (_("every kind that a firm states"),)


ENDINGS = (
    ("cease", N_("The firm uses it no more")),
    ("supersede", N_("Another key replaces it")),
    ("compromise", N_("Somebody else has it, or may have it")),
)
