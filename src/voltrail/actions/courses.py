"""
Which signature needs which course, who passed it, and whether a person may sign at a time.

The table is the catalogue's. Asked by the door of the register about everybody who signed, and by
whoever takes one signature at a time. Records nothing; does not know functions or names.
"""

import csv
from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import cache
from importlib import resources

from msgspec import Struct

from voltrail.actions.desk import Desk
from voltrail.errors import LapsedError
from voltrail.ids.subject import PersonId
from voltrail.projections.fold import of_type
from voltrail.projections.view import Recorded
from voltrail.statements import kinds
from voltrail.statements.statement import Statement
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


def needed(said: Statement) -> Course | None:
    """
    Return the course that a signature under a statement needs.

    Args:
        said: what is signed

    Returns:
        The course, or nothing where none is needed.

    Source: our choice: ADR 0023; catalogue/tables/training.csv.
    """
    rows = _by_type().get(said.predicate_type, ())
    verb = str(getattr(said.fact, "verb", ""))
    return next((one for one in rows if one.verb in ("", verb)), None)


def need_trained(desk: Desk, said: Statement, persons: Iterable[PersonId], at: datetime) -> None:
    """
    Refuse signatures of persons who have no valid training for them.

    Args:
        desk: knows the trainings
        said: what is signed
        persons: who signs
        at: the time to judge at

    Raises:
        LapsedError: the course is not passed, or out of date.

    Source: docs/spec/training.md; ADR 0023.
    """
    course = needed(said)
    if course is None:
        return
    passed = trainings(desk)
    for person in persons:
        if not _stands(passed, person, course.course, at):
            raise LapsedError(
                f"{person.key} is not trained for this: {course.course}.",
                hint="Somebody of security, quality or administration records it at "
                "/people/training/.",
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
    return _stands(trainings(desk), person, course, at)


def _stands(
    passed: Iterable[Recorded[Training]], person: PersonId, course: str, at: datetime
) -> bool:
    facts = (one.fact for one in passed)
    return any(
        one.person == person and one.course == course and one.passed_at <= at < one.valid_until
        for one in facts
    )


@cache
def _by_type() -> Mapping[str, tuple[Course, ...]]:
    found: dict[str, tuple[Course, ...]] = {}
    for one in courses():
        uri = kinds.uri(one.kind)
        found[uri] = (*found.get(uri, ()), one)
    return found


def _course(row: dict[str, str]) -> Course:
    return Course(
        kind=row["kind"],
        verb=row["verb"],
        course=row["course"],
        title=row["title"],
        valid_days=int(row["valid_days"]),
        why=row["why"],
    )
