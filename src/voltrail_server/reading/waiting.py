"""What waits for some roles: duties over the oldest held arrivals, at a bounded cost."""

from collections.abc import Collection
from datetime import datetime

from voltrail.actions import waiting
from voltrail_server import wiring
from voltrail_server.reading import arrivals, links

_HELD = ("quarantine", "reject", "isolate")


def listing(roles: Collection[str] | None, at: datetime) -> tuple[waiting.Duty, ...]:
    """Return open duties by due time, over one page of each held disposition; one look-up."""
    pages = [arrivals.listing(arrivals.Filter(disposition=one), "oldest") for one in _HELD]
    rows = [row for page in pages for row in page.items]
    found = waiting.waiting_on(wiring.desk(), rows, None, at, links.indices_of)
    return found if roles is None else tuple(one for one in found if one.role in roles)
