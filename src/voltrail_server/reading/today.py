"""
What a start page asks: what waits for somebody, and what matters to each function they hold.

Every section costs a fixed number of questions over at most one page of rows. Judges nothing.
"""

from collections.abc import Callable
from datetime import datetime

from voltrail_server.panels.today import Section
from voltrail_server.people import functions
from voltrail_server.people.models import Account
from voltrail_server.reading import waiting
from voltrail_server.reading.names import Book
from voltrail_server.reading.sections import buying, goods, persons, rules, server
from voltrail_server.reading.sections.seen import Look, Seen

_Make = Callable[[Seen], Section]
# function → what its start page shows, in this order
_OF: dict[str, tuple[_Make, ...]] = {
    "facilities": (goods.ready, goods.kept),
    "ot": (goods.isolated, goods.firmware),
    "quality": (goods.longest, goods.layers),
    "procurement": (buying.ending, buying.refused),
    "security": (rules.holds, persons.keys, goods.flags),
    "it": (server.server, server.backup, persons.invited),
    "administrator": (persons.requests, persons.invited, persons.keys),
    "auditor": (goods.packs, rules.checkpoint, rules.policies, rules.exceptions),
}


def seen(account: Account, at: datetime, book: Book, look: Look) -> Seen:
    """Return what every section looks at."""
    held = waiting.held()
    owed = waiting.owed(held, at)
    return Seen(account, at, functions.names(account, at), held, owed, book, look)


def sections(found: Seen) -> list[Section]:
    """Return the sections of every function that somebody holds, each once."""
    wanted = [make for name, makes in _OF.items() if name in found.names for make in makes]
    return [make(found) for make in dict.fromkeys(wanted)]
