"""A place: what it risks, what it must survive, where it stands. Tier is derived from these."""

from dataclasses import dataclass
from enum import StrEnum

from voltrail.ids.subject import PartyId, PersonId, PlaceId
from voltrail.quantities import Quantity


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


@dataclass(frozen=True, slots=True)
class Overrule:
    """A tier set by hand: which, why, and the second person who agreed."""

    tier: int
    reason: str
    second_person: PersonId


@dataclass(frozen=True, slots=True)
class Place:
    """A place as the operator records it; times are shown in its zone."""

    place: PlaceId
    name: str
    place_class: PlaceClass
    operator: PartyId
    impact: Grade
    lead_time: Grade
    environment: Environment
    zone: str
    required_run_time: Quantity | None = None
    redundancy: str | None = None
    bus_budget: str | None = None
    within: PlaceId | None = None
    overrule: Overrule | None = None
