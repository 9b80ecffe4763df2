"""
What administrators do, stated by the operator's key: who did it, about whom, why.

Called in the transaction of the act itself, so neither stands without the other. Judges nothing.
"""

from datetime import datetime

from msgspec import Struct

from voltrail.actions import record
from voltrail.actions.desk import Desk
from voltrail.actions.record import Registered
from voltrail.errors import MalformedError
from voltrail.ids.subject import PersonId, SubjectId
from voltrail.statements import kinds
from voltrail.statements.administration import Act, Administration
from voltrail.statements.statement import Header

ADMINISTRATION_TYPE = kinds.uri("administration")


class Done(Struct, frozen=True):
    """One administrative act: by whom, about whom or what, why, and a detail without names."""

    act: Act
    by: tuple[PersonId, ...]
    about: SubjectId
    reason: str
    detail: str = ""


def state(desk: Desk, done: Done, at: datetime) -> Registered:
    """
    Return the place of the statement of an administrative act.

    Args:
        desk: holds the operator's key
        done: what was done; nobody in `by` means the command line at the machine
        at: log time

    Returns:
        Index and digest.

    Raises:
        MalformedError: no reason is given.
        RefusedError: what the register refuses it with.

    Source: docs/spec/administration.md.
    """
    if not done.reason.strip():
        raise MalformedError("No reason is given.", hint="Say in one sentence why.")
    fact = Administration(
        done.act, done.by, done.about, done.reason.strip(), done.detail.strip() or None
    )
    return record.state(desk, fact, Header(desk.operator, at), done.about)
