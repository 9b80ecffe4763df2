"""
A whole made of parts, or taken apart again: what went in, what came out, by whom, when and where.

Inputs and outputs follow EPCIS: units with their own identity, or so much of a lot. Long lists are
committed tables. Does not know whether the parts were there to be built in; genealogy does.
"""

from enum import StrEnum

from voltrail.errors import MalformedError
from voltrail.ids.subject import LotId, PartyId, PlaceId, SubjectId, UnitId
from voltrail.quantities import Quantity, Unit
from voltrail.statements.fields import Digest, Fact, Instant, Many, Text
from voltrail.table import Commitment


class WholeLevel(StrEnum):
    """Level of the whole; a system is never a part, so no unit record has that level."""

    CELL = "cell"
    MODULE = "module"
    PACK = "pack"
    RACK = "rack"
    SYSTEM = "system"


class Action(StrEnum):
    """What EPCIS 2.0 calls the action: joined, seen joined, or taken apart."""

    ADD = "add"
    OBSERVE = "observe"
    DELETE = "delete"


class Certainty(StrEnum):
    """Whether it is this one for sure, or one of several that it can have been."""

    DEFINITE = "definite"
    POSSIBLE = "possible"


def need_some(quantity: Quantity | None) -> None:
    """
    Refuse a quantity of parts that is none, or a fraction of an item.

    Args:
        quantity: of a part; None where nobody counted

    Raises:
        MalformedError: it is not more than none, or items are not counted whole.

    Source: our choice: ADR 0049.
    """
    if quantity is None:
        return
    if quantity.value <= 0:
        raise MalformedError(
            f"A part of {quantity} is none.", hint="Write how much went in or came out."
        )
    if quantity.unit is Unit.items and quantity.value != quantity.value.to_integral_value():
        raise MalformedError(f"{quantity} is no whole number.", hint="Count whole items.")


class Part(Fact, frozen=True):
    """What went in or came out: one unit, or so much of a lot; a unit may name its lot too."""

    unit: UnitId | None = None
    lot: LotId | None = None
    quantity: Quantity | None = None
    certainty: Certainty = Certainty.DEFINITE

    def __post_init__(self) -> None:
        """Refuse less than something, and a fraction of an item."""
        need_some(self.quantity)


class BomLine(Fact, frozen=True):
    """One line of the parts list as built; a maker who is not named is a gap."""

    component: Text
    part_number: Text
    revision: Text
    maker: PartyId | None = None
    quantity: Quantity | None = None
    firmware: Digest | None = None

    def __post_init__(self) -> None:
        """Refuse less than something, and a fraction of an item."""
        need_some(self.quantity)


class Assembly(Fact, frozen=True):
    """The assembler joined these inputs into these outputs, or took them apart."""

    assembler: PartyId
    number: Text
    action: Action
    level: WholeLevel
    at: Instant
    inputs: Many[Part]
    outputs: Many[Part]
    where: PlaceId | None = None
    part_table: Commitment | None = None
    bom_revision: Text | None = None
    bom: Many[BomLine] = ()
    bom_table: Commitment | None = None

    @property
    def claim(self) -> str:
        """One statement for each numbered assembly of an assembler."""
        return f"{self.assembler} {self.number}"

    @property
    def links(self) -> tuple[SubjectId, ...]:
        """Every unit and lot that went in or came out, those in the table left out."""
        parts = (*self.inputs, *self.outputs)
        return tuple(one for part in parts for one in (part.unit, part.lot) if one is not None)
