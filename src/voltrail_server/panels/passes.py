"""The tokens and links of firms, as rows."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from voltrail_server.panels import words
from voltrail_server.panels.named import Named, Naming


@dataclass(frozen=True, slots=True)
class PassLine:
    """One way in: its name, what it is, whose, what for, since when, until when, for what."""

    name: str
    what: str
    party: Named
    label: str
    since: str
    until: str
    kinds: tuple[str, ...]


def lines(found: Iterable[Any], naming: Naming) -> list[PassLine]:
    """Return tokens and links as a list shows them; `found` holds them by their names."""
    return [
        PassLine(
            name,
            _("token of a program") if name.startswith("token") else _("link for people"),
            naming(one.party),
            one.label,
            words.stamp(one.created_at),
            words.stamp(one.expires_at),
            tuple(words.kind_of(kind) for kind in getattr(one, "predicate_types", ())),
        )
        for name, one in found
    ]
