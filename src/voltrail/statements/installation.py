"""A unit goes into service at a place, with the baseline that later readings are compared with."""

from voltrail.ids.subject import ArrivalId, PersonId, PlaceId, UnitId
from voltrail.statements.fields import Digest, Fact, Instant


class Installation(Fact, frozen=True):
    """Which unit, of which arrival, where, by whom, with which firmware."""

    unit: UnitId
    arrival: ArrivalId
    place: PlaceId
    installed_at: Instant
    by: PersonId
    firmware: Digest | None = None
