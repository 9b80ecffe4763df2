"""The layer strip: eight cells, the same on rows, pages, packs and print."""

from dataclasses import dataclass

from voltrail_server.panels import words
from voltrail_server.panels.words import Word

LAYERS = {
    "supplier": "Sup",
    "channel": "Cha",
    "provenance": "Pro",
    "custody": "Cus",
    "documents": "Doc",
    "inspection": "Ins",
    "firmware": "Fir",
    "attestation": "Att",
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
        Cell(layer, short, words.state(found.get(layer, "cannot-tell")))
        for layer, short in LAYERS.items()
    )


def legend() -> tuple[Word, ...]:
    """Return the five fills with their words."""
    return tuple(words.STATES.values())
