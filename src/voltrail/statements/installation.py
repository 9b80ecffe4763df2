"""A unit goes into service at a place, with the baseline that later readings are compared with."""

from dataclasses import dataclass
from datetime import datetime

from voltrail.ids.subject import ArrivalId, PersonId, PlaceId, UnitId
from voltrail.statements.fields import Digest


@dataclass(frozen=True, slots=True)
class Installation:
    """Which unit, of which arrival, where, by whom, with which firmware."""

    unit: UnitId
    arrival: ArrivalId
    place: PlaceId
    installed_at: datetime
    by: PersonId
    firmware: Digest | None = None
