"""
A person may act in a function, at some places or everywhere, from a time until a time.

The operator says it, and names the persons who decided. An appointment ends by its date or by a
later statement with the same number. Does not say that the person can do the work: training does.
"""

from enum import StrEnum

from voltrail.ids.subject import PersonId, PlaceId
from voltrail.statements.fields import Fact, Instant, Many, Text


class Function(StrEnum):
    """What a person does for the operator, or about it."""

    PROCUREMENT = "procurement"
    QUALITY = "quality"
    FACILITIES = "facilities"
    OT = "ot"
    IT = "it"
    SECURITY = "security"
    AUDITOR = "auditor"
    SUPPLIER = "supplier"
    ADMINISTRATOR = "administrator"


class AppointmentVerb(StrEnum):
    """Whether the function is given or taken back."""

    APPOINT = "appoint"
    END = "end"


class Appointment(Fact, frozen=True):
    """One person in one function; no places means everywhere; a deputy stands in for somebody."""

    number: Text
    verb: AppointmentVerb
    person: PersonId
    function: Function
    valid_from: Instant
    decided_by: Many[PersonId]
    reason: Text
    places: Many[PlaceId] = ()
    valid_until: Instant | None = None
    deputy_for: PersonId | None = None

    @property
    def claim(self) -> str:
        """One beginning and one end for each number."""
        return f"{self.number} {self.verb}"
