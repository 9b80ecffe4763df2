"""The same issuer corrects or withdraws what it said; the old statement stays visible."""

from dataclasses import dataclass

from voltrail.statements.fields import Digest


@dataclass(frozen=True, slots=True)
class Correction:
    """The statement with this digest no longer stands; `instead` names its successor, if any."""

    withdraws: Digest
    explanation: str
    instead: Digest | None = None
