"""
What the operator asks of a product or family, in six parts, line by line, in numbered versions.

Each line says what is asked and how it is shown; nobody's word shows anything. Does not know
whether a lot conforms.
"""

from enum import StrEnum

from voltrail.ids.subject import DocumentId, ProductId
from voltrail.quantities import Quantity
from voltrail.statements.fields import Digest, Fact, Instant, Many, Text, Whole


class SpecPart(StrEnum):
    """The six parts of a specification."""

    CHEMISTRY = "chemistry"
    CAPACITY = "capacity"
    THERMAL = "thermal-limits"
    ENVIRONMENT = "environment"
    FIRMWARE = "firmware-behaviour"
    COMPLIANCE = "compliance"


class ShownBy(StrEnum):
    """What kind of statement shows that a line is met."""

    MEASUREMENT = "measurement"
    ATTESTATION = "attestation"
    CERTIFICATE = "certificate"
    LOT_RECORD = "lot-record"
    LOGGER = "logger"


class Line(Fact, frozen=True):
    """One requirement: between least and most, both included, or as the text says."""

    line: Text
    part: SpecPart
    characteristic: Text
    shown_by: ShownBy
    least: Quantity | None = None
    most: Quantity | None = None
    text: Text | None = None
    method: Text | None = None


class Specification(Fact, frozen=True):
    """One version of what is asked of a product, or of every product of a family."""

    specification: DocumentId
    version: Whole
    title: Text
    valid_from: Instant
    lines: Many[Line]
    product: ProductId | None = None
    family: Text | None = None
    content: Digest | None = None

    @property
    def claim(self) -> str:
        """One statement for each version of a specification."""
        return f"{self.specification} {self.version}"

    @property
    def missing(self) -> tuple[SpecPart, ...]:
        """The parts, of the six, that have no line."""
        there = {line.part for line in self.lines}
        return tuple(part for part in SpecPart if part not in there)
