"""The entry chip: number, signer and log time of an entry, and where to open it."""

from dataclasses import dataclass
from typing import Any

from voltrail_server.panels import words
from voltrail_server.panels.named import Named, Naming, unnamed


@dataclass(frozen=True, slots=True)
class Chip:
    """An entry in one line."""

    index: int
    number: str
    issuer: Named
    at: str
    kind: str


@dataclass(frozen=True, slots=True)
class Line:
    """A recorded fact as one sentence with its chip."""

    chip: Chip
    sentence: str
    withdrawn_by: str


def chip(recorded: Any, naming: Naming = unnamed) -> Chip:  # noqa: ANN401 — any recorded fact
    """Return the chip of a recorded fact."""
    entry = recorded.entry
    return Chip(
        entry.index,
        words.number(entry.index),
        naming(str(recorded.header.issuer)),
        words.stamp(entry.log_time),
        words.kind_of(recorded.predicate_type),
    )


def line(
    recorded: Any,  # noqa: ANN401 — any recorded fact
    sentence: str,
    naming: Naming = unnamed,
) -> Line:
    """Return the line of a recorded fact."""
    return Line(chip(recorded, naming), sentence, str(recorded.withdrawn_by or ""))
