"""
The key that a maker bound to a unit, and what the unit's element last answered.

Reads what is on record about one unit; challenges nobody.
"""

import base64
from collections.abc import Sequence

from voltrail.ids.subject import PartyId, UnitId
from voltrail.projections import anchors as key_fold
from voltrail.projections.view import Recorded, View
from voltrail.statements.attestation import AttestationResult
from voltrail.statements.unit import BoundKey, UnitRecord
from voltrail.trust import keys
from voltrail.trust.anchors import Anchors
from voltrail.trust.keys import PublicKey

SCHEME = "voltrail-element-1"  # of results that rest on an answer of an element


def bound(seen: View, unit: UnitId, anchors: Anchors) -> Recorded[UnitRecord] | None:
    """
    Return the newest record by which the maker bound a key to a unit.

    Args:
        seen: what is on record about the unit
        unit: which one
        anchors: the keys in force, which say what a statement is worth today

    Returns:
        A standing record of the maker that is worth something and names a key; one without a key
        ends none that an older one named.

    Source: docs/spec/unit.md; ADR 0043.
    """
    maker = PartyId.of(unit.parts[0])
    for one in reversed(seen.standing(UnitRecord)):
        is_own = one.issuer == maker and one.fact.unit == unit and one.fact.key is not None
        if is_own and key_fold.worth_of(anchors, one).standing.is_good:
            return one
    return None


def public_key(record: UnitRecord | None) -> PublicKey | None:
    """
    Return the key that a unit record binds.

    Args:
        record: of the maker

    Returns:
        The key, or None where it binds none.

    Raises:
        MalformedError: its bytes are no key.

    Source: docs/spec/unit.md.
    """
    told: BoundKey | None = None if record is None else record.key
    return None if told is None else keys.parse(told.algorithm, base64.b64decode(told.spki))


def answers(seen: View) -> Sequence[Recorded[AttestationResult]]:
    """
    Return what a unit's element answered, oldest first.

    Args:
        seen: what is on record about the unit

    Returns:
        Results of this scheme; the last is the one that counts.

    Source: ADR 0043.
    """
    return tuple(one for one in seen.standing(AttestationResult) if one.fact.scheme == SCHEME)
