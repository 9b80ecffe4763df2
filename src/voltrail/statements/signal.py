"""Small things worth remembering: anomalies, and statements that were handed in and refused."""

from dataclasses import dataclass
from enum import StrEnum

from voltrail.ids.subject import PartyId
from voltrail.statements.fields import Digest


class SignalKind(StrEnum):
    """The small anomalies and red flags of the mission."""

    MISSING_CERTIFICATE = "missing-test-certificate"
    SERIAL_MISMATCH = "serial-mismatch"
    INCONSISTENT_LABEL = "inconsistent-label"
    BOM_CHANGE = "unexplained-bom-change"
    CONNECTOR = "inconsistent-connector"
    PACKAGING = "unexpected-packaging"
    UPDATE_PROMPT = "suspicious-update-prompt"


@dataclass(frozen=True, slots=True)
class Signal:
    """Somebody noticed something."""

    kind: SignalKind
    sentence: str
    parties: tuple[PartyId, ...] = ()


@dataclass(frozen=True, slots=True)
class Refusal:
    """A statement was handed in and refused; its bytes are known by digest only."""

    envelope: Digest
    statement_type: str
    claimed_issuer: PartyId
    error: str
    sentence: str
