"""What comes in from outside: envelopes by their claimed issuer, and answers nobody signed."""

from datetime import datetime

from msgspec import Struct

from voltrail.actions import record
from voltrail.actions.desk import Desk
from voltrail.canonical import Json
from voltrail.ids.subject import PartyId, SubjectId
from voltrail.statements import envelope as envelopes
from voltrail.statements import statement as statements
from voltrail.statements.fields import Digest
from voltrail.statements.intake import Intake
from voltrail.statements.statement import Header


class Said(Struct, frozen=True):
    """An unsigned answer: who is said to give it, what statement it would be, and its content."""

    by: PartyId
    statement_type: str
    content: dict[str, Json]
    file: bytes | None = None


def issuer_of(raw: bytes) -> SubjectId:
    """
    Return who an envelope says it speaks for; nothing is verified.

    Args:
        raw: a DSSE envelope as received

    Returns:
        The claimed issuer.

    Raises:
        MalformedError: no envelope or no statement.

    Source: DSSE v1.0.2; header: ADR 0002.
    """
    return statements.parse(envelopes.parse(raw).payload).header.issuer


def kind_of(raw: bytes) -> str:
    """
    Return the predicate type an envelope holds; nothing is verified.

    Args:
        raw: a DSSE envelope as received

    Returns:
        The predicate type URI.

    Raises:
        MalformedError: no envelope or no statement.

    Source: DSSE v1.0.2.
    """
    return statements.parse(envelopes.parse(raw).payload).predicate_type


def receive(desk: Desk, said: Said, via: str, at: datetime) -> record.Registered:
    """
    Return the place of an unsigned answer, kept as said and signed by the operator as received.

    Args:
        desk: where to record
        said: the answer
        via: how it came, for example link
        at: log time

    Returns:
        Its index and digest.

    Raises:
        MalformedError: the content does not fit the profile.
        RefusedError: admission says no.

    Source: design, section 8.2, seal; ADR 0002.
    """
    digest = None if said.file is None else Digest(desk.blobs.put(said.file))
    fact = Intake(said.by, via, said.statement_type, said.content, digest)
    return record.state(desk, fact, Header(desk.operator, at), said.by)
