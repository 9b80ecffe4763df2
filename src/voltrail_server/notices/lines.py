"""Notices in words, for the page that lists them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from voltrail_server.notices.kinds import HOWS, KINDS
from voltrail_server.panels import words

_DIGITS = 18  # a 64-bit number has more, so nothing longer is one


@dataclass(frozen=True, slots=True)
class NoticeLine:
    """A notice as the list shows it."""

    number: int
    title: str
    sentence: str
    hint: str
    at: str
    new: bool
    mail: str


def lines(found: Iterable[Any]) -> list[NoticeLine]:
    """Return notices in words."""
    return [
        NoticeLine(
            one.pk,
            _(KINDS[one.kind].title) if one.kind in KINDS else one.kind,
            one.sentence,
            one.hint,
            words.stamp(one.created_at),
            one.read_at is None,
            _(HOWS.get(one.mail, "")) if one.mail != "none" else "",
        )
        for one in found
    ]


def kinds() -> list[tuple[str, str]]:
    """Return the kinds and their titles."""
    return [(one.name, _(one.title)) for one in KINDS.values()]


def hows() -> list[tuple[str, str]]:
    """Return the ways to be told by mail."""
    return [(name, _(title)) for name, title in HOWS.items()]


def number(text: str) -> int | None:
    """Return the number of a notice, or nothing, which means all."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _DIGITS else None
