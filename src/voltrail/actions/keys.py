"""
A person's keys: proof that somebody holds one, its enrolment by two people, its end.

The operator's key states the enrolment, and only after somebody else than the owner confirmed it.
Does not know names, roles or browsers.
"""

import base64
from datetime import datetime, timedelta

from msgspec import Struct

from voltrail.actions import record
from voltrail.actions.desk import Desk
from voltrail.actions.record import Registered
from voltrail.errors import (
    NotPermittedError,
    SignatureInvalidError,
    StaleEvidenceError,
    UnknownSubjectError,
)
from voltrail.ids.subject import PersonId
from voltrail.statements import envelope as envelopes
from voltrail.statements import kinds
from voltrail.statements import statement as statements
from voltrail.statements.fields import Digest
from voltrail.statements.key import KeyEvent, KeyVerb
from voltrail.statements.statement import Header
from voltrail.trust import keys
from voltrail.trust.anchors import Anchor, KeyState
from voltrail.trust.entitlement import PERSON_ONLY, entitle
from voltrail.trust.signer import sealed
from voltrail.trust.verify import verify

_POSSESSION = "voltrail passkey v1"  # never the beginning of bytes that a statement's key signs
_LOG_IN = "voltrail log-in v1"  # nor is this
_MOMENT = timedelta(seconds=1)  # a key begins before the statement that enrols it


class Material(Struct, frozen=True):
    """A public key as an authenticator gives it: scheme, DER bytes, and the site it is for."""

    algorithm: str
    spki: bytes
    relying_party: str = ""


class HeldKey(Struct, frozen=True):
    """A key on record for a person, and how its life stands."""

    key: str
    algorithm: str
    person: PersonId
    state: str
    valid_from: datetime
    valid_until: datetime | None
    kinds: tuple[str, ...]


def person_kinds() -> tuple[str, ...]:
    """
    Return the short names of the statements that a person signs.

    Returns:
        Those that only a person may make, the correction of what one said, and the class of a
        place that two agree on; in order.

    Source: design, section 7, a person's act.
    """
    return tuple(sorted({*map(_short, PERSON_ONLY), "correction", "place"}))


def challenge(person: PersonId, nonce: str) -> bytes:
    """
    Return the bytes whose SHA-256 a new passkey must answer.

    Args:
        person: for whom the key is
        nonce: chance, used once

    Returns:
        Bytes that no statement's signature covers.

    Source: WebAuthn level 2, 7.1; ADR 0014.
    """
    return f"{_POSSESSION}\n{person}\n{nonce}".encode()


def log_in_challenge(nonce: str) -> bytes:
    """
    Return the bytes whose SHA-256 a passkey must answer to log its person in.

    Args:
        nonce: chance, used once

    Returns:
        Bytes that no statement's signature covers, nor the proof of a new passkey.

    Source: WebAuthn level 2, 7.2; ADR 0024.
    """
    return f"{_LOG_IN}\n{nonce}".encode()


def prove(material: Material, assertion: bytes, asked: bytes) -> str:
    """
    Return the id of a key, once its holder has shown to hold it.

    Args:
        material: the public key
        assertion: what the authenticator answered, as JSON
        asked: from `challenge`

    Returns:
        SHA-256 of the key's material.

    Raises:
        MalformedError: no key, or a scheme not known here.
        StaleEvidenceError: the answer is not for this challenge, this site or this key.

    Source: WebAuthn level 2, 7.2; ADR 0014.
    """
    key = keys.parse(material.algorithm, material.spki, material.relying_party)
    try:
        key.check(assertion, asked)
    except SignatureInvalidError as error:
        raise StaleEvidenceError(
            "The passkey did not prove that you hold it.", hint="Add it again on the page itself."
        ) from error
    return key.key_id


def check_enrolment(desk: Desk, material: Material, person: PersonId, at: datetime) -> None:
    """
    Refuse a key that could not be enrolled for a person, and record nothing.

    Args:
        desk: knows the keys in force
        material: the public key
        person: for whom
        at: log time it would get

    Raises:
        NotPermittedError: the key is on record for this person.
        ProductError: what else the register would refuse the enrolment with.

    Source: ADR 0014.
    """
    _need_new(desk, material, person)
    fact = _enrolment(material, person, person_kinds(), at)
    payload = statements.compose(fact, Header(desk.operator, at), person)
    envelope = envelopes.parse(sealed(payload, desk.signer).raw)
    entitle(verify(envelope, desk.anchors(), at), desk.operator, desk.anchors(), at)


def enrol_person_key(
    desk: Desk,
    material: Material,
    people: tuple[PersonId, PersonId],
    may: tuple[str, ...],
    at: datetime,
) -> Registered:
    """
    Return the place of a person's key in the register, once somebody else has confirmed it.

    Args:
        desk: holds the operator's key
        material: the public key
        people: whose key it is, and who confirmed it
        may: short names of the kinds it may sign
        at: log time

    Returns:
        Index and digest of the enrolment.

    Raises:
        NotPermittedError: the owner confirmed it, it may sign nothing that is a person's, or it is
            on record.
        MalformedError: no key, or a scheme not known here.
        RefusedError: the key is another person's.

    Source: ADR 0009; ADR 0014.
    """
    owner, confirmed_by = people
    if owner == confirmed_by:
        raise NotPermittedError(
            f"{owner} cannot confirm an own key.", hint="Ask another administrator."
        )
    if not may or not set(may) <= set(person_kinds()):
        raise NotPermittedError(
            "A person's key is for a person's acts.", hint=f"Choose: {', '.join(person_kinds())}."
        )
    _need_new(desk, material, owner)
    reason = f"Confirmed by {confirmed_by}."
    fact = _enrolment(material, owner, may, at)
    return record.state(desk, fact, Header(desk.operator, at, reason=reason), owner)


def end_person_key(
    desk: Desk, key: str, ended_by: PersonId, stolen_since: datetime | None, at: datetime
) -> Registered:
    """
    Return the place of the statement that ends a person's key.

    Args:
        desk: holds the operator's key
        key: SHA-256 of its material
        ended_by: who asked for it
        stolen_since: since when another may have held it; None where nobody did
        at: log time

    Returns:
        Index and digest.

    Raises:
        UnknownSubjectError: no person's key with this id is on record.
        RefusedError: what the register refuses it with.

    Source: reference on provenance, section 2.5; ADR 0014.
    """
    bound = [one for one in desk.anchors().of_key(key) if isinstance(one.issuer, PersonId)]
    if not bound:
        raise UnknownSubjectError(f"No person holds a key {key}.", hint="Look at the list of keys.")
    anchor = bound[-1]
    fact = KeyEvent(
        verb=KeyVerb.CEASE if stolen_since is None else KeyVerb.COMPROMISE,
        key=Digest(key),
        issuer=anchor.issuer,
        algorithm=anchor.key.algorithm,
        spki=base64.b64encode(anchor.key.spki).decode(),
        valid_from=anchor.valid_from,
        compromised_since=stolen_since,
        relying_party=anchor.key.relying_party or None,
    )
    header = Header(desk.operator, at, reason=f"Asked for by {ended_by}.")
    return record.state(desk, fact, header, anchor.issuer)


def held_keys(desk: Desk, person: PersonId | None, at: datetime) -> tuple[HeldKey, ...]:
    """
    Return the keys on record for a person, or for every person.

    Args:
        desk: knows the keys
        person: whose; None for everybody's
        at: the time to judge them at

    Returns:
        Keys by person, then beginning.

    Source: design, section 7, a person's act.
    """
    found = [
        _held(one, at)
        for one in desk.anchors().anchors
        if isinstance(one.issuer, PersonId) and person in (None, one.issuer)
    ]
    return tuple(sorted(found, key=lambda one: (one.person, one.valid_from, one.key)))


def _need_new(desk: Desk, material: Material, person: PersonId) -> None:
    """Refuse a key that this person holds or once held: an ended key never begins again."""
    key = keys.parse(material.algorithm, material.spki, material.relying_party)
    if any(one.issuer == person for one in desk.anchors().of_key(key.key_id)):
        raise NotPermittedError(
            f"This key is on record for {person}.",
            hint="Make another passkey; an ended one stays so.",
        )


def _enrolment(
    material: Material, person: PersonId, may: tuple[str, ...], at: datetime
) -> KeyEvent:
    key = keys.parse(material.algorithm, material.spki, material.relying_party)
    return KeyEvent(
        verb=KeyVerb.ENROL,
        key=Digest(key.key_id),
        issuer=person,
        algorithm=key.algorithm,
        spki=base64.b64encode(key.spki).decode(),
        valid_from=(at - _MOMENT).replace(microsecond=0),
        predicate_types=tuple(kinds.uri(one) for one in sorted(may)),
        relying_party=key.relying_party or None,
    )


def _held(anchor: Anchor, at: datetime) -> HeldKey:
    standing = anchor.state is not KeyState.ACTIVE or anchor.stands_at(at)
    return HeldKey(
        anchor.key.key_id,
        anchor.key.algorithm,
        PersonId.read(anchor.issuer),
        str(anchor.state) if standing else "lapsed",
        anchor.valid_from,
        anchor.valid_until,
        tuple(sorted(map(_short, anchor.predicate_types))),
    )


def _short(kind: str) -> str:
    return kind.removeprefix(kinds.PREFIX).rpartition(":v")[0]
