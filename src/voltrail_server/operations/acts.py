"""What an administrator does to the installation, put on record by the operator's key."""

from datetime import datetime

from voltrail.actions.desk import Desk
from voltrail.actions.record import Registered, state
from voltrail.ids.subject import PersonId
from voltrail.statements.administration import Act, Administration
from voltrail.statements.statement import Header


def record(desk: Desk, act: Act, reason: str, detail: str, by: str, at: datetime) -> Registered:
    """Register one administrative act; nobody is named where a timer did it."""
    people = (PersonId.read(by),) if by else ()
    fact = Administration(act, people, desk.operator, reason, detail)
    return state(desk, fact, Header(desk.operator, at.replace(microsecond=0)), desk.operator)


def kept(desk: Desk, detail: str, by: str, at: datetime) -> Registered:
    """Register that a backup was completed."""
    return record(desk, Act.BACK_UP, "A backup was completed.", detail, by, at)


def brought_back(desk: Desk, detail: str, by: str, at: datetime) -> Registered:
    """Register that the installation was restored."""
    return record(desk, Act.RESTORE, "The register was restored.", detail, by, at)


def upgraded(desk: Desk, detail: str, by: str, at: datetime) -> Registered:
    """Register that the installation was upgraded."""
    return record(desk, Act.UPGRADE, "The installation was upgraded.", detail, by, at)
