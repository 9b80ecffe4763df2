"""The five provenance questions about a unit, for pages and programs."""

from voltrail.actions.provenance import Provenance, provenance
from voltrail.actions.show import sentence_of
from voltrail.ids.subject import UnitId
from voltrail_server import wiring
from voltrail_server.panels import provenance as panel
from voltrail_server.panels.provenance import Card
from voltrail_server.reading.names import Book


def asked(unit: UnitId) -> Provenance:
    """Return the five answers about a unit."""
    return provenance(wiring.desk(), unit)


def cards(found: Provenance, book: Book) -> tuple[Card, ...]:
    """Return them in words."""
    return tuple(panel.card(one, sentence_of, book) for one in found.answers)
