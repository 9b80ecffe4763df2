"""The same issuer corrects or withdraws what it said; the old statement stays visible."""

from voltrail.statements.fields import Digest, Fact, Text


class Correction(Fact, frozen=True):
    """The statement with this digest no longer stands; `instead` names its successor, if any."""

    withdraws: Digest
    explanation: Text
    instead: Digest | None = None
