"""
The operator moved units, so much of a lot, or a container, inside its own walls.

Says what was done where, by whom, and which seals were found and set. Long lists are a committed
table. Does not know whether the move was allowed, nor where the goods were before.
"""

from enum import StrEnum

from voltrail.errors import MalformedError
from voltrail.ids.subject import LotId, PartyId, PersonId, PlaceId, SubjectId, UnitId
from voltrail.statements.fields import Digest, Fact, Instant, Many, Text, Whole
from voltrail.table import Commitment


class MovementVerb(StrEnum):
    """What was done with the goods."""

    RECEIVE = "receive"
    STAGE = "stage"
    STORE = "store"
    TAKE_OUT = "take-out"
    INSTALL = "install"
    MAINTAIN = "maintain"


# CBV 2.0, 7.1: the business step of each verb; no step says maintaining, so the nearest one stands
BIZ_STEPS = {
    MovementVerb.RECEIVE: "receiving",
    MovementVerb.STAGE: "staging_outbound",
    MovementVerb.STORE: "storing",
    MovementVerb.TAKE_OUT: "picking",
    MovementVerb.INSTALL: "installing",
    MovementVerb.MAINTAIN: "repairing",
}


class Movement(Fact, frozen=True):
    """
    What was moved to where, when, by whom; so much of one lot is counted in items.

    Seals are those of the container, where one is named; the place then has its own beside them.
    `seals_missing` says that somebody looked for a seal and found none.
    """

    number: Text
    holder: PartyId
    verb: MovementVerb
    to: PlaceId
    at: Instant
    by: PersonId
    units: Many[UnitId] = ()
    unit_table: Commitment | None = None
    lot: LotId | None = None
    quantity: Whole | None = None
    container: Text | None = None
    came_from: PlaceId | None = None
    contractor: PartyId | None = None
    seals_found: Many[Text] = ()
    seals_set: Many[Text] = ()
    seals_missing: bool = False
    place_seals_found: Many[Text] = ()
    place_seals_set: Many[Text] = ()
    corrects: Many[Digest] = ()
    note: Text | None = None

    def __post_init__(self) -> None:
        """Refuse a move of nothing, and a number of no lot."""
        if (self.lot is None) != (self.quantity is None) or self.quantity == 0:
            raise MalformedError(
                "A number of items is of one lot.", hint="Give lot and quantity together."
            )
        if not (self.units or self.unit_table or self.lot or self.container):
            raise MalformedError(
                "The move names nothing.", hint="Name units, a number of one lot, or a container."
            )

    def may_name(self, unit: SubjectId) -> bool:
        """Return whether it names a unit, or has a table that may."""
        return unit in self.units or self.unit_table is not None

    @property
    def claim(self) -> str:
        """One statement for each numbered move of a holder."""
        return f"{self.holder} {self.number}"

    @property
    def links(self) -> tuple[SubjectId, ...]:
        """Every unit that is named, and the lot."""
        return (*self.units, *((self.lot,) if self.lot else ()))
