"""
Two people accept goods, or put a unit into service, on one record that both sign.

Both are named and both sign the same bytes, each with a key of their own. Does not say what was
tested: inspection does; nor where a unit stands: installation does.
"""

from enum import StrEnum

from voltrail.ids.subject import ArrivalId, PersonId, PlaceId, UnitId
from voltrail.statements.fields import Digest, Fact, Instant, Many, Text


class AcceptanceVerb(StrEnum):
    """What the two agree to."""

    ACCEPT = "accept"
    INSTALL = "install"


class Acceptance(Fact, frozen=True):
    """An arrival is accepted, or units of it go in, on the decision or inspection that is named."""

    number: Text
    verb: AcceptanceVerb
    arrival: ArrivalId
    place: PlaceId
    at: Instant
    accepted_by: Many[PersonId]
    units: Many[UnitId] = ()
    rests_on: Many[Digest] = ()
    note: Text | None = None

    @property
    def puts_in(self) -> bool:
        """Whether its units go into service."""
        return self.verb is AcceptanceVerb.INSTALL

    @property
    def claim(self) -> str:
        """One record for each number."""
        return self.number
