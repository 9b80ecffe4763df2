"""
From an envelope to a verified statement: the only way, in numbered steps.

    1  parse the payload that was signed; nothing is parsed again later
    2  find, for each signature, the keys that could have made it (keyid is a hint only)
    3  check each signature; a wrong one of a known key refuses the whole envelope
    4  keep the keys that are bound to the stated issuer, predicate type, place and log time
    5  count distinct keys by material against the threshold

Verification says who spoke; it does not say that what was spoken is true.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import NoReturn, TypeVar

from msgspec import Struct

from voltrail.errors import (
    IssuerNotTrustedError,
    LapsedError,
    ProductError,
    SignatureInvalidError,
    UnverifiableError,
)
from voltrail.statements import statement as statements
from voltrail.statements.envelope import Envelope, Signature
from voltrail.statements.statement import Statement
from voltrail.trust.anchors import Anchor, Anchors

_MADE_HERE = object()
T = TypeVar("T")


class VerifiedStatement(Struct, frozen=True, gc=False):
    """A statement, its envelope, and the bindings that vouch for its issuer; built here only."""

    envelope: Envelope
    statement: Statement
    signers: tuple[Anchor, ...]
    digest: str
    witness: object

    def __post_init__(self) -> None:
        """Refuse to exist unless `verify` made it."""
        if self.witness is not _MADE_HERE:
            raise TypeError("only trust.verify builds a VerifiedStatement")


def verify(envelope: Envelope, anchors: Anchors, at: datetime) -> VerifiedStatement:
    """
    Return the verified statement of an envelope.

    Args:
        envelope: as parsed
        anchors: the bindings in force
        at: log time to judge bindings at

    Returns:
        The statement with the bindings that vouch for it.

    Raises:
        MalformedError: the payload is no statement.
        UnverifiableError: no key known here made any of the signatures.
        SignatureInvalidError: a known key's signature does not match.
        IssuerNotTrustedError: the keys are not bound to this issuer, type or place, or too few are.
        LapsedError: the binding is not in force at this time.

    Source: DSSE v1.0.2, protocol; threshold by key material: ADR 0004.
    """
    said = statements.parse(envelope.payload)  # 1
    known = _signed_by(envelope, said, anchors)  # 2, 3
    return _vouched(envelope, said, known, anchors, at)  # 4, 5


def verify_all(
    envelopes: Sequence[Envelope], anchors: Anchors, at: datetime
) -> list[VerifiedStatement | ProductError]:
    """
    Return the verified statement of each envelope, or the error that refuses it.

    Each step is done for all before the next begins, which keeps it in the processor's cache.

    Args:
        envelopes: as parsed
        anchors: the bindings in force
        at: log time to judge bindings at

    Returns:
        One answer for each envelope, in order; the errors are those that `verify` raises.

    Source: DSSE v1.0.2, protocol; in steps: ADR 0015.
    """
    said = [_tried(statements.parse, one.payload) for one in envelopes]  # 1
    known = [
        one if isinstance(one, ProductError) else _tried(_signed_by, envelope, one, anchors)
        for envelope, one in zip(envelopes, said, strict=True)
    ]  # 2, 3
    return [
        one if isinstance(one, ProductError) else _tried(_vouched, envelope, what, one, anchors, at)
        for envelope, what, one in zip(envelopes, said, known, strict=True)
    ]  # 4, 5


def _tried(step: Callable[..., T], *given: object) -> T | ProductError:
    try:
        return step(*given)
    except ProductError as error:
        return error


def _signed_by(envelope: Envelope, said: Statement, anchors: Anchors) -> list[Anchor]:
    """Return the bindings of every key that signed; refuse where one is wrong or unknown."""
    known: list[Anchor] = []
    signed = envelope.pae
    for signature in envelope.signatures:
        bindings = _bindings(signature, signed, anchors, said.header.issuer)
        if not bindings:
            raise UnverifiableError(
                f"No key enrolled here made this signature for {said.header.issuer.key}.",
                hint="Ask the issuer to have its key enrolled, then hand the statement in again.",
            )
        known += bindings
    return known


def _vouched(
    envelope: Envelope, said: Statement, known: list[Anchor], anchors: Anchors, at: datetime
) -> VerifiedStatement:
    """Return the statement with the bindings that are entitled to it, if they are enough."""
    signers = _entitled(known, said, at)
    needed = anchors.threshold(said.predicate_type)
    if needed > 1 and len({anchor.key.key_id for anchor in signers}) < needed:
        raise IssuerNotTrustedError(
            f"The statement needs signatures by {needed} distinct keys.",
            hint="Have another authorized key sign the same bytes.",
        )
    return VerifiedStatement(envelope, said, signers, envelope.digest, _MADE_HERE)


def _bindings(
    signature: Signature, signed: bytes, anchors: Anchors, issuer: object
) -> list[Anchor]:
    hinted = anchors.of_key(signature.keyid)
    if hinted:
        hinted[0].key.check(signature.sig, signed)
        return hinted
    for anchor in anchors.of_issuer(issuer):  # type: ignore[arg-type]
        try:
            anchor.key.check(signature.sig, signed)
        except SignatureInvalidError:
            continue
        return anchors.of_key(anchor.key.key_id)
    return []


def _entitled(known: list[Anchor], said: Statement, at: datetime) -> tuple[Anchor, ...]:
    issuer, kind, place = said.header.issuer, said.predicate_type, said.header.place
    good = [one for one in known if one.issuer == issuer and one.covers(kind, place)]
    standing = tuple([one for one in good if one.stands_at(at)])
    return standing or _why_not(known, said, at)


def _why_not(known: list[Anchor], said: Statement, at: datetime) -> NoReturn:
    issuer, kind, place = said.header.issuer, said.predicate_type, said.header.place
    own = [anchor for anchor in known if anchor.issuer == issuer]
    if not own:
        raise IssuerNotTrustedError(
            f"The key that signed is bound to {known[0].issuer.key}, not to {issuer.key}.",
            hint="Sign with a key that is enrolled for the stated issuer.",
        )
    if not any(anchor.covers(kind, place) for anchor in own):
        raise IssuerNotTrustedError(
            f"The key of {issuer} is not enrolled for {kind} at {place or 'no place'}.",
            hint="Ask the key officer to widen the binding, or sign with another key.",
        )
    raise LapsedError(
        f"The key of {issuer} is not in force at {at:%Y-%m-%d %H:%MZ}.",
        hint="Rotate the key, then sign again.",
    )
