"""
Who may enter a controlled place: people by name, and firms whose people may come with them.

A place is controlled from the first permission on. A permission ends by its date, or by a later
statement with the same number. Does not say what somebody may do there: functions do.
"""

from enum import StrEnum

from voltrail.errors import MalformedError
from voltrail.ids.subject import PartyId, PersonId, PlaceId
from voltrail.statements.fields import Fact, Instant, Many, Text


class PermissionVerb(StrEnum):
    """Whether entry is allowed, or no longer."""

    ALLOW = "allow"
    END = "end"


class Permission(Fact, frozen=True):
    """One place, who may enter it, from when until when, and who allows it; `end` ends a number."""

    number: Text
    verb: PermissionVerb
    place: PlaceId
    valid_from: Instant
    allowed_by: PersonId
    people: Many[PersonId] = ()
    parties: Many[PartyId] = ()
    valid_until: Instant | None = None
    reason: Text | None = None

    def __post_init__(self) -> None:
        """Refuse to allow nobody, and to allow for no time."""
        if self.verb is PermissionVerb.ALLOW and not (self.people or self.parties):
            raise MalformedError(
                "The permission names nobody.", hint="Name people, or firms, or both."
            )
        if self.valid_until is not None and self.valid_until <= self.valid_from:
            raise MalformedError(
                "The permission ends before it begins.", hint="Choose a later end."
            )

    @property
    def claim(self) -> str:
        """One beginning and one end for each number."""
        return f"{self.number} {self.verb}"
