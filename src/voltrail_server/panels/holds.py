"""Holds in words: what is held and why, and how many of two persons have lifted it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_  # noqa: N812 — gettext's own mark
from msgspec.structs import fields

from voltrail_server.panels import chips, words
from voltrail_server.panels.named import Named, Naming, unnamed
from voltrail_server.panels.words import Word

STANDS = Word("stands", "Held", "hold", "hold")
LIFTED = Word("lifted", "Lifted", "release", "quiet")
_LABELS = {
    "serial_from": N_("from serial"),
    "serial_to": N_("to serial"),
    "firmware_version": N_("firmware"),
}


@dataclass(frozen=True, slots=True)
class HoldLine:
    """A hold as lists and its page show it."""

    number: int
    word: Word
    case: str
    cause: str
    owner: Named
    held: tuple[tuple[str, str, str], ...]
    lifted: str
    persons: tuple[str, ...]
    chip: Any
    stands: bool


@dataclass(frozen=True, slots=True)
class HoldForm:
    """What a new hold's form begins with."""

    subject: str
    case: str


def lines(found: Iterable[Any], naming: Naming = unnamed) -> list[HoldLine]:
    """Return holds in words."""
    return [line(one, naming) for one in found]


def line(one: Any, naming: Naming = unnamed) -> HoldLine:  # noqa: ANN401 — a hold with its lifts
    """Return a hold in words."""
    fact = one.hold.fact
    return HoldLine(
        one.hold.entry.index,
        STANDS if one.stands else LIFTED,
        fact.case.key,
        fact.cause,
        naming(str(fact.owner)),
        tuple(_held(fact.selector)),
        _("%(count)s of two persons have lifted it") % {"count": len(one.lifted_by)},
        tuple(map(str, one.lifted_by)),
        chips.chip(one.hold, naming),
        one.stands,
    )


def form(subject: str, at: datetime) -> HoldForm:
    """Return a new hold's form, with a case number made of the time."""
    return HoldForm(subject, f"hold-{words.stamp(at)[:10]}-{at:%H%M%S}")


def _held(selector: Any) -> Iterable[tuple[str, str, str]]:  # noqa: ANN401 — a selector
    for one in fields(selector):
        value = getattr(selector, one.name)
        if value is not None:
            address = f"/find/?q={value}" if str(value).startswith("urn:voltrail:") else ""
            yield words.said(_LABELS.get(one.name, one.name)), str(value), address
