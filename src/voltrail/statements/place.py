"""A place: what it risks, what it must survive, where it stands. Tier is derived from these."""

from enum import StrEnum
from typing import Annotated

from msgspec import Meta

from voltrail.ids.subject import PartyId, PersonId, PlaceId
from voltrail.quantities import Quantity
from voltrail.statements.fields import Fact, Text, Whole

# [deg] WGS 84, north and east counted up, as ISO 6709 writes decimal degrees
Latitude = Annotated[str, Meta(pattern=r"^-?([0-8]?[0-9](\.[0-9]{1,6})?|90(\.0{1,6})?)\Z")]
Longitude = Annotated[
    str, Meta(pattern=r"^-?((1[0-7]|[0-9])?[0-9](\.[0-9]{1,6})?|180(\.0{1,6})?)\Z")
]


class PlaceClass(StrEnum):
    """What a place is for."""

    FACTORY = "factory"
    WAREHOUSE = "warehouse"
    DATA_CENTER = "data-center"
    SUBSTATION = "substation"
    TELECOM = "telecom"
    OFFICE = "office"


class Grade(StrEnum):
    """How much of something there is, from the operator's own assessment."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class Environment(StrEnum):
    """Exposure of the place."""

    CONTROLLED = "controlled"
    SHELTERED = "sheltered"
    HARSH = "harsh"
    REMOTE = "remote"


class Overrule(Fact, frozen=True):
    """A tier set by hand: which, why, and the second person who agreed."""

    tier: Whole
    reason: Text
    second_person: PersonId


class Place(Fact, frozen=True):
    """A place as the operator records it; times are shown in its zone."""

    place: PlaceId
    name: Text
    place_class: PlaceClass
    operator: PartyId
    impact: Grade
    lead_time: Grade
    environment: Environment
    zone: Text
    required_run_time: Quantity | None = None
    redundancy: Text | None = None
    bus_budget: Text | None = None
    within: PlaceId | None = None
    overrule: Overrule | None = None
    assessed_by: PersonId | None = None
    agreed_by: PersonId | None = None
    reason: Text | None = None
    latitude: Latitude | None = None
    longitude: Longitude | None = None
    daily_output: Whole | None = None  # [items/d] of a factory, as its maker declares
