"""
The conditions for being registered, blind to what a statement means.

Size, a subject, no second statement under one claimed identity, a clock that does not run back.
An identical envelope is no error: it gets its first place again.
"""

from datetime import datetime, timedelta

from voltrail.errors import NotAdmittedError
from voltrail.trust.verify import VerifiedStatement

MAX_WAIT = timedelta(minutes=1)  # our choice: ADR 0005; for the turn of another writer to end
MAX_AHEAD = timedelta(minutes=10)  # our choice: ADR 0004; a claimed time may lead log time by this


def log_time(last: datetime | None, at: datetime) -> datetime:
    """
    Return the log time of somebody who may have waited for another writer's turn to end.

    Args:
        last: log time of the newest entry
        at: the time when they began to wait

    Returns:
        That of the newest entry where it came meanwhile; else theirs, for `admit` to judge.

    Source: our choice: ADR 0005.
    """
    return last if last is not None and at < last <= at + MAX_WAIT else at


def admit(
    verified: VerifiedStatement, holder: str | None, last: datetime | None, at: datetime
) -> None:
    """
    Check that a verified statement may be kept.

    Args:
        verified: the statement
        holder: digest of the envelope that already claims the same identity, if any
        last: log time of the newest entry
        at: log time the statement would get

    Raises:
        NotAdmittedError: the clock ran back, the claimed time is ahead, or the identity is taken.

    Source: our choice: ADR 0004.
    """
    header = verified.statement.header
    if last is not None and at < last:
        raise NotAdmittedError(
            f"The clock shows {at:%Y-%m-%d %H:%M:%SZ}, before the newest entry.",
            hint="Set the server's clock; nothing is registered until it has caught up.",
        )
    if header.claimed_time > at + MAX_AHEAD:
        raise NotAdmittedError(
            f"The statement claims {header.claimed_time:%Y-%m-%d %H:%MZ}, which has not come.",
            hint="Check the clock of the machine that signed it.",
        )
    if holder is not None and header.supersedes != holder:
        raise NotAdmittedError(
            f"{header.issuer} already stated this; statement {holder} stands.",
            hint="To correct it, name that digest in supersedes and give a reason.",
        )
    if holder is not None and verified.statement.predicate_type.startswith(_FINAL):
        raise NotAdmittedError(
            "A first test result is never replaced.",
            hint="State a further run under an approved retest plan.",
        )


_FINAL = ("urn:voltrail:predicate:attestation:", "urn:voltrail:predicate:inspection:")
