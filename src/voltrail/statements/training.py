"""
A person passed a course, on a day, and is trained for it until another.

Who is not trained for what they sign is no signatory: which course a signature needs is a table of
the catalogue. Does not say which function the person holds.
"""

from voltrail.ids.subject import PersonId
from voltrail.statements.fields import Digest, Fact, Instant, Text


class Training(Fact, frozen=True):
    """One course passed; `assessed_by` is somebody else than who was trained."""

    person: PersonId
    course: Text
    passed_at: Instant
    valid_until: Instant
    assessed_by: PersonId
    evidence: Digest | None = None
    note: Text | None = None

    @property
    def claim(self) -> str:
        """One result for each person, course and day."""
        return f"{self.person} {self.course} {self.passed_at}"
