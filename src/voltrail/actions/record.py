"""
Hand in statements: parse, verify, admit, append, project, judge, in one transaction.

    1  parse each envelope and verify it against the keys in force
    2  append what may be kept; an identical envelope gets its first place again
    3  fold the new entries into the views
    4  judge each arrival that the new entries bear on, once, and seal changed decisions

A refused statement leaves a refusal on record where its subject is known, and no other trace.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from voltrail.actions.affects import bearing_on
from voltrail.actions.batch import Batch, Registered
from voltrail.actions.desk import Desk
from voltrail.actions.judge import judge
from voltrail.errors import ProductError
from voltrail.ids.subject import SubjectId
from voltrail.projections.dossier import gathering
from voltrail.statements import statement as statements
from voltrail.statements.statement import Header
from voltrail.trust.signer import sealed

__all__ = ["Registered", "hand_in", "hand_in_many", "state"]


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
        at: log time; that of the newest entry where it came while this one waited

    Returns:
        One answer per envelope; refused ones leave the others as they are.

    Raises:
        RegisterCorruptError: the register disagrees with itself; nothing was written.

    Source: design, section 6; one transaction: ADR 0005.
    """
    with desk.entries.transaction():
        logged = desk.log_time(at)
        batch = Batch(desk, logged)
        batch.take(raws)
        room = gathering(desk, known=batch.fresh)
        judge(desk, bearing_on(desk, room, batch.fresh), logged, room)
    return tuple(batch.answers[place] for place in range(len(raws)))


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
