"""Remarks as pages and API ask for them: those about a subject, and what a form says."""

from typing import Any

from voltrail.actions import remark, show
from voltrail.errors import MalformedError, UnknownSubjectError
from voltrail.ids import subject as ids
from voltrail.ids.subject import PersonId, SubjectId, UnitId
from voltrail_server import wiring
from voltrail_server.reading import units

_HINT = "Begin on the page of what it is about."


def about(text: str) -> SubjectId:
    """Return the subject that a remark is about, once somebody has spoken of it."""
    found = ids.parse(text.strip())
    if isinstance(found, PersonId):
        raise MalformedError("Nothing is noted about people here.", hint=_HINT)
    try:
        show.subject(wiring.desk(), found)
    except UnknownSubjectError:
        if not (isinstance(found, UnitId) and units.seen_in(found)):
            raise
    return found


def listing(subject: str) -> tuple[Any, ...]:
    """Return the remarks about a subject, newest first."""
    return remark.remarks(wiring.desk(), ids.parse(subject))
