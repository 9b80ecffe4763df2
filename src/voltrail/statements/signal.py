"""Small things worth remembering: anomalies, and statements that were handed in and refused."""

from enum import StrEnum

from voltrail.ids.subject import PartyId
from voltrail.statements.fields import Digest, Fact, Many, Text


class SignalKind(StrEnum):
    """The small anomalies and red flags of the mission."""

    MISSING_CERTIFICATE = "missing-test-certificate"
    SERIAL_MISMATCH = "serial-mismatch"
    INCONSISTENT_LABEL = "inconsistent-label"
    BOM_CHANGE = "unexplained-bom-change"
    CONNECTOR = "inconsistent-connector"
    PACKAGING = "unexpected-packaging"
    UPDATE_PROMPT = "suspicious-update-prompt"
    ENTRY = "entry-without-permission"


class Signal(Fact, frozen=True):
    """Somebody noticed something."""

    kind: SignalKind
    sentence: Text
    parties: Many[PartyId] = ()


class Refusal(Fact, frozen=True):
    """A statement was handed in and refused; its bytes are known by digest only."""

    envelope: Digest
    statement_type: Text
    claimed_issuer: PartyId
    error: Text
    sentence: Text

    @property
    def claim(self) -> str:
        """One word on each envelope and kind of error, however often it is handed in."""
        return f"{self.envelope} {self.error}"
