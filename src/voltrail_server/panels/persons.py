"""People in words: functions with where and until when, accounts, sessions, answers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from voltrail_server.panels import words
from voltrail_server.panels.named import Named, Naming, unnamed
from voltrail_server.panels.words import Word

STATES = {
    "open": Word("open", "Open", "dot", "quiet"),
    "invited": Word("invited", "Invited", "hold", "quiet"),
    "left": Word("left", "Left", "refuse", "quiet"),
    "closed": Word("closed", "Closed", "refuse", "quiet"),
    "locked": Word("locked", "Locked", "refuse", "refuse"),
}
FACTORS = {
    "passkey": Word("factor-passkey", "Passkey", "release", "quiet"),
    "codes": Word("factor-codes", "Codes", "release", "quiet"),
    "both": Word("factor-both", "Passkey and codes", "release", "quiet"),
    "": Word("factor-none", "None", "unknown", "unknown"),
}
STANDING = {
    "now": Word("function-now", "In force", "release", "quiet"),
    "later": Word("function-later", "Begins later", "hold", "quiet"),
    "over": Word("function-over", "Over", "refuse", "quiet"),
}
VALID = {
    True: Word("training-valid", "Valid", "release", "quiet"),
    False: Word("training-over", "Out of date", "refuse", "refuse"),
}
MAY = {
    True: Word("may", "May", "release", "release"),
    False: Word("may-not", "May not", "refuse", "refuse"),
}


@dataclass(frozen=True, slots=True)
class FunctionLine:
    """A function: its word, where, from when until when, for whom, by whom, which entries."""

    name: str
    word: Word
    places: tuple[Named, ...]
    since: str
    until: str
    deputy_for: str
    decided_by: tuple[str, ...]
    reason: str
    entry: int | None
    end_entry: int | None
    number: str
    by_hand: bool

    @property
    def is_over(self) -> bool:
        """Whether it ended."""
        return self.word is STANDING["over"]


@dataclass(frozen=True, slots=True)
class PersonLine:
    """A person as the list shows them."""

    number: int
    name: str
    log_in: str
    state: Word
    functions: tuple[FunctionLine, ...]
    trained: tuple[str, ...]
    factor: Word
    seen: str


@dataclass(frozen=True, slots=True)
class SessionLine:
    """A session as its person reads it."""

    number: str
    device: str
    address: str
    begun: str
    seen: str
    own: bool


@dataclass(frozen=True, slots=True)
class TrainingLine:
    """A course that somebody passed."""

    person: str
    name: str
    course: str
    word: Word
    passed: str
    until: str
    assessed_by: str
    entry: int


def function(row: Any, at: datetime, names: Mapping[str, str], naming: Naming) -> FunctionLine:  # noqa: ANN401 — a row of functions
    """Return an appointment's row in words."""
    over = row.valid_until is not None and row.valid_until <= at
    state = "over" if over else "now" if row.valid_from <= at else "later"
    return FunctionLine(
        row.function,
        STANDING[state],
        tuple(naming(one) for one in row.places),
        words.stamp(row.valid_from),
        words.stamp(row.valid_until),
        named(row.deputy_for, names),
        tuple(named(one, names) for one in row.decided_by),
        row.reason,
        row.entry,
        row.end_entry,
        row.number,
        not row.decided_by,
    )


def held(one: Any, names: Mapping[str, str], naming: Naming = unnamed) -> FunctionLine:  # noqa: ANN401 — a holding
    """Return a function in force in words."""
    return FunctionLine(
        one.function,
        STANDING["now"],
        tuple(naming(place) for place in one.places),
        words.stamp(one.since),
        words.stamp(one.until),
        named(one.deputy_for, names),
        (),
        "",
        one.entry,
        None,
        one.number,
        one.entry is None,
    )


def state(account: Any, locked: Mapping[str, Sequence[str]]) -> Word:  # noqa: ANN401 — an account
    """Return how an account stands."""
    if account.left_at is not None:
        return STATES["left"]
    if account.username in locked:
        return STATES["locked"]
    if account.is_active:
        return STATES["open"]
    return STATES["closed" if account.made_here else "invited"]


def factor(*, passkey: bool, codes: bool) -> Word:
    """Return the word of the second factors that somebody has."""
    return FACTORS[
        "both" if passkey and codes else "passkey" if passkey else "codes" if codes else ""
    ]


def session(row: Any, key: str, own_key: str | None) -> SessionLine:  # noqa: ANN401 — a session's row
    """Return a session in words."""
    return SessionLine(
        key,
        device(row.device),
        row.address or _("unknown address"),
        words.stamp(row.begun_at),
        words.stamp(row.seen_at),
        row.session_key == own_key,
    )


def training(one: Any, at: datetime, names: Mapping[str, str]) -> TrainingLine:  # noqa: ANN401 — a recorded training
    """Return a training in words."""
    fact = one.fact
    return TrainingLine(
        str(fact.person),
        named(fact.person, names),
        fact.course,
        VALID[fact.passed_at <= at < fact.valid_until],
        words.stamp(fact.passed_at),
        words.stamp(fact.valid_until),
        named(fact.assessed_by, names),
        one.entry.index,
    )


def named(person: str, names: Mapping[str, str]) -> str:
    """Return a person's name, or the key of the pseudonym where none is known."""
    return names.get(str(person)) or str(person).rpartition(":")[2]


_BROWSERS = (
    ("Edg/", "Edge"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)


def device(told: str) -> str:
    """Return what a browser says of itself, in two words where it is one of those known."""
    browser = next((name for mark, name in _BROWSERS if mark in told), "")
    system = next((name for mark, name in _SYSTEMS if mark in told), "")
    if browser and system:
        return f"{browser} · {system}"
    return told[:60] or _("unknown device")
