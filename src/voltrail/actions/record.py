"""
Hand in statements: parse, verify, admit, append, project, judge, in one transaction.

    1  parse each envelope and verify it against the keys in force
    2  append what may be kept; an identical envelope gets its first place again
    3  fold the new entries into the views
    4  judge each arrival that the new entries bear on, once, and seal changed decisions

A refused statement leaves a refusal on record where its subject is known, and no other trace.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from voltrail.actions.desk import Desk
from voltrail.actions.judge import bearing_on, judge
from voltrail.errors import MalformedError, ProductError, RefusedError
from voltrail.ids.subject import PartyId, SubjectId
from voltrail.projections.fold import project
from voltrail.projections.view import Recorded
from voltrail.register import log
from voltrail.statements import envelope as envelopes
from voltrail.statements import statement as statements
from voltrail.statements.envelope import Envelope
from voltrail.statements.fields import Digest
from voltrail.statements.signal import Refusal
from voltrail.statements.statement import Header, Statement
from voltrail.trust.entitlement import entitle
from voltrail.trust.signer import sealed
from voltrail.trust.verify import verify


@dataclass(frozen=True, slots=True)
class Registered:
    """Where a handed-in statement stands; `fresh` is False where it already stood there."""

    index: int
    digest: str
    fresh: bool
    subjects: tuple[SubjectId, ...]
    predicate_type: str


def hand_in(desk: Desk, raw: bytes, at: datetime) -> Registered:
    """
    Return the place of one statement in the register, after judging what it bears on.

    Args:
        desk: where to record
        raw: a DSSE envelope as received
        at: log time

    Returns:
        Its index and digest.

    Raises:
        MalformedError: no envelope or no statement.
        RefusedError: signature, issuer, interval or admission says no.
        UnverifiableError: no key known here made the signature.

    Source: design, section 6.
    """
    (found,) = hand_in_many(desk, [raw], at)
    if isinstance(found, ProductError):
        raise found
    return found


def hand_in_many(
    desk: Desk, raws: Sequence[bytes], at: datetime
) -> tuple[Registered | ProductError, ...]:
    """
    Return, for each envelope in order, its place or the error that refused it.

    Args:
        desk: where to record
        raws: DSSE envelopes as received
        at: log time

    Returns:
        One answer per envelope; refused ones leave the others as they are.

    Raises:
        RegisterCorruptError: the register disagrees with itself; nothing was written.

    Source: design, section 6; one transaction: ADR 0005.
    """
    answers: list[Registered | ProductError] = []
    fresh: list[Recorded[Any]] = []
    with desk.entries.transaction():
        for raw in raws:
            try:
                placed = _take(desk, raw, at)
            except ProductError as error:
                fresh += _remember_refusal(desk, raw, error, at)
                answers.append(error)
                continue
            if placed.fresh:
                fresh += project(desk.views, [placed.entry], desk.blobs)
                desk.views.events([(placed.entry.index, "registered", placed.verified.digest)])
            answers.append(_registered(placed))
        judge(desk, bearing_on(desk, fresh), at)
    return tuple(answers)


def state(desk: Desk, fact: Any, header: Header, *subjects: SubjectId) -> Registered:  # noqa: ANN401
    """
    Return the place of a statement the operator's own key makes.

    Args:
        desk: holds the operator's key
        fact: what is stated
        header: issuer, claimed time; its time is also the log time
        subjects: what it is about

    Returns:
        Its index and digest.

    Raises:
        MalformedError: the fact does not fit the profile.
        RefusedError: admission says no.

    Source: design, section 8.2, seal.
    """
    payload = statements.compose(fact, header, *subjects)
    return hand_in(desk, sealed(payload, desk.signer).raw, header.claimed_time)


def _take(desk: Desk, raw: bytes, at: datetime) -> log.Appended:
    anchors = desk.anchors()
    verified = verify(envelopes.parse(raw), anchors, at)  # 1
    entitle(verified, desk.operator, anchors, at)
    (placed,) = log.append(desk.entries, [verified], at)  # 2
    return placed


def _registered(placed: log.Appended) -> Registered:
    said = placed.verified.statement
    return Registered(
        placed.entry.index, placed.verified.digest, placed.fresh, said.subjects, said.predicate_type
    )


def _remember_refusal(
    desk: Desk, raw: bytes, error: ProductError, at: datetime
) -> tuple[Recorded[Any], ...]:
    last = desk.entries.last_time()
    if not isinstance(error, RefusedError) or (last is not None and at < last):
        return ()
    try:
        envelope = envelopes.parse(raw)
        said = statements.parse(envelope.payload)
    except MalformedError:
        return ()
    issuer = said.header.issuer
    if not isinstance(issuer, PartyId) or issuer == desk.operator:
        return ()
    again = _refusal(desk, said, envelope.digest, error, at)
    if again is None:
        return ()
    (placed,) = log.append(desk.entries, [verify(again, desk.anchors(), at)], at)
    return project(desk.views, [placed.entry], desk.blobs) if placed.fresh else ()


def _refusal(
    desk: Desk, said: Statement, digest: str, error: ProductError, at: datetime
) -> Envelope | None:
    """Return the operator's word on a refused statement, or None where it cannot be said."""
    issuer = PartyId.read(said.header.issuer)
    fact = Refusal(Digest(digest), said.predicate_type, issuer, type(error).__name__, str(error))
    try:
        payload = statements.compose(fact, Header(desk.operator, at), *said.subjects)
        return envelopes.parse(sealed(payload, desk.signer).raw)
    except MalformedError:
        return None
