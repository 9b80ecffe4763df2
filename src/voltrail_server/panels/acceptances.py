"""Records of two about an arrival, in words: who accepted it, what went in, what comes next."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from voltrail_server.panels import chips, words
from voltrail_server.panels.named import Named, Naming, unnamed


@dataclass(frozen=True, slots=True)
class RecordLine:
    """One record that two persons signed."""

    says: str
    both: tuple[Named, ...]
    at: str
    units: tuple[Named, ...]
    note: str
    chip: Any


@dataclass(frozen=True, slots=True)
class Handing:
    """What two persons signed about an arrival, and the next thing they can sign, or nothing."""

    accepted: tuple[RecordLine, ...]
    installed: tuple[RecordLine, ...]
    next: str
    accept_first: bool

    @property
    def lines(self) -> tuple[RecordLine, ...]:
        """Every record, oldest first."""
        return (*self.accepted, *self.installed)


def handing(
    story: Any,  # noqa: ANN401 — from `actions.show`
    naming: Naming = unnamed,
) -> Handing:
    """Return the records of two about an arrival, and what may be signed next."""
    stands, first = story.service, story.accept_first
    accepted, installed = _lines(stands.accepted, naming), _lines(stands.installed, naming)
    coming = "accept" if first and not accepted else "install"
    released = story.row.disposition == "release"
    return Handing(accepted, installed, coming if released else "", first)


def _lines(found: Iterable[Any], naming: Naming) -> tuple[RecordLine, ...]:
    return tuple(_line(one, naming) for one in found)


def _line(one: Any, naming: Naming) -> RecordLine:  # noqa: ANN401 — a recorded acceptance
    fact, count = one.fact, len(one.fact.units)
    says = (
        _("The goods were accepted.")
        if fact.verb == "accept"
        else ngettext(
            "%(count)s unit went into service.", "%(count)s units went into service.", count
        )
        % {"count": count}
    )
    return RecordLine(
        says,
        tuple(naming(person) for person in fact.accepted_by),
        words.stamp(fact.at),
        tuple(naming(unit) for unit in fact.units),
        fact.note or "",
        chips.chip(one, naming),
    )
