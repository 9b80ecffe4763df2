"""A hold: what must not move or be installed, why, whose it is; and its lifting by two people."""

from dataclasses import dataclass

from voltrail.ids.subject import ArrivalId, CaseId, LotId, PartyId, PersonId, ProductId, UnitId
from voltrail.statements.fields import Digest


@dataclass(frozen=True, slots=True)
class Selector:
    """What is held: every field given must fit."""

    unit: UnitId | None = None
    lot: LotId | None = None
    serial_from: str | None = None
    serial_to: str | None = None
    arrival: ArrivalId | None = None
    product: ProductId | None = None
    firmware_version: str | None = None
    party: PartyId | None = None


@dataclass(frozen=True, slots=True)
class Hold:
    """Whatever the selector fits stays where it is until two people lift the hold."""

    case: CaseId
    selector: Selector
    cause: str
    owner: PersonId


@dataclass(frozen=True, slots=True)
class HoldLift:
    """The hold of a case ends, on evidence; a second person states the same."""

    case: CaseId
    hold: Digest
    evidence: tuple[Digest, ...]
    second_person: PersonId | None = None
