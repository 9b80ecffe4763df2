"""Proofs of time in words: who vouches for which moment, and how a service stands."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from voltrail.statements.time_proof import VouchedBy
from voltrail_server.panels import words
from voltrail_server.panels.words import Word

WORDS = {
    "stamped": Word("stamped", "Stamped", "release", "release"),
    "never": Word("never-stamped", "Has not stamped yet", "unknown", "unknown"),
    "silent": Word("no-stamp", "Does not stamp", "unknown", "unknown"),
}


@dataclass(frozen=True, slots=True)
class TimeLine:
    """One proof of time as an entry's page shows it."""

    index: int
    number: str
    at: str
    who: str
    has_token: bool


@dataclass(frozen=True, slots=True)
class ServiceLine:
    """One time-stamp service as the page shows it."""

    name: str
    url: str
    word: Word
    size: str
    at: str
    age: str
    problem: str


@dataclass(frozen=True, slots=True)
class ServiceBoard:
    """Every service, how often they are asked, and the newest proof by witnesses."""

    lines: tuple[ServiceLine, ...]
    often: str
    witnessed: TimeLine | None


def line(one: Any) -> TimeLine:  # noqa: ANN401 — a recorded proof of time
    """Return a proof of time in words."""
    fact = one.fact
    return TimeLine(
        one.entry.index,
        words.number(one.entry.index),
        words.stamp(fact.proven_at),
        _who(fact),
        fact.token is not None,
    )


def often(hours: int) -> str:
    """Return how often time is proven."""
    text = ngettext("at most once an hour", "at most once in %(hours)s hours", hours)
    return text % {"hours": hours}


def _who(fact: Any) -> str:  # noqa: ANN401 — a proof of time
    names = ", ".join(fact.vouchers)
    if fact.vouched_by is VouchedBy.SERVICE:
        return _("time-stamp service %(name)s") % {"name": names.removeprefix("CN=")}
    return _("witnesses %(names)s") % {"names": names}
