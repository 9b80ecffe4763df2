"""What waits: duties over the oldest held arrivals, at a bounded cost."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from voltrail.actions import waiting
from voltrail_server import wiring
from voltrail_server.reading import arrivals, links

_HELD = ("quarantine", "reject", "isolate")


def held() -> tuple[Any, ...]:
    """Return a page of the oldest arrivals of each held disposition."""
    pages = [arrivals.listing(arrivals.Filter(disposition=one), "oldest") for one in _HELD]
    return tuple(row for page in pages for row in page.items)


def owed(rows: Sequence[Any], at: datetime) -> tuple[waiting.Duty, ...]:
    """Return everybody's open duties about some held arrivals, and about orders, by due time."""
    return waiting.waiting_on(wiring.desk(), rows, None, at, links.indices_of)
