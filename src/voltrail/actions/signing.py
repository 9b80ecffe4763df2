"""
What a person signs: the bytes, one person's signature over them, and the envelope at the end.

A signature is checked when it comes, with the rules that the register will apply. Keeps nothing,
and holds no person's key: drafts wait elsewhere until everybody has signed.
"""

import hashlib
from collections.abc import Iterable, Mapping
from datetime import datetime

from msgspec import Struct

from voltrail.actions.desk import Desk
from voltrail.canonical import canonical_bytes
from voltrail.canonical import parse as parse_json
from voltrail.errors import (
    IssuerNotTrustedError,
    LapsedError,
    MalformedError,
    UnknownSubjectError,
    UnverifiableError,
)
from voltrail.ids.subject import PersonId
from voltrail.projections.view import recorded
from voltrail.statements import envelope as envelopes
from voltrail.statements import kinds
from voltrail.statements import statement as statements
from voltrail.statements.envelope import PAYLOAD_TYPE, Signature
from voltrail.statements.fields import Digest
from voltrail.statements.sign_off import SignOff
from voltrail.statements.statement import Header, Statement
from voltrail.trust.anchors import Anchor, KeyState

TWO_PEOPLE = 2  # [persons] design: two-person acts


class Signer(Struct, frozen=True):
    """Whose signature it is, the key that made it, and the passkey's site where it is one."""

    person: PersonId
    key: str
    relying_party: str = ""


class Signed(Struct, frozen=True):
    """A payload and the signatures that came with it: key id to signature."""

    payload: bytes
    signatures: tuple[tuple[str, bytes], ...]


def read(payload: bytes) -> Statement:
    """
    Return the statement in some bytes that wait for signatures.

    Args:
        payload: a statement's canonical bytes

    Returns:
        The statement.

    Raises:
        MalformedError: the bytes are no statement.

    Source: in-toto attestation framework, Statement v1.
    """
    return statements.parse(payload)


def canonical(draft: bytes) -> bytes:
    """
    Return the bytes to sign of a draft that somebody wrote as JSON.

    Args:
        draft: a statement as JSON, in whatever spacing

    Returns:
        Its canonical bytes, as `voltrail sign` signs them.

    Raises:
        MalformedError: no JSON in the profile, or no statement.

    Source: ADR 0002.
    """
    payload = canonical_bytes(parse_json(draft, what="draft"))
    statements.parse(payload)
    return payload


def fingerprint(payload: bytes) -> str:
    """
    Return the SHA-256 of the bytes that a signature covers; a passkey's challenge is just this.

    Args:
        payload: a statement's canonical bytes

    Returns:
        64 hexadecimal digits.

    Source: DSSE v1.0.2, protocol; WebAuthn level 2, 7.2; ADR 0014.
    """
    return hashlib.sha256(envelopes.pae(PAYLOAD_TYPE, payload)).hexdigest()


def check(desk: Desk, payload: bytes, key: str, signature: bytes, at: datetime) -> Signer:
    """
    Return whose signature this is, once it covers these bytes and its key is in force.

    Args:
        desk: knows the keys in force
        payload: a statement's canonical bytes
        key: the key's id, as the envelope names it
        signature: in the key's own form; for a passkey the assertion as JSON
        at: the time to judge the key at

    Returns:
        The person, the key, and the passkey's site.

    Raises:
        MalformedError: the payload is no statement.
        UnverifiableError: no key with this id is enrolled here.
        SignatureInvalidError: the signature is not over these bytes.
        IssuerNotTrustedError: the key is no person's, or not enrolled for this kind.
        LapsedError: the key is not in force.

    Source: DSSE v1.0.2, protocol; ADR 0014.
    """
    said, anchors = statements.parse(payload), desk.anchors().of_key(key)
    if not anchors:
        raise UnverifiableError(
            "No key enrolled here made this signature.",
            hint="Have the key enrolled and confirmed first, then sign again.",
        )
    anchors[0].key.check(signature, envelopes.pae(PAYLOAD_TYPE, payload))
    anchor = _fit(anchors, said, at)
    return Signer(PersonId.read(anchor.issuer), key, anchor.key.relying_party)


def parse(raw: bytes) -> Signed:
    """
    Return the payload and the signatures in an envelope; nothing is verified.

    Args:
        raw: a DSSE envelope, for example the output of `voltrail sign`

    Returns:
        The payload and each signature under its key's id.

    Raises:
        MalformedError: no envelope.

    Source: DSSE v1.0.2, envelope.
    """
    found = envelopes.parse(raw)
    return Signed(found.payload, tuple((one.keyid, one.sig) for one in found.signatures))


def envelope(payload: bytes, signatures: Mapping[str, bytes]) -> bytes:
    """
    Return the envelope of a payload that everybody has signed.

    Args:
        payload: a statement's canonical bytes
        signatures: key id to signature, at least one

    Returns:
        The envelope's bytes, to be handed in.

    Source: DSSE v1.0.2.
    """
    listed = (Signature(key, signatures[key]) for key in sorted(signatures))
    return envelopes.build(payload, tuple(listed)).raw


def signers(desk: Desk, kind: str, at: datetime) -> frozenset[PersonId]:
    """
    Return the persons who have a key in force for a kind of statement.

    Args:
        desk: knows the keys in force
        kind: short name of the kind, for example policy
        at: the time to judge the keys at

    Returns:
        Their pseudonyms.

    Source: design, section 7, a person's act.
    """
    found = (one for one in desk.anchors().anchors if _stands(one, at))
    wanted = kinds.uri(kind)
    return frozenset(
        one.issuer for one in found if isinstance(one.issuer, PersonId) and one.covers(wanted, None)
    )


def draft_sign_off(
    desk: Desk, index: int, person: PersonId, words: tuple[str, str], at: datetime
) -> bytes:
    """
    Return the bytes with which a person agrees to a recorded statement.

    Args:
        desk: where the statement is kept
        index: its place in the register
        person: who will sign
        words: the verb, for example sign-rejection, and a note or nothing
        at: the time the person claims

    Returns:
        Canonical bytes to be signed.

    Raises:
        UnknownSubjectError: the register has no such entry.
        MalformedError: the verb or the note is not fit to be stated.

    Source: design, walls: open duties; ADR 0009.
    """
    if not 0 <= index < desk.entries.size():
        raise UnknownSubjectError(
            f"The register has no entry {index}.", hint="Open the entry and begin there."
        )
    one = recorded(desk.entries.at([index])[0])
    verb, note = (text.strip() for text in words)
    if not verb:
        raise MalformedError("The sign-off has no verb.", hint="Say what you agree to.")
    fact = SignOff(person, verb, Digest(one.entry.digest), note or None)
    payload = statements.compose(fact, Header(person, at), *one.subjects)
    statements.parse(payload)
    return payload


def _fit(anchors: Iterable[Anchor], said: Statement, at: datetime) -> Anchor:
    """Return the binding to a person that is for this kind and place, and in force."""
    own = [one for one in anchors if isinstance(one.issuer, PersonId)]
    fit = [one for one in own if one.covers(said.predicate_type, said.header.place)]
    if not fit:
        raise IssuerNotTrustedError(
            f"This key is no person's key for {_short(said.predicate_type)}.",
            hint="Sign with a key that was enrolled for you and for this kind of statement.",
        )
    standing = [one for one in fit if _stands(one, at)]
    if not standing:
        raise LapsedError(
            f"The key of {fit[0].issuer} is not in force.", hint="Sign with a key that is."
        )
    return standing[0]


def _stands(anchor: Anchor, at: datetime) -> bool:
    return anchor.state is KeyState.ACTIVE and anchor.stands_at(at)


def _short(kind: str) -> str:
    return kind.removeprefix(kinds.PREFIX).rpartition(":v")[0] or kind
