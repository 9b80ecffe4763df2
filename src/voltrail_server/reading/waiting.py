"""What waits for a role: duties over the oldest held arrivals, at a bounded cost."""

from datetime import datetime

from voltrail.actions import waiting
from voltrail_server import wiring
from voltrail_server.reading import arrivals, links

_HELD = ("quarantine", "reject", "isolate")


def listing(role: str | None, at: datetime) -> tuple[waiting.Duty, ...]:
    """Return open duties by due time, over one page of each held disposition; one look-up."""
    pages = [arrivals.listing(arrivals.Filter(disposition=one), "oldest") for one in _HELD]
    rows = [row for page in pages for row in page.items]
    return waiting.waiting_on(wiring.desk(), rows, role, at, links.indices_of)
