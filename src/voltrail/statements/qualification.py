"""
A supplier's qualification: for which family, place of making, channel and tier, on what evidence.

Stated by the operator. The seven evidence items each have a state; the floor under a
qualification is a named manufacturer and a current test report.
"""

from enum import StrEnum

from voltrail.ids.subject import DocumentId, PartyId, PlaceId
from voltrail.statements.fields import Fact, Instant, Many, Text, Whole


class EvidenceItem(StrEnum):
    """The seven items of the evidence package."""

    IDENTITY = "corporate-identity"
    LOCATION = "manufacturing-location"
    FACTORY = "factory-certification"
    SAFETY = "safety-certifications"
    FIRMWARE = "firmware-release-process"
    RECALLS = "recall-history"
    REFERENCES = "references"


class EvidenceState(StrEnum):
    """What stands behind an item."""

    PRESENT = "present"
    MISSING = "missing"
    STALE = "stale"
    REJECTED = "rejected"
    CORROBORATED = "corroborated"


class Verdict(StrEnum):
    """Outcome of a qualification."""

    QUALIFIED = "qualified"
    REJECTED = "rejected"


class Item(Fact, frozen=True):
    """One evidence item, its state and the documents behind it."""

    item: EvidenceItem
    state: EvidenceState
    documents: Many[DocumentId] = ()


class Qualification(Fact, frozen=True):
    """The supplier may, or may not, be bought from within this scope and time."""

    supplier: PartyId
    families: Many[Text]
    channels: Many[Text]
    tier: Whole
    verdict: Verdict
    evidence: Many[Item]
    valid_from: Instant
    valid_until: Instant
    manufacturer: PartyId | None = None
    factory: PlaceId | None = None
    test_report: DocumentId | None = None
    criterion: Text | None = None
