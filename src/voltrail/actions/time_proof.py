"""
Have others than the operator prove when the register stood: record it, and hand it out.

What witnesses cosigned or a time-stamp service stamped is kept by its digest, and one statement
says what it proves. Does not speak to anybody: who asked the service hands its answer in.
"""

from datetime import datetime, timedelta
from itertools import islice

from msgspec import Struct

from voltrail.actions import prove
from voltrail.actions.desk import Desk
from voltrail.actions.record import Registered, state
from voltrail.errors import RefusedError
from voltrail.projections.time_proof import TIME_TYPE, following
from voltrail.projections.view import Recorded, recorded
from voltrail.register import time_proof as evidence
from voltrail.register import witness_policy
from voltrail.register.note import parse_vkey
from voltrail.register.time_proof import ProvenTime
from voltrail.register.witness_policy import WitnessPolicy
from voltrail.statements.fields import Digest
from voltrail.statements.statement import Header
from voltrail.statements.time_proof import TimeProof, VouchedBy
from voltrail.trust.foreign import timestamp
from voltrail.trust.foreign.timestamp import Service

AHEAD = timedelta(minutes=1)  # our choice: a stamp's inaccuracy, and two clocks that differ
_LAST = 64  # [proofs] looked through for the newest one of somebody; our choice
_NEAR = 1_000  # [checkpoints] looked through for one with a quorum; our choice


class Request(Struct, frozen=True):
    """What a time-stamp service is asked: the checkpoint, the query over it, and its nonce."""

    size: int
    note: bytes
    query: bytes
    nonce: int


def newest(desk: Desk, by: VouchedBy) -> Recorded[TimeProof] | None:
    """
    Return the newest proof of time that witnesses, or any service, vouch for.

    Args:
        desk: where it is kept
        by: witnesses, or services

    Returns:
        The proof as recorded, or None where none of the last 64 is theirs.

    Source: our choice: ADR 0044.
    """
    last = list(desk.views.indices(TIME_TYPE))[-_LAST:]
    for one in map(recorded, reversed(desk.entries.at(last))):
        if one.fact.vouched_by is by:
            return one
    return None


def uncovered(desk: Desk, covered: int) -> int:
    """
    Return how many entries stand above a size, proofs of time left out.

    Args:
        desk: where they are kept
        covered: the size that is proven already [entries]

    Returns:
        Number of entries below the newest checkpoint.

    Source: our choice: ADR 0044.
    """
    notes = desk.entries.checkpoints()
    size = notes[0][0] if notes else 0
    proofs = sum(covered <= index < size for index in desk.views.indices(TIME_TYPE))
    return max(0, size - covered - proofs)


def request(desk: Desk) -> Request:
    """
    Return what a time-stamp service is asked about the newest checkpoint.

    Args:
        desk: signs a checkpoint where something came since the last one

    Returns:
        The note, and the query over its bytes.

    Raises:
        RefusedError: nothing is registered yet.
        UnverifiableError: the package for time stamps is missing.

    Source: RFC 3161 section 2.4.1.
    """
    if not desk.entries.size():
        raise RefusedError(
            "The register has no entry, so there is nothing to stamp.", hint="Register something."
        )
    prove.own_checkpoint(desk)
    size, note = desk.entries.checkpoints()[0]
    query, nonce = timestamp.request(note)
    return Request(size, note, query, nonce)


def from_service(
    desk: Desk, asked: Request, token: bytes, trusted: Service, at: datetime
) -> Registered:
    """
    Record what a time-stamp service answered.

    Args:
        desk: where it is recorded
        asked: what it was asked
        token: its answer
        trusted: its certificates
        at: log time

    Returns:
        Where the proof stands.

    Raises:
        RefusedError: the answer is about something else, or says a time that has not come.
        SignatureInvalidError: another service signed, or nobody did.
        LapsedError: made outside the validity of the service's certificate.
        UnverifiableError: certificate or package are missing.
        MalformedError: it is no token.

    Source: RFC 3161 section 2.4.2; ADR 0044.
    """
    logs = [parse_vkey(one) for one in desk.log.verifier_keys]
    found = evidence.by_service(asked.note, token, trusted, logs, asked.nonce)
    return _recorded(desk, _kept(desk, found, (asked.note, token), at), at)


def from_witnesses(desk: Desk, policy: WitnessPolicy, at: datetime) -> Registered | None:
    """
    Record the newest checkpoint that enough witnesses have cosigned.

    Args:
        desk: knows checkpoints and cosignatures
        policy: whose cosignatures count, and how many
        at: log time

    Returns:
        Where the proof stands; None where none of the last 1,000 has a quorum and is newer than
        the last one on record.

    Raises:
        RefusedError: witnesses say a time that has not come.
        SignatureInvalidError: what is kept as a cosignature is none.

    Source: C2SP tlog-policy; ADR 0044.
    """
    logs = [parse_vkey(one) for one in desk.log.verifier_keys]
    last = newest(desk, VouchedBy.WITNESSES)
    above = last.fact.size if last is not None else 0
    for size, note in islice(desk.entries.checkpoints(), _NEAR):
        if size <= above:
            return None
        lines = desk.cosignatures.of(size)
        if lines and witness_policy.quorum(policy, note + lines, logs).since is not None:
            found = evidence.by_witnesses(note + lines, policy, logs)
            fact = _kept(desk, found, (note + lines, b""), at)
            return None if _stands(desk, fact) else _recorded(desk, fact, at)
    return None


def proofs(desk: Desk, index: int) -> tuple[Recorded[TimeProof], ...]:
    """
    Return the first proofs of time that cover an entry, the earliest moment first.

    Args:
        desk: where they are kept
        index: of the entry

    Returns:
        At most 8 proofs.

    Raises:
        UnknownSubjectError: the register is shorter.

    Source: ADR 0044.
    """
    prove.within(desk, index)
    near = following(desk.views.indices(TIME_TYPE), index)
    found = [one for one in map(recorded, desk.entries.at(near)) if one.fact.size > index]
    return tuple(sorted(found, key=lambda one: (one.fact.proven_at, one.entry.index)))


def receipt_under(desk: Desk, index: int, proof: Recorded[TimeProof]) -> bytes:
    """
    Return the offline proof that an entry stands under the checkpoint of a proof of time.

    Args:
        desk: where both are kept
        index: of the entry
        proof: covers it

    Returns:
        A tlog-proof text.

    Raises:
        RefusedError: the checkpoint that was vouched for is not kept here, or does not cover it.

    Source: C2SP tlog-proof.
    """
    note = desk.blobs.get(proof.fact.checkpoint)
    if note is None or index >= proof.fact.size:
        raise RefusedError(
            f"Proof {proof.entry.index} does not show entry {index}.",
            hint="Take the proof that comes first after the entry.",
        )
    return prove.receipt(desk, index, note, proof.fact.size).text()


def _kept(desk: Desk, found: ProvenTime, kept: tuple[bytes, bytes], at: datetime) -> TimeProof:
    """Return what is stated of a proof, once what it rests on is kept."""
    point, (note, token) = found.checkpoint, kept
    if found.at > at + AHEAD:
        raise RefusedError(
            f"{', '.join(found.vouchers)} says {found.at:%Y-%m-%d %H:%M:%SZ}, which has not come.",
            hint="Set this machine's clock, or ask whoever runs the other one.",
        )
    return TimeProof(
        register=point.origin,
        size=point.size,
        root=Digest(point.root.hex()),
        proven_at=found.at,
        vouched_by=found.by,
        vouchers=found.vouchers,
        checkpoint=Digest(desk.blobs.put(note)),
        token=Digest(desk.blobs.put(token)) if token else None,
    )


def _recorded(desk: Desk, fact: TimeProof, at: datetime) -> Registered:
    return state(desk, fact, Header(desk.operator, at), desk.operator)


def _stands(desk: Desk, fact: TimeProof) -> bool:
    """Whether the same is on record already, further back than `newest` looks."""
    claim = f"{desk.operator} {TIME_TYPE} {fact.claim}"
    return bool(desk.entries.claimants({claim}))
