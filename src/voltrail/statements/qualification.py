"""
A supplier's qualification: for which family, place of making, channel and tier, on what evidence.

Stated by the operator. The seven evidence items each have a state; the floor under a
qualification is a named manufacturer and a current test report.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from voltrail.ids.subject import DocumentId, PartyId, PlaceId


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


@dataclass(frozen=True, slots=True)
class Item:
    """One evidence item, its state and the documents behind it."""

    item: EvidenceItem
    state: EvidenceState
    documents: tuple[DocumentId, ...] = ()


@dataclass(frozen=True, slots=True)
class Qualification:
    """The supplier may, or may not, be bought from within this scope and time."""

    supplier: PartyId
    families: tuple[str, ...]
    channels: tuple[str, ...]
    tier: int
    verdict: Verdict
    evidence: tuple[Item, ...]
    valid_from: datetime
    valid_until: datetime
    manufacturer: PartyId | None = None
    factory: PlaceId | None = None
    test_report: DocumentId | None = None
    criterion: str | None = None
