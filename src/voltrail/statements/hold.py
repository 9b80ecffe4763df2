"""A hold: what must not move or be installed, why, whose it is; and its lifting by two people."""

from voltrail.ids.subject import ArrivalId, CaseId, LotId, PartyId, PersonId, ProductId, UnitId
from voltrail.statements.fields import Digest, Fact, Many, Text


class Selector(Fact, frozen=True):
    """What is held: every field given must fit."""

    unit: UnitId | None = None
    lot: LotId | None = None
    serial_from: Text | None = None
    serial_to: Text | None = None
    arrival: ArrivalId | None = None
    product: ProductId | None = None
    firmware_version: Text | None = None
    party: PartyId | None = None


class Hold(Fact, frozen=True):
    """Whatever the selector fits stays where it is until two people lift the hold."""

    case: CaseId
    selector: Selector
    cause: Text
    owner: PersonId


class HoldLift(Fact, frozen=True):
    """The hold of a case ends, on evidence; a second person states the same."""

    case: CaseId
    hold: Digest
    evidence: Many[Digest]
    second_person: PersonId | None = None
