"""Something that came in unsigned: one self-declared source, kept as said."""

from typing import Any

from voltrail.ids.subject import PartyId
from voltrail.statements.fields import Digest, Fact, Text


class Intake(Fact, frozen=True):
    """An unsigned answer or file: who is said to have said it, what it would be, how it came."""

    said_by: PartyId
    via: Text
    statement_type: Text
    content: dict[str, Any]
    file: Digest | None = None
