"""A person agrees to a record: accepts, installs, approves. Two people are two statements."""

from dataclasses import dataclass

from voltrail.ids.subject import PersonId
from voltrail.statements.fields import Digest


@dataclass(frozen=True, slots=True)
class SignOff:
    """This person did this about the statement with this digest."""

    person: PersonId
    verb: str
    about: Digest
    note: str | None = None
