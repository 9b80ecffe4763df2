"""
The life of a key: enrolled for a purpose and a time, or ended with a reason.

Keys come from these statements only, rooted in the pinned anchors. Does not judge other statements.
"""

from enum import StrEnum

from voltrail.ids.subject import PlaceId, SubjectId
from voltrail.statements.fields import Digest, Fact, Instant, Many, Text


class KeyVerb(StrEnum):
    """What happens to the key."""

    ENROL = "enrol"
    RESTRICT = "restrict"
    SUPERSEDE = "supersede"
    CEASE = "cease"
    COMPROMISE = "compromise"


class KeyEvent(Fact, frozen=True):
    """
    A key is bound to an issuer for predicate types, places and an interval of log time.

    To restrict keeps of a binding what is named, from its log time on. What replaces a key may
    let the old one go on until `valid_until`.
    """

    verb: KeyVerb
    key: Digest
    issuer: SubjectId
    algorithm: Text
    spki: Text
    valid_from: Instant
    predicate_types: Many[Text] = ()
    places: Many[PlaceId] = ()
    valid_until: Instant | None = None
    compromised_since: Instant | None = None
    relying_party: Text | None = None
