"""The layer strip: eight cells, the same on rows, pages, packs and print."""

from dataclasses import dataclass

from django.utils.translation import gettext_noop as N_  # noqa: N812 — gettext's own mark

from voltrail_server.panels import words
from voltrail_server.panels.words import Word

LAYERS = {
    "supplier": N_("Sup"),
    "channel": N_("Cha"),
    "provenance": N_("Pro"),
    "custody": N_("Cus"),
    "documents": N_("Doc"),
    "inspection": N_("Ins"),
    "firmware": N_("Fir"),
    "attestation": N_("Att"),
}


@dataclass(frozen=True, slots=True)
class Cell:
    """One layer's state as a word, a sign and a fill."""

    layer: str
    short: str
    word: Word


def cells(text: str) -> tuple[Cell, ...]:
    """Return the eight cells of a row's `layer=state,…` text; a layer not named cannot be told."""
    found = dict(part.partition("=")[::2] for part in text.split(",") if part)
    return tuple(
        Cell(words.said(layer), words.said(short), words.state(found.get(layer, "cannot-tell")))
        for layer, short in LAYERS.items()
    )


def legend() -> tuple[Word, ...]:
    """Return the five fills with their words."""
    return tuple(words.STATES.values())
