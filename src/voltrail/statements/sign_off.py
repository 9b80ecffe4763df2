"""A person agrees to a record: accepts, installs, approves. Two people are two statements."""

from voltrail.ids.subject import PersonId
from voltrail.statements.fields import Digest, Fact, Text


class SignOff(Fact, frozen=True):
    """This person did this about the statement with this digest."""

    person: PersonId
    verb: Text
    about: Digest
    note: Text | None = None
