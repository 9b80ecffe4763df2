"""Something that came in unsigned: one self-declared source, kept as said."""

from dataclasses import dataclass

from voltrail.canonical import Json
from voltrail.ids.subject import PartyId
from voltrail.statements.fields import Digest


@dataclass(frozen=True, slots=True)
class Intake:
    """An unsigned answer or file: who is said to have said it, what it would be, how it came."""

    said_by: PartyId
    via: str
    statement_type: str
    content: dict[str, Json]
    file: Digest | None = None
