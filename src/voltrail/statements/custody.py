"""
A hand-over of goods, in two signed halves: given and taken.

Each half is stated by its own party; the pair meets by hand-over number. Does not know whether
the halves agree; `controls.custody` does.
"""

from enum import StrEnum

from voltrail.ids.subject import ArrivalId, LotId, PartyId, PlaceId
from voltrail.statements.fields import Fact, Instant, Many, Text, Whole


class Half(StrEnum):
    """Which side of the hand-over speaks."""

    GIVEN = "given"
    TAKEN = "taken"


class HandOver(Fact, frozen=True):
    """One half: who gave to whom, where, when, how many items, under which seals."""

    lot: LotId
    number: Text
    half: Half
    giver: PartyId
    taker: PartyId
    at: Instant
    quantity: Whole
    where: PlaceId | None = None
    arrival: ArrivalId | None = None
    seals: Many[Text] = ()
    container: Text | None = None

    @property
    def claim(self) -> str:
        """One statement for each half of a numbered hand-over of a lot."""
        return f"{self.lot} {self.number} {self.half}"
