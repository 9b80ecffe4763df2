"""
The keys of firms: enrolled by two people, restricted, replaced, ended, or lost.

The operator's key states each of these. Does not know accounts, nor what an ending would change:
`actions.doubt` shows that before.
"""

import base64
from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from voltrail.actions import record
from voltrail.actions.desk import Desk
from voltrail.actions.keys import Material
from voltrail.actions.record import Registered
from voltrail.errors import MalformedError, NotPermittedError, UnknownSubjectError
from voltrail.ids.subject import PartyId, PersonId, PlaceId
from voltrail.statements import kinds
from voltrail.statements.fields import Digest
from voltrail.statements.key import KeyEvent, KeyVerb
from voltrail.statements.statement import Header
from voltrail.trust import keys
from voltrail.trust.anchors import Anchor, KeyState
from voltrail.trust.entitlement import OPERATOR_ONLY, PERSON_ONLY

_ENDINGS = {
    "supersede": KeyVerb.SUPERSEDE,
    "cease": KeyVerb.CEASE,
    "compromise": KeyVerb.COMPROMISE,
}


class Bound(Struct, frozen=True):
    """What a firm's key may state: kinds by short name and places, none meaning any; until when."""

    kinds: tuple[str, ...] = ()
    places: tuple[PlaceId, ...] = ()
    valid_until: datetime | None = None


class Ending(Struct, frozen=True):
    """How a key ends: supersede, cease or compromise; since when stolen, until when it goes on."""

    how: str
    since: datetime | None = None
    until: datetime | None = None


class FirmKey(Struct, frozen=True):
    """A key bound to a firm, and how its life stands."""

    key: str
    algorithm: str
    party: PartyId
    state: str
    valid_from: datetime
    valid_until: datetime | None
    compromised_since: datetime | None
    bound: Bound
    is_pinned: bool


def firm_kinds() -> tuple[str, ...]:
    """
    Return the short names of the statements that a firm's key may be bound to.

    Returns:
        Those that neither the operator nor a person alone makes, in order.

    Source: design, section 7, keys.
    """
    own = OPERATOR_ONLY | PERSON_ONLY
    return tuple(sorted(name for name in kinds.KINDS if kinds.uri(name) not in own))


def firm_keys(desk: Desk, party: PartyId | None, at: datetime) -> tuple[FirmKey, ...]:
    """
    Return the keys of a firm, or of every firm, newest first.

    Args:
        desk: knows the keys
        party: whose; None for all
        at: the time to judge their state at

    Returns:
        Every binding, those that ended included.

    Source: reference on provenance, section 2.5.
    """
    pinned = {one.key.key_id for one in desk.pinned.anchors}
    found = [
        _shown(one, at, one.key.key_id in pinned)
        for one in desk.anchors().anchors
        if isinstance(one.issuer, PartyId) and party in (None, one.issuer)
    ]
    return tuple(sorted(found, key=lambda one: (one.valid_from, one.key), reverse=True))


def check_key(desk: Desk, material: Material, bound: Bound) -> str:
    """
    Return the id of a key that could be enrolled for a firm; record nothing.

    Args:
        desk: knows the keys
        material: the public half
        bound: what it may state

    Returns:
        SHA-256 of the key's material.

    Raises:
        MalformedError: no key, a scheme not known here, or a kind that no firm states.
        NotPermittedError: the key is on record, of this firm or of somebody else.

    Source: reference on provenance, section 2.5; ADR 0040.
    """
    if material.relying_party:
        raise MalformedError("A firm has no passkey.", hint="Use a key made by voltrail key new.")
    _need_firm_kinds(bound)
    key = keys.parse(material.algorithm, material.spki)
    if desk.anchors().of_key(key.key_id):
        raise NotPermittedError(
            "This key is on record already.", hint="Have the firm make a new one."
        )
    return key.key_id


def enrol_firm_key(
    desk: Desk,
    party: PartyId,
    material: Material,
    bound: Bound,
    people: tuple[PersonId, PersonId],
    at: datetime,
) -> Registered:
    """
    Return the place of a firm's key in the register, once a second person confirmed it.

    Args:
        desk: holds the operator's key
        party: whose key it is
        material: the public half
        bound: what it may state
        people: who asked for it, and who confirmed it
        at: log time

    Returns:
        Index and digest of the enrolment.

    Raises:
        NotPermittedError: one person twice, or the key is on record.
        MalformedError: no key, a scheme not known here, or a kind that no firm states.

    Source: reference on provenance, section 2.5; ADR 0040.
    """
    if people[0] == people[1]:
        raise NotPermittedError(
            "Two people enrol a firm's key.", hint="Ask somebody else to confirm it."
        )
    key = check_key(desk, material, bound)
    fact = KeyEvent(
        verb=KeyVerb.ENROL,
        key=Digest(key),
        issuer=party,
        algorithm=material.algorithm,
        spki=base64.b64encode(material.spki).decode(),
        valid_from=at,
        predicate_types=tuple(map(kinds.uri, bound.kinds)),
        places=bound.places,
        valid_until=bound.valid_until,
    )
    reason = f"Asked for by {people[0]}, confirmed by {people[1]}."
    return record.state(desk, fact, Header(desk.operator, at, reason=reason), party)


def restrict_firm_key(
    desk: Desk, key: str, bound: Bound, by: PersonId, reason: str, at: datetime
) -> Registered:
    """
    Return the place of the statement that leaves a firm's key less than it had.

    Args:
        desk: holds the operator's key
        key: SHA-256 of its material
        bound: what it keeps of what it has
        by: who decided it
        reason: why, in one sentence
        at: log time

    Returns:
        Index and digest.

    Raises:
        UnknownSubjectError: no firm's key with this id is in force.
        MalformedError: nothing is restricted, a kind that no firm states, or no reason.

    Source: reference on provenance, section 2.5; ADR 0040.
    """
    anchor = _in_force(desk, key, at)
    if not (bound.kinds or bound.places or bound.valid_until):
        raise MalformedError("Nothing is restricted.", hint="Name kinds, places or an end.")
    _need_firm_kinds(bound)
    fact = replace(
        _about(anchor, KeyVerb.RESTRICT),
        predicate_types=tuple(map(kinds.uri, bound.kinds)),
        places=bound.places,
        valid_until=bound.valid_until,
    )
    return _state(desk, fact, by, reason, at)


def end_firm_key(
    desk: Desk, key: str, ending: Ending, by: PersonId, reason: str, at: datetime
) -> Registered:
    """
    Return the place of the statement that ends a firm's key.

    Args:
        desk: holds the operator's key
        key: SHA-256 of its material
        ending: how
        by: who decided it
        reason: why, in one sentence
        at: log time

    Returns:
        Index and digest.

    Raises:
        UnknownSubjectError: no firm's key with this id is on record.
        NotPermittedError: it is the operator's own, pinned key.
        MalformedError: no such ending, a time that has not come, or no reason.

    Source: reference on provenance, section 2.6; ADR 0040.
    """
    return _state(desk, ended(desk, key, ending, at), by, reason, at)


def ended(desk: Desk, key: str, ending: Ending, at: datetime) -> KeyEvent:
    """
    Return the statement that would end a firm's key.

    Args:
        desk: knows the keys
        key: SHA-256 of its material
        ending: how
        at: log time it would get

    Returns:
        The fact, not on record.

    Raises:
        UnknownSubjectError: no firm's key with this id is on record.
        NotPermittedError: it is the operator's own, pinned key.
        MalformedError: no such ending, or a time that has not come.

    Source: reference on provenance, section 2.6.
    """
    verb = _ENDINGS.get(ending.how)
    if verb is None:
        raise MalformedError(
            f"A key does not end by {ending.how!r}.", hint=f"Choose: {', '.join(_ENDINGS)}."
        )
    if ending.since is not None and ending.since > at:
        raise MalformedError("That time has not come.", hint="Say since when in the past.")
    anchor = _on_record(desk, key)
    since = ending.since if verb is KeyVerb.COMPROMISE else None
    until = ending.until if verb is KeyVerb.SUPERSEDE else None
    return replace(_about(anchor, verb), compromised_since=since, valid_until=until)


def _need_firm_kinds(bound: Bound) -> None:
    known = firm_kinds()
    unknown = next((one for one in bound.kinds if one not in known), None)
    if unknown is not None:
        raise MalformedError(
            f"No firm's key states {unknown!r}.", hint=f"Choose: {', '.join(known)}."
        )


def _about(anchor: Anchor, verb: KeyVerb) -> KeyEvent:
    return KeyEvent(
        verb=verb,
        key=Digest(anchor.key.key_id),
        issuer=anchor.issuer,
        algorithm=anchor.key.algorithm,
        spki=base64.b64encode(anchor.key.spki).decode(),
        valid_from=anchor.valid_from,
    )


def _state(desk: Desk, fact: KeyEvent, by: PersonId, reason: str, at: datetime) -> Registered:
    if not reason.strip():
        raise MalformedError("No reason is given.", hint="Say in one sentence why.")
    header = Header(desk.operator, at, reason=f"{reason.strip()} Decided by {by}.")
    return record.state(desk, fact, header, fact.issuer)


def _in_force(desk: Desk, key: str, at: datetime) -> Anchor:
    anchor = _on_record(desk, key)
    if anchor.state is not KeyState.ACTIVE or not anchor.stands_at(at):
        raise UnknownSubjectError("This key is in force no more.", hint="Look at the list of keys.")
    return anchor


def _on_record(desk: Desk, key: str) -> Anchor:
    bound = [one for one in desk.anchors().of_key(key) if isinstance(one.issuer, PartyId)]
    if not bound:
        raise UnknownSubjectError(f"No firm has a key {key}.", hint="Look at the list of keys.")
    if key in {one.key.key_id for one in desk.pinned.anchors}:
        raise NotPermittedError(
            "This is the operator's own key, which everybody pins.",
            hint="Replace it at the machine: docs/how-to/back-up.md.",
        )
    return bound[-1]


def _shown(one: Anchor, at: datetime, is_pinned: bool) -> FirmKey:  # noqa: FBT001 — one word
    lapsed = one.state is KeyState.ACTIVE and not one.stands_at(at)
    return FirmKey(
        key=one.key.key_id,
        algorithm=str(one.key.algorithm),
        party=PartyId.read(str(one.issuer)),
        state="lapsed" if lapsed else str(one.state),
        valid_from=one.valid_from,
        valid_until=one.valid_until,
        compromised_since=one.compromised_since,
        bound=Bound(
            tuple(sorted(map(kinds.short, one.predicate_types))),
            tuple(sorted(one.places)),
            one.valid_until,
        ),
        is_pinned=is_pinned,
    )
