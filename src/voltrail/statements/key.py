"""
The life of a key: enrolled for a purpose and a time, or ended with a reason.

Keys come from these statements only, rooted in the pinned anchors. Does not judge other statements.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from voltrail.ids.subject import PlaceId, SubjectId
from voltrail.statements.fields import Digest


class KeyVerb(StrEnum):
    """What happens to the key."""

    ENROL = "enrol"
    SUPERSEDE = "supersede"
    CEASE = "cease"
    COMPROMISE = "compromise"


@dataclass(frozen=True, slots=True)
class KeyEvent:
    """A key is bound to an issuer for predicate types, places and an interval of log time."""

    verb: KeyVerb
    key: Digest
    issuer: SubjectId
    algorithm: str
    spki: str
    valid_from: datetime
    predicate_types: tuple[str, ...] = ()
    places: tuple[PlaceId, ...] = ()
    valid_until: datetime | None = None
    compromised_since: datetime | None = None
    relying_party: str | None = None
