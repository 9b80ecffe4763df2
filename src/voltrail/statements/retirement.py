"""
A unit, or so much of a lot, leaves for good: scrapped, returned, sold on, or recycled.

Signed by who had it. A later sighting of what is named here contradicts it; returns come back by a
hand-over that says so. Does not know whether anybody saw it since.
"""

from enum import StrEnum

from voltrail.ids.subject import LotId, PartyId, PersonId, PlaceId, SubjectId, UnitId
from voltrail.statements.fields import Digest, Fact, Instant, Many, Text, Whole


class Leaving(StrEnum):
    """How it left."""

    SCRAPPED = "scrapped"
    RETURNED = "returned"
    SOLD = "sold"
    RECYCLED = "recycled"


class Retirement(Fact, frozen=True):
    """What left, how, when, to whom; units by name, or a number of one lot [items]."""

    number: Text
    holder: PartyId
    how: Leaving
    at: Instant
    units: Many[UnitId] = ()
    lot: LotId | None = None
    quantity: Whole | None = None
    where: PlaceId | None = None
    to: PartyId | None = None
    by: PersonId | None = None
    evidence: Digest | None = None
    note: Text | None = None

    @property
    def claim(self) -> str:
        """One statement for each numbered leaving of a holder."""
        return f"{self.holder} {self.number}"

    @property
    def links(self) -> tuple[SubjectId, ...]:
        """Every unit that left, and the lot."""
        return (*self.units, *((self.lot,) if self.lot else ()))
