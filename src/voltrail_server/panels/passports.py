"""A passport as rows: each field, what it says, what the record says, a word."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_noop as N_  # noqa: N812 — gettext's own mark

from voltrail_server.panels import chips, words
from voltrail_server.panels.chips import Chip
from voltrail_server.panels.named import Named, Naming
from voltrail_server.panels.words import Word

AGREEMENTS = {
    "same": Word("same-as-record", "The same", "release", "release"),
    "differs": Word("differs", "Differs", "refuse", "refuse"),
    "not-there": Word("not-on-record", "Not on record", "unknown", "unknown"),
}
FIELDS = {
    "maker": N_("Maker"),
    "model": N_("Model"),
    "serial": N_("Serial"),
    "batch": N_("Batch"),
    "made on": N_("Made on"),
    "chemistry": N_("Chemistry"),
    "capacity": N_("Capacity"),
    "capacity, as specified": N_("Capacity, as specified"),
    "nominal voltage": N_("Nominal voltage"),
    "mass": N_("Mass"),
    "mass, as specified": N_("Mass, as specified"),
    "status": N_("Status"),
}


@dataclass(frozen=True, slots=True)
class FieldLine:
    """One field as the page shows it."""

    field: str
    said: str
    found: str
    word: Word
    entries: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class PassportBoard:
    """One passport: where it stands, who sent it, its file, its fields."""

    chip: Chip
    sender: Named
    file: str
    lines: tuple[FieldLine, ...]


def board(held: Any, naming: Naming) -> PassportBoard:  # noqa: ANN401 — a Held
    """Return a passport against the record as rows."""
    fact = held.passport.fact
    return PassportBoard(
        chips.chip(held.passport, naming),
        naming(str(fact.said_by)),
        fact.file or "",
        tuple(
            FieldLine(
                words.said(FIELDS[one.field]),
                one.said,
                words.said(one.found) if one.found == "delivered as new" else one.found,
                AGREEMENTS[one.agreement],
                one.entries,
            )
            for one in held.lines
        ),
    )
