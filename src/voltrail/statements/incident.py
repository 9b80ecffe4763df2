"""
Something went wrong: what kind, where, since when, which goods, how grave, and what speaks for it.

Several statements may stand about one case; each adds what was known then. Does not hold anything:
a hold does.
"""

from enum import StrEnum

from voltrail.ids.subject import ArrivalId, CaseId, LotId, PersonId, PlaceId, UnitId
from voltrail.statements.fields import Digest, Fact, Instant, Many, Text
from voltrail.table import Commitment


class IncidentKind(StrEnum):
    """What it looks like."""

    COUNTERFEIT = "counterfeit"
    TAMPERING = "tampering"
    SAFETY = "safety"
    FIRMWARE = "firmware"
    PROVENANCE = "provenance"
    QUALITY = "quality"


class Severity(StrEnum):
    """How grave it is, in the classes of nonconformities."""

    MINOR = "minor"
    MAJOR = "major"
    CRITICAL = "critical"


class Progress(StrEnum):
    """How far the case has come."""

    OPEN = "open"
    CONTAINED = "contained"
    CLOSED = "closed"


class Impact(StrEnum):
    """The four impacts of the mission."""

    AVAILABILITY = "availability"
    SAFETY = "safety"
    WARRANTY = "warranty"
    REPORTABLE = "reportable-compliance"


class Cause(StrEnum):
    """The four causes to tell apart."""

    MANUFACTURING = "manufacturing-defect"
    STORAGE = "poor-storage"
    INSTALLATION = "installation-error"
    TAMPERING = "tampering"


class Weight(StrEnum):
    """Which way a piece of evidence moves a cause."""

    SUPPORTS = "supports"
    WEAKENS = "weakens"


class CauseEvidence(Fact, frozen=True):
    """What supports or weakens one cause, in a sentence, with the statements it rests on."""

    cause: Cause
    weight: Weight
    sentence: Text
    evidence: Many[Digest] = ()


class Incident(Fact, frozen=True):
    """What is known of a case; duties to report count from `aware_at`."""

    case: CaseId
    kind: IncidentKind
    severity: Severity
    seen_at: Instant
    sentence: Text
    progress: Progress = Progress.OPEN
    where: PlaceId | None = None
    aware_at: Instant | None = None
    reported_by: PersonId | None = None
    units: Many[UnitId] = ()
    lots: Many[LotId] = ()
    arrivals: Many[ArrivalId] = ()
    unit_table: Commitment | None = None
    impacts: Many[Impact] = ()
    causes: Many[CauseEvidence] = ()
    evidence: Many[Digest] = ()
