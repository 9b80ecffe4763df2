"""
Ask the element of a unit, and keep on record what its answer says.

A match and a wrong key are recorded as attestation results of the operator; what says something of
the question alone (too late, another unit, no key) is shown and leaves no entry. Keeps no
challenges: whoever keeps them says whether one was answered before.
"""

import hashlib
from datetime import datetime, timedelta

from msgspec import Struct

import voltrail
from voltrail.actions import record
from voltrail.actions.desk import Desk
from voltrail.errors import UnverifiableError
from voltrail.ids.subject import PartyId, UnitId
from voltrail.labels import element
from voltrail.labels.element import Challenge, Hand, Judged, Proof, Purpose
from voltrail.projections.element import SCHEME, answers, bound, public_key
from voltrail.projections.fold import view
from voltrail.projections.view import Recorded
from voltrail.statements.attestation import (
    Appraisal,
    AssuranceLevel,
    AttestationResult,
    TrustClaim,
    TrustTier,
)
from voltrail.statements.fields import Digest
from voltrail.statements.statement import Header
from voltrail.statements.unit import UnitRecord
from voltrail.wording import worded

FRESH = timedelta(days=1)  # our choice: ADR 0043; a unit in the hand today may be swapped tomorrow


class Reply(Struct, frozen=True):
    """An answer as text, the unit in the hand, and whether its challenge was answered before."""

    text: str
    unit: UnitId
    spent: bool = False


class Heard(Struct, frozen=True):
    """What an answer says of a unit, and the entries: the maker's record, and the result's own."""

    unit: UnitId
    judged: Judged
    record: int | None = None
    entry: int | None = None


def challenge(desk: Desk, unit: UnitId, purpose: Purpose, nonce: bytes, at: datetime) -> Challenge:
    """
    Return a challenge for a unit whose maker bound a key to it.

    Args:
        desk: knows the unit
        unit: which one
        purpose: what the answer is for
        nonce: 32 bytes of chance [bytes]
        at: now

    Returns:
        The challenge; it has to be kept, so that it is answered once.

    Raises:
        MalformedError: not 32 bytes, or the identity names no maker and serial.
        UnverifiableError: no key of the unit is on record.

    Source: mission, PV-03; ADR 0043.
    """
    made = element.ask(unit, purpose, nonce, at)
    if _bound(desk, unit) is None:
        said = worded("No key of %(unit)s is on record.", unit=unit.key)
        raise UnverifiableError(said, hint=element.NO_KEY_HINT)
    return made


def answer(desk: Desk, asked: Challenge, reply: Reply, at: datetime) -> Heard:
    """
    Return what an answer says, after recording it where the unit was heard.

    Args:
        desk: holds the operator's key and the files
        asked: the challenge, as it was kept
        reply: what came back, and for which unit
        at: now

    Returns:
        The judgement, and the entry that keeps it; none where it says nothing of the unit.

    Raises:
        MalformedError: no answer, or one that was cut or mistyped.
        RefusedError: what the register refuses the result with.

    Source: mission, PV-03; docs/spec/element.md; ADR 0043.
    """
    given = element.read(reply.text)
    told = _bound(desk, reply.unit)
    key = public_key(told.fact if told else None)
    judged = element.judge(asked, given, Hand(reply.unit, key, reply.spent), at)
    ground = told.entry.index if told else None
    if not judged.counts or told is None or key is None:
        return Heard(reply.unit, judged, ground)
    kept = desk.blobs.put(f"{element.text(asked)}\n{reply.text.strip()}\n".encode())
    fact = _result(desk, asked, judged, (key.key_id, told.entry.digest, kept), at)
    placed = record.state(desk, fact, Header(desk.operator, at), reply.unit)
    return Heard(reply.unit, judged, ground, placed.index)


def last(desk: Desk, unit: UnitId) -> Recorded[AttestationResult] | None:
    """
    Return what the element of a unit last answered.

    Args:
        desk: where it is kept
        unit: which one

    Returns:
        The newest result, or None where nobody asked or nothing answered.

    Source: ADR 0043.
    """
    found = answers(view(desk.entries, desk.views, unit))
    return found[-1] if found else None


def has_key(desk: Desk, unit: UnitId) -> bool:
    """
    Return whether the element of a unit can be asked.

    Args:
        desk: knows the unit
        unit: which one

    Returns:
        Whether its maker bound a key to it.

    Source: ADR 0043.
    """
    return _bound(desk, unit) is not None


def _bound(desk: Desk, unit: UnitId) -> Recorded[UnitRecord] | None:
    return bound(view(desk.entries, desk.views, unit), unit, desk.anchors())


def _result(
    desk: Desk, asked: Challenge, judged: Judged, digests: tuple[str, str, str], at: datetime
) -> AttestationResult:
    """Return the result; `digests` are of the key, the record that binds it, the answer."""
    is_match = judged.proof is Proof.MATCH
    tier = TrustTier.AFFIRMING if is_match else TrustTier.CONTRAINDICATED
    return AttestationResult(
        unit=asked.unit,
        attester=digests[0],
        scheme=SCHEME,
        verifier=PartyId.read(desk.operator),
        verifier_build=f"voltrail {voltrail.__version__}",
        run=1,
        level=AssuranceLevel.AL2 if is_match else AssuranceLevel.AL0,
        status=tier,
        vector=(Appraisal(TrustClaim.INSTANCE_IDENTITY, tier, str(judged.sentence)),),
        evidence=Digest(digests[2]),
        appraised_at=at,
        fresh_until=at + FRESH,
        challenge=Digest(hashlib.sha256(asked.nonce).hexdigest()),
        challenged_at=asked.asked,
        reference_values=(Digest(digests[1]),),
    )
