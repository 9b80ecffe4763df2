"""
A whole made of parts, or taken apart again: what went in, what came out, by whom, when and where.

Inputs and outputs follow EPCIS: units with their own identity, or so much of a lot. Long lists are
committed tables. Does not know whether the parts were there to be built in; genealogy does.
"""

from enum import StrEnum

from voltrail.ids.subject import LotId, PartyId, PlaceId, SubjectId, UnitId
from voltrail.quantities import Quantity
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


class Part(Fact, frozen=True):
    """What went in or came out: one unit, or so much of a lot; a unit may name its lot too."""

    unit: UnitId | None = None
    lot: LotId | None = None
    quantity: Quantity | None = None
    certainty: Certainty = Certainty.DEFINITE


class BomLine(Fact, frozen=True):
    """One line of the parts list as built; a maker who is not named is a gap."""

    component: Text
    part_number: Text
    revision: Text
    maker: PartyId | None = None
    quantity: Quantity | None = None
    firmware: Digest | None = None


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
