"""What the box at the top found, in words: each meaning with its kind, its name and its page."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_noop as N_  # noqa: N812 — gettext's own mark

from voltrail_server.panels.named import address, key_of

_KINDS = {
    "unit": N_("Unit"),
    "lot": N_("Lot"),
    "arrival": N_("Arrival"),
    "order": N_("Order"),
    "party": N_("Party"),
    "place": N_("Place"),
    "product": N_("Product"),
    "document": N_("Certificate or document"),
    "case": N_("Case"),
    "firmware": N_("Firmware"),
    "person": N_("Person"),
    "instrument": N_("Instrument"),
    "entry": N_("Register entry"),
}


@dataclass(frozen=True, slots=True)
class FindLine:
    """One meaning of what was looked for."""

    kind: str
    text: str
    name: str
    address: str


@dataclass(frozen=True, slots=True)
class FindStory:
    """What was looked for, and what it may mean."""

    text: str
    exact: tuple[FindLine, ...]
    like: tuple[FindLine, ...]


def address_of(hit: Any) -> str:  # noqa: ANN401 — from `reading.find`
    """Return the page of a hit."""
    return f"/register/{hit.index}/" if hit.index is not None else address(hit.subject)


def told(found: Any) -> FindStory:  # noqa: ANN401 — from `reading.find`
    """Return what was found in words."""
    exact, like = (tuple(map(_line, hits)) for hits in (found.exact, found.like))
    return FindStory(found.text, exact, like)


def _line(hit: Any) -> FindLine:  # noqa: ANN401 — from `reading.find`
    text = f"#{hit.index}" if hit.index is not None else key_of(hit.subject)
    return FindLine(_KINDS.get(hit.kind, hit.kind), text, hit.name, address_of(hit))
