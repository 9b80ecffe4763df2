"""The register as a list, newest first, and one statement as JSON to read."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from voltrail.statements import envelope
from voltrail_server import wiring
from voltrail_server.panels import words
from voltrail_server.panels.chips import Chip
from voltrail_server.panels.named import Naming, unnamed
from voltrail_server.reading.page import PER_PAGE, Page, read_number, write_cursor

_CHUNK = 500  # [entries] of the whole register read at once


@dataclass(frozen=True, slots=True)
class EntryRow:
    """One line of the register."""

    chip: Chip
    digest: str
    size: int


def size() -> int:
    """Return how many entries the register holds."""
    return wiring.desk().entries.size()


def covered() -> int:
    """Return how many entries the newest signed checkpoint covers."""
    newest = wiring.desk().entries.checkpoints()
    return newest[0][0] if newest else 0


def listing(cursor: str = "", naming: Naming = unnamed) -> Page:
    """Return one page of entries, newest first."""
    entries = wiring.desk().entries
    total, marked = entries.size(), read_number(cursor)
    stop = total if marked is None else min(total, max(0, marked))
    start = max(0, stop - PER_PAGE)
    rows = tuple(_row(entry, naming) for entry in reversed(list(entries.entries(start, stop))))
    return Page(rows, write_cursor([start]) if start else "", words.number(total))


def every() -> Iterator[Any]:
    """Yield every entry with its leaf, newest first."""
    entries = wiring.desk().entries
    stop = entries.size()
    while stop > 0:
        start = max(0, stop - _CHUNK)
        yield from ((one, one.parsed) for one in reversed(list(entries.entries(start, stop))))
        stop = start


def payload(raw: bytes) -> Any:  # noqa: ANN401 — any JSON value
    """Return the JSON that an envelope's signatures cover."""
    return json.loads(envelope.parse(raw).payload)


def signatures(raw: bytes) -> tuple[str, ...]:
    """Return the key ids that an envelope names."""
    return tuple(str(item.get("keyid", "")) for item in json.loads(raw)["signatures"])


def _row(entry: Any, naming: Naming) -> EntryRow:  # noqa: ANN401 — a register entry
    leaf = entry.parsed
    chip = Chip(
        entry.index,
        words.number(entry.index),
        naming(str(leaf.issuer)),
        words.stamp(leaf.log_time),
        words.kind_of(leaf.predicate_type),
    )
    return EntryRow(chip, leaf.envelope, leaf.size)
