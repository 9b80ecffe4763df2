"""
What was in service before Voltrail: a committed table of units and where they stand.

The operator says that they are there, not that anything about them was proven. Does not know
whether a unit named here ever arrives again.
"""

from voltrail.ids.subject import DocumentId, PersonId
from voltrail.statements.fields import Digest, Fact
from voltrail.table import Commitment

COLUMNS = ("maker", "serial", "level", "lot", "place", "product", "since")


class Stock(Fact, frozen=True):
    """Units in service before Voltrail, unproven: the list they came from, and the table."""

    document: DocumentId
    file: Digest
    units: Commitment
    brought_by: PersonId | None = None

    @property
    def claim(self) -> str:
        """One statement for each table."""
        return self.units.sha256
