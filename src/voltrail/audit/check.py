"""
Check an evidence pack with pinned keys and nothing else.

    1  open the checkpoint with a pinned log key; where witnesses are asked for, count them
    2  for each entry: the leaf names this envelope, and the proof leads from the leaf to the root
    3  for each entry, in order: verify its signatures with the keys enrolled before it, at its
    log time
    4  judge the proofs of time by the witnesses and services that the reader names, if any
    5  fold the entries, take the policy the decision names, and judge again
    6  compare with the decision in the pack

Does not know what the operator left out of the register; the proofs show what is in it.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from msgspec import Struct

from voltrail import canonical, merkle
from voltrail.audit.pack import Pack
from voltrail.audit.shelf import PackBlobs, PackEntries
from voltrail.audit.time_proofs import Outsiders, judged
from voltrail.controls.policy import Policy, of_record
from voltrail.decisions.baseline import baseline
from voltrail.decisions.replay import Replay, replay
from voltrail.errors import RefusedError, UnverifiableError
from voltrail.projections.anchors import KEY_TYPE, folded
from voltrail.projections.dossier import Archive
from voltrail.projections.fold import project
from voltrail.projections.memory import MemoryViews
from voltrail.projections.view import Recorded, registered
from voltrail.register import checkpoint as checkpoints
from voltrail.register import witness_policy
from voltrail.register.checkpoint import Checkpoint
from voltrail.register.entry import Entry
from voltrail.register.note import open_note, parse_vkey
from voltrail.register.time_proof import ProvenTime
from voltrail.register.witness_policy import Quorum, WitnessPolicy
from voltrail.statements import envelope as envelopes
from voltrail.statements.decision import DecisionRecord
from voltrail.statements.policy import PolicyRecord
from voltrail.trust.anchors import Anchors
from voltrail.trust.entitlement import entitle
from voltrail.trust.verify import verify

_NOBODY = Outsiders()


class Checked(Struct, frozen=True):
    """A pack that holds: its decision, the replay, and what was checked."""

    pack: Pack
    checkpoint: Checkpoint
    decision: DecisionRecord
    replay: Replay
    issuers: tuple[str, ...]
    newest: datetime
    quorum: Quorum | None = None
    proven: ProvenTime | None = None


def check(
    pack: Pack, pinned: Anchors, logs: Sequence[str], outsiders: Outsiders = _NOBODY
) -> Checked:
    """
    Return a pack's decision once everything in the pack has been verified.

    Args:
        pack: as parsed
        pinned: bindings accepted without further proof
        logs: verifier keys of pinned logs
        outsiders: which witnesses must have cosigned the checkpoint, and who is trusted on time

    Returns:
        What was checked; `replay.same` says whether judging again gives the same answer; `proven`
        by when the decision existed, where an outsider vouches.

    Raises:
        RefusedError: a proof, a signature, an issuer or the quorum of witnesses does not hold.
        UnverifiableError: no pinned log signed the checkpoint, or the policy is not in the pack.
        MalformedError: a part is not what it should be.

    Source: reference on provenance, section 2.3; ADR 0008.
    """
    quorum = _witnessed(pack, logs, outsiders.witnesses)  # 1
    facts, promised = _verified(pack, pinned, logs)
    timed = judged(pack, facts, promised, outsiders, map(parse_vkey, logs))  # 4
    decision = _decision(pack, facts)
    archive, policy = _archive(pack, pinned, timed.facts), _policy(decision, facts)
    return Checked(
        pack,
        promised,
        decision,
        replay(archive, decision, policy),  # 5, 6
        tuple(sorted({str(one.issuer) for one in facts})),
        max(one.entry.log_time for one in facts),
        quorum,
        timed.of(pack.decision),
    )


class CheckedStatement(Struct, frozen=True):
    """A statement that holds: the fact with its place, and the checkpoint that covers it."""

    recorded: Recorded[Any]
    checkpoint: Checkpoint
    entries: int
    newest: datetime
    quorum: Quorum | None = None
    proven: ProvenTime | None = None


def check_statement(
    pack: Pack, pinned: Anchors, logs: Sequence[str], outsiders: Outsiders = _NOBODY
) -> CheckedStatement:
    """
    Return the one statement a pack is about, once everything in the pack has been verified.

    Args:
        pack: as parsed
        pinned: bindings accepted without further proof
        logs: verifier keys of pinned logs
        outsiders: which witnesses must have cosigned the checkpoint, and who is trusted on time

    Returns:
        The statement, its log time, the checkpoint; by when it existed, where an outsider vouches.

    Raises:
        RefusedError: a proof, a signature, an issuer or the quorum of witnesses does not hold, or
            the entry is not there.
        UnverifiableError: no pinned log signed the checkpoint.
        MalformedError: a part is not what it should be.

    Source: mission, AT-03; ADR 0008.
    """
    quorum = _witnessed(pack, logs, outsiders.witnesses)  # 1
    facts, promised = _verified(pack, pinned, logs)
    timed = judged(pack, facts, promised, outsiders, map(parse_vkey, logs))  # 4
    for one in facts:
        if one.entry.index == pack.decision:
            newest, proven = max(each.entry.log_time for each in facts), timed.of(pack.decision)
            return CheckedStatement(one, promised, len(facts), newest, quorum, proven)
    raise RefusedError(f"The pack does not hold entry {pack.decision}.", hint=_ASK)


def _witnessed(pack: Pack, logs: Sequence[str], witnesses: WitnessPolicy | None) -> Quorum | None:
    if witnesses is None:
        return None
    return witness_policy.need(witnesses, pack.checkpoint, map(parse_vkey, logs))


def _verified(
    pack: Pack, pinned: Anchors, logs: Sequence[str]
) -> tuple[list[Recorded[Any]], Checkpoint]:
    text, _ = open_note(pack.checkpoint, [parse_vkey(line) for line in logs])  # 1
    promised = checkpoints.parse(text)
    facts: list[Recorded[Any]] = []
    events: tuple[Recorded[Any], ...] = ()
    anchors = pinned
    for entry in pack.entries:
        _included(entry, pack.proofs[entry.index], promised)  # 2
        verified = verify(envelopes.parse(entry.raw), anchors, entry.parsed.log_time)  # 3
        entitle(verified, pack.operator, anchors, entry.parsed.log_time)
        if verified.digest != entry.parsed.envelope:
            raise RefusedError(f"Entry {entry.index} holds another envelope.", hint=_ASK)
        facts.append(registered(verified, entry))
        if facts[-1].predicate_type == KEY_TYPE:
            events = (*events, facts[-1])
            anchors = folded(events, pinned)
    return facts, promised


_ASK = "Do not rely on this pack; ask the operator for another and keep this one."


def _included(entry: Entry, proof: Sequence[bytes], promised: Checkpoint) -> None:
    merkle.verify_inclusion(entry.index, promised.size, entry.leaf_hash, list(proof), promised.root)


def _decision(pack: Pack, facts: Sequence[Recorded[Any]]) -> DecisionRecord:
    for one in facts:
        if one.entry.index == pack.decision and isinstance(one.fact, DecisionRecord):
            if one.fact.about != pack.arrival or one.issuer != pack.operator:
                break
            return one.fact
    raise RefusedError("The pack does not hold the decision it names.", hint=_ASK)


def _policy(decision: DecisionRecord, facts: Sequence[Recorded[Any]]) -> Policy:
    known = (of_record(one.fact) for one in facts if isinstance(one.fact, PolicyRecord))
    for policy in known:
        if policy.digest == decision.policy:
            return policy
    if baseline().digest == decision.policy:
        return baseline()
    raise UnverifiableError(
        f"The pack does not hold the policy {decision.policy}.",
        hint="Use the Voltrail version that made the decision.",
    )


def _archive(pack: Pack, pinned: Anchors, facts: Sequence[Recorded[Any]]) -> Archive:
    for digest, data in pack.tables.items():
        if canonical.digest(data) != digest:
            raise RefusedError(f"The table {digest} was changed.", hint=_ASK)
    views, blobs = MemoryViews(), PackBlobs(pack.tables)
    project(views, facts, blobs)
    return Archive(PackEntries(pack.entries), views, blobs, pinned, pack.operator)
