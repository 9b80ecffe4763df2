"""
Training: record that a person passed a course.

Which signature needs which course stands in `actions.courses`. Does not know functions or names.
"""

from datetime import datetime

from voltrail.actions import record
from voltrail.actions.courses import courses
from voltrail.actions.desk import Desk
from voltrail.actions.record import Registered
from voltrail.errors import MalformedError, NotPermittedError
from voltrail.statements.statement import Header
from voltrail.statements.training import Training


def train(desk: Desk, passed: Training, at: datetime) -> Registered:
    """
    Return the place of the statement that a person passed a course.

    Args:
        desk: holds the operator's key
        passed: who, which course, when, until when, assessed by whom
        at: log time

    Returns:
        Index and digest.

    Raises:
        NotPermittedError: somebody assessed themselves.
        MalformedError: no such course, or it would end before it begins.
        RefusedError: what the register refuses it with.

    Source: docs/spec/training.md; ADR 0023.
    """
    if passed.assessed_by == passed.person:
        raise NotPermittedError(
            "Nobody assesses their own training.", hint="Ask somebody else to record it."
        )
    known = sorted({one.course for one in courses()})
    if passed.course not in known:
        raise MalformedError(
            f"There is no course {passed.course!r:.60}.", hint=f"Choose: {', '.join(known)}."
        )
    if not passed.passed_at <= at or passed.valid_until <= passed.passed_at:
        raise MalformedError(
            "The training would end before it begins, or lies ahead.",
            hint="Name the day it was passed, and a later end.",
        )
    header = Header(desk.operator, at)
    return record.state(desk, passed, header, passed.person)
