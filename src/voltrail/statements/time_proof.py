"""
Others than the operator vouch that the register had grown so far by a moment.

Either enough witnesses cosigned a checkpoint, or a time-stamp service stamped it. What they signed
is kept by its digest, so that anybody can judge it again. Does not say whom to trust.
"""

from enum import StrEnum

from voltrail.statements.fields import Digest, Fact, Instant, Many, Text, Whole


class VouchedBy(StrEnum):
    """Who vouches for the moment."""

    WITNESSES = "witnesses"
    SERVICE = "time-stamp-service"


class TimeProof(Fact, frozen=True):
    """
    The register held its first `size` entries, under `root`, by `proven_at`.

    `checkpoint` is the digest of the signed note; `token` that of the RFC 3161 token over the bytes
    of the note, and absent where witnesses vouch: their cosignatures are part of the note.
    """

    register: Text
    size: Whole
    root: Digest
    proven_at: Instant
    vouched_by: VouchedBy
    vouchers: Many[Text]
    checkpoint: Digest
    token: Digest | None = None

    @property
    def claim(self) -> str:
        """One proof for each checkpoint and each service, one for all witnesses together."""
        by = self.vouchers[0] if self.vouched_by is VouchedBy.SERVICE and self.vouchers else ""
        return f"{self.register} {self.size} {self.vouched_by} {by}"
