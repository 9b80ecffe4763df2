"""
Judge the proofs of time in a pack by the witnesses and services that the reader trusts.

Where the reader names some, a proof that does not hold by them counts for nothing, and judging
again goes without it. Where the reader names none, the operator's word on its own proofs stands,
and no time is proven by others. Does not know a clock.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from msgspec import Struct

from voltrail import canonical, merkle
from voltrail.audit.pack import Pack
from voltrail.errors import ProductError, RefusedError, UnverifiableError
from voltrail.projections.view import Recorded
from voltrail.register import time_proof as evidence
from voltrail.register.checkpoint import Checkpoint
from voltrail.register.note import Verifier
from voltrail.register.time_proof import ProvenTime
from voltrail.register.witness_policy import WitnessPolicy
from voltrail.statements.time_proof import TimeProof, VouchedBy
from voltrail.trust.foreign.timestamp import Service

_ASK = "Do not rely on this pack; ask the operator for another and keep this one."


class Outsiders(Struct, frozen=True):
    """Whom a reader trusts on time: witnesses with a quorum, services, both or neither."""

    witnesses: WitnessPolicy | None = None
    services: Service | None = None

    @property
    def are_named(self) -> bool:
        """Whether the reader named any."""
        return self.witnesses is not None or self.services is not None


class Judged(Struct, frozen=True):
    """The facts that remain, and what holds of the proofs of time, by the entry that states it."""

    facts: tuple[Recorded[Any], ...]
    held: Mapping[int, ProvenTime]

    def of(self, index: int) -> ProvenTime | None:
        """Return the proof with the earliest moment that covers an entry."""
        covering = (one for one in self.held.values() if one.checkpoint.size > index)
        return min(covering, key=lambda one: one.at, default=None)


def judged(
    pack: Pack,
    facts: Sequence[Recorded[Any]],
    promised: Checkpoint,
    outsiders: Outsiders,
    logs: Iterable[Verifier],
) -> Judged:
    """
    Return the facts of a pack without the proofs of time that do not hold.

    Args:
        pack: holds what the proofs rest on
        facts: verified
        promised: the checkpoint of the pack
        outsiders: whom the reader trusts on time
        logs: keys of the register

    Returns:
        What remains, and what was proven.

    Raises:
        RefusedError: a proof of time is of another history than the pack.
        MalformedError: a proof's hashes do not fit its sizes.

    Source: reference on provenance, sections 2.4 and 2.6; ADR 0044.
    """
    stated = [one for one in facts if isinstance(one.fact, TimeProof)]
    for one in stated:
        _of_one_history(pack, one, promised)
    if not outsiders.are_named:
        return Judged(tuple(facts), {})
    known = tuple(logs)
    found = {one.entry.index: _held(pack, one.fact, outsiders, known) for one in stated}
    held = {index: proof for index, proof in found.items() if proof is not None}
    kept = (one for one in facts if one.entry.index not in found or one.entry.index in held)
    return Judged(tuple(kept), held)


def _of_one_history(pack: Pack, one: Recorded[TimeProof], promised: Checkpoint) -> None:
    fact, way = one.fact, pack.grown.get(one.entry.index)
    if way is None:
        raise RefusedError(
            f"The pack does not show that proof of time {one.entry.index} is of its history.",
            hint=_ASK,
        )
    merkle.verify_consistency(
        fact.size, promised.size, bytes.fromhex(fact.root), promised.root, list(way)
    )


def _held(
    pack: Pack, fact: TimeProof, outsiders: Outsiders, logs: tuple[Verifier, ...]
) -> ProvenTime | None:
    """Return what one proof proves to this reader; None where it proves them nothing."""
    try:
        found = _judge(pack, fact, outsiders, logs)
    except ProductError:
        return None
    if found.at > fact.proven_at:
        return None  # to this reader it proves less than it says
    point = found.checkpoint
    if (point.origin, point.size, point.root.hex()) != (fact.register, fact.size, fact.root):
        raise RefusedError(
            f"What proves the time of size {fact.size} is about another checkpoint.", hint=_ASK
        )
    return found


def _judge(
    pack: Pack, fact: TimeProof, outsiders: Outsiders, logs: tuple[Verifier, ...]
) -> ProvenTime:
    note = _kept(pack, fact.checkpoint)
    if fact.vouched_by is VouchedBy.WITNESSES and outsiders.witnesses is not None:
        return evidence.by_witnesses(note, outsiders.witnesses, logs)
    if fact.token is not None and outsiders.services is not None:
        return evidence.by_service(note, _kept(pack, fact.token), outsiders.services, logs)
    raise UnverifiableError("Nobody the reader trusts vouches for it.", hint=_ASK)


def _kept(pack: Pack, digest: str) -> bytes:
    data = pack.evidence.get(digest)
    if data is None or canonical.digest(data) != digest:
        raise UnverifiableError("What the proof of time rests on is not in the pack.", hint=_ASK)
    return data
