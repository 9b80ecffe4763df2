"""
Training: record that a person passed a course, and refuse a signature that needs one without it.

Which signature needs which course is a table of the catalogue. Does not know functions or names.
"""

import csv
from datetime import datetime
from functools import cache
from importlib import resources

from msgspec import Struct

from voltrail.actions import record, signing
from voltrail.actions.desk import Desk
from voltrail.actions.record import Registered
from voltrail.errors import LapsedError, MalformedError, NotPermittedError
from voltrail.ids.subject import PersonId
from voltrail.projections.fold import of_type
from voltrail.projections.view import Recorded
from voltrail.statements import kinds
from voltrail.statements.statement import Header, Statement
from voltrail.statements.training import Training

TRAINING_TYPE = kinds.uri("training")


class Course(Struct, frozen=True):
    """A course that a kind of signature needs; no verb means every verb of the kind."""

    kind: str
    verb: str
    course: str
    title: str
    valid_days: int
    why: str


@cache
def courses() -> tuple[Course, ...]:
    """
    Return the table of courses that signatures need.

    Returns:
        One row for each kind and verb.

    Source: our choice: ADR 0023; catalogue/tables/training.csv.
    """
    file = resources.files("voltrail.catalogue").joinpath("tables", "training.csv")
    rows = csv.DictReader(file.read_text(encoding="utf-8").splitlines())
    return tuple(_course(row) for row in rows)


def trainings(desk: Desk) -> tuple[Recorded[Training], ...]:
    """
    Return every course that anybody passed, in the order of their statements.

    Args:
        desk: where they are kept

    Returns:
        Those that nobody withdrew.

    Source: docs/spec/training.md.
    """
    return of_type(desk.entries, desk.views, TRAINING_TYPE)


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


def needed(said: Statement) -> Course | None:
    """
    Return the course that a signature under a statement needs.

    Args:
        said: what is to be signed

    Returns:
        The course, or nothing where none is needed.

    Source: our choice: ADR 0023; catalogue/tables/training.csv.
    """
    verb = str(getattr(said.fact, "verb", ""))
    for one in courses():
        if kinds.uri(one.kind) == said.predicate_type and one.verb in ("", verb):
            return one
    return None


def need_trained(desk: Desk, payload: bytes, person: PersonId, at: datetime) -> None:
    """
    Refuse a signature of a person who has no valid training for it.

    Args:
        desk: knows the trainings
        payload: a statement's canonical bytes
        person: who signs
        at: the time of signing

    Raises:
        LapsedError: the course is not passed, or out of date.
        MalformedError: the bytes are no statement.

    Source: docs/spec/training.md; ADR 0023.
    """
    course = needed(signing.read(payload))
    if course is None or is_trained(desk, person, course.course, at):
        return
    raise LapsedError(
        f"{person.key} is not trained for this: {course.course}.",
        hint="Somebody of security, quality or administration records it at /people/training/.",
    )


def is_trained(desk: Desk, person: PersonId, course: str, at: datetime) -> bool:
    """
    Return whether a person's training in a course is valid.

    Args:
        desk: knows the trainings
        person: whose
        course: its name
        at: the time to judge at

    Returns:
        Whether one of their results stands then.

    Source: docs/spec/training.md.
    """
    found = (one.fact for one in trainings(desk))
    return any(
        one.person == person and one.course == course and one.passed_at <= at < one.valid_until
        for one in found
    )


def _course(row: dict[str, str]) -> Course:
    return Course(
        kind=row["kind"],
        verb=row["verb"],
        course=row["course"],
        title=row["title"],
        valid_days=int(row["valid_days"]),
        why=row["why"],
    )
