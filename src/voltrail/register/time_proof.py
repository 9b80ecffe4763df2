"""
Whether what is kept of a proof of time proves it: cosignatures of witnesses, or a stamp.

Knows checkpoints, the quorum of a witness policy, RFC 3161 tokens. Does not know a clock: a service
that stamps too late a time proves less, never more. Whom to trust is an argument.
"""

from collections.abc import Iterable
from datetime import UTC, datetime

from msgspec import Struct

from voltrail.errors import RefusedError, UnverifiableError
from voltrail.register import checkpoint as checkpoints
from voltrail.register import witness_policy
from voltrail.register.checkpoint import Checkpoint
from voltrail.register.note import Verifier
from voltrail.register.witness_policy import WitnessPolicy
from voltrail.statements.time_proof import VouchedBy
from voltrail.trust.foreign import timestamp
from voltrail.trust.foreign.timestamp import Service

_END = datetime.max.replace(tzinfo=UTC)  # no clock is asked: see the head of this file


class ProvenTime(Struct, frozen=True):
    """A checkpoint stood by `at`, say others than the register."""

    checkpoint: Checkpoint
    at: datetime
    by: VouchedBy
    vouchers: tuple[str, ...]

    @property
    def sentence(self) -> str:
        """Who vouches, and for when."""
        return f"{self.at:%Y-%m-%dT%H:%M:%SZ} {WORDS[self.by]} {', '.join(self.vouchers)}"


WORDS = {VouchedBy.WITNESSES: "cosigned by", VouchedBy.SERVICE: "stamped by"}


def by_witnesses(signed: bytes, policy: WitnessPolicy, logs: Iterable[Verifier]) -> ProvenTime:
    """
    Return by when enough witnesses had seen a checkpoint.

    Args:
        signed: the note with its cosignatures
        policy: whose cosignatures count, and how many
        logs: keys of the register

    Returns:
        The moment at which the quorum was reached, by the witnesses' own clocks.

    Raises:
        RefusedError: the quorum is not reached, or a known key's signature does not match.
        UnverifiableError: no known log signed the note, or the policy asks nobody.
        MalformedError: no signed checkpoint.

    Source: C2SP tlog-cosignature; tlog-policy.
    """
    found = witness_policy.need(policy, signed, logs)
    if found.since is None:
        raise UnverifiableError(
            "The policy asks no witness, so nobody proves a time.", hint="Name witnesses in it."
        )
    names = tuple(name for name, when in found.cosigned if when <= found.since)
    return ProvenTime(found.checkpoint, found.since, VouchedBy.WITNESSES, names)


def by_service(
    signed: bytes,
    token: bytes,
    trusted: Service,
    logs: Iterable[Verifier],
    nonce: int | None = None,
) -> ProvenTime:
    """
    Return by when a time-stamp service had seen a checkpoint.

    Args:
        signed: the note that was stamped, byte for byte
        token: the RFC 3161 token
        trusted: the service's certificates
        logs: keys of the register
        nonce: the number in the request, where this is its answer

    Returns:
        The time in the token, its inaccuracy added.

    Raises:
        RefusedError: the token is about other bytes, answers another request, or is no grant.
        SignatureInvalidError: a signature does not hold, or another service signed.
        LapsedError: made outside the validity of the service's certificate.
        UnverifiableError: no known log signed the note, or certificate or package are missing.
        MalformedError: no signed checkpoint, or no token.

    Source: RFC 3161 section 2.4.2.
    """
    point = checkpoints.opened(signed, tuple(logs))
    found = timestamp.verify(token, signed, trusted, _END, nonce)
    if found.proven_at is None:
        raise RefusedError("The stamp says no time.", hint="Ask the service again.")
    return ProvenTime(point, found.proven_at, VouchedBy.SERVICE, (found.signer,))
