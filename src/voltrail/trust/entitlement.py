"""
Which kinds of statement only the operator, only a person, or only two persons together may make.

Applied after verification, by the door of the register and again by whoever checks a pack offline.
Does not check that anything said is true.
"""

import base64
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from voltrail.errors import IssuerNotTrustedError, MalformedError
from voltrail.ids.subject import PartyId, PersonId, SubjectId
from voltrail.statements import kinds
from voltrail.statements.acceptance import Acceptance
from voltrail.statements.assembly import Assembly
from voltrail.statements.change_notice import ChangeNotice
from voltrail.statements.custody import Half, HandOver
from voltrail.statements.key import KeyEvent, KeyVerb
from voltrail.statements.place import Overrule, Place
from voltrail.statements.policy import PolicyRecord
from voltrail.statements.recall import Recall
from voltrail.statements.retirement import Retirement
from voltrail.statements.waiver import Waiver
from voltrail.trust import keys
from voltrail.trust.anchors import Anchors, KeyState
from voltrail.trust.verify import VerifiedStatement

LIGHTEST = 3  # the lightest risk tier: mission, risk tiers
TWO_PEOPLE = 2  # [persons] design: a policy or a waiver is approved by two people
LONGEST_WAIVER = timedelta(days=366)  # our choice: ADR 0022
KEY_TYPE, SIGN_OFF = kinds.uri("key"), kinds.uri("sign-off")
PERSON_ONLY = frozenset(
    kinds.uri(name) for name in ("acceptance", "hold-lift", "policy", "sign-off", "waiver")
)
OPERATOR_ONLY = frozenset(
    kinds.uri(name)
    for name in (
        "administration",
        "appointment",
        "arrival",
        "attestation",
        "change-decision",
        "contract",
        "decision",
        "firmware",
        "firmware-reading",
        "hold",
        "incident",
        "inspection",
        "installation",
        "intake",
        "key",
        "movement",
        "order",
        "order-attempt",
        "party",
        "permission",
        "place",
        "product",
        "qualification",
        "rating",
        "recall-answer",
        "refusal",
        "remark",
        "specification",
        "stock",
        "time-proof",
        "training",
    )
)


def entitle(
    verified: VerifiedStatement, operator: PartyId, anchors: Anchors, at: datetime | None = None
) -> None:
    """
    Check that an issuer may make this kind of statement at all.

    Args:
        verified: a verified statement
        operator: whose register it is
        anchors: the bindings in force
        at: log time to judge a second person's key at; without it, the claimed time

    Raises:
        IssuerNotTrustedError: the kind is the operator's, a person's, or needs two persons; a firm
            speaks for another or recalls what it did not make; or a key statement binds one
            person's key to another, or ends a binding that is not there.
        MalformedError: a key statement whose key, material and scheme do not fit together.
        SignatureInvalidError: a second person's signature does not match.

    Source: design, section 7, a person's act; policy.
    """
    said = verified.statement
    issuer, kind = said.header.issuer, said.predicate_type
    if kind in OPERATOR_ONLY and issuer != operator and not _enrolled_for(verified, kind):
        raise IssuerNotTrustedError(
            f"{issuer} may not state {kind} here; only {operator} does.",
            hint="Hand in what you know under your own predicate types.",
        )
    if kind == KEY_TYPE and issuer != operator:
        raise IssuerNotTrustedError(
            f"Only {operator} enrols and ends keys.", hint="Ask the operator's key officer."
        )
    if kind in PERSON_ONLY and not isinstance(issuer, PersonId):
        raise IssuerNotTrustedError(
            "A person's act needs a person's signature.", hint="Sign with your passkey or own key."
        )
    if issuer != operator:
        _own_voice(said.fact, issuer)
    _by_its_fact(verified, anchors, at)


def _by_its_fact(verified: VerifiedStatement, anchors: Anchors, at: datetime | None) -> None:
    """Check what only this kind of statement asks of whoever signs it."""
    fact, issuer = verified.statement.fact, verified.statement.header.issuer
    if isinstance(fact, PolicyRecord):
        _two_people(verified, fact.approved_by, anchors, at)
    if isinstance(fact, Acceptance):
        _two_people(verified, fact.accepted_by, anchors, at)
    if isinstance(fact, Waiver):
        _asked_by_another(fact)
        _within_bounds(fact, at or verified.statement.header.claimed_time)
        _two_people(verified, fact.approved_by, anchors, at)
    if isinstance(fact, HandOver):
        _own_half(fact, issuer)
    if isinstance(fact, Place):
        _classified(verified, fact, anchors, at)
    if isinstance(fact, KeyEvent):
        _key_fits(fact)
        _key_is_free(fact, anchors)


def _enrolled_for(verified: VerifiedStatement, kind: str) -> bool:
    """Return whether a person's key was enrolled for just this kind; by default none is."""
    if not isinstance(verified.statement.header.issuer, PersonId):
        return False
    return any(kind in anchor.predicate_types for anchor in verified.signers)


def _own_voice(fact: object, issuer: SubjectId) -> None:
    """Check that a firm speaks for itself, and recalls only what it made."""
    if isinstance(fact, Assembly | ChangeNotice | Retirement):
        speaker = _speaker(fact)
        if issuer != speaker:
            raise IssuerNotTrustedError(
                f"Only {speaker.key} can state that; {issuer.key} cannot speak for it.",
                hint="State what you did yourself, or ask them for their statement.",
            )
    if isinstance(fact, Recall):
        listed = tuple(_recalled(fact))
        if not listed or not all(named and _made_by(issuer, named) for named in listed):
            raise IssuerNotTrustedError(
                f"{issuer.key} recalls only units, lots and products that it made.",
                hint="Name one of your own in each selector; report others' goods as a signal.",
            )


def _speaker(fact: Assembly | ChangeNotice | Retirement) -> PartyId:
    if isinstance(fact, Assembly):
        return fact.assembler
    return fact.holder if isinstance(fact, Retirement) else fact.supplier


def _made_by(issuer: SubjectId, named: Iterable[SubjectId]) -> bool:
    return all(PartyId.of(one.parts[0]) == issuer for one in named)


def _recalled(fact: Recall) -> Iterator[list[SubjectId]]:
    """Return what is named outright, one by one, and what each selector names together."""
    yield from ([one] for one in (*fact.lots, *fact.units))
    for selector in (one.selector for one in fact.selected):
        named = (selector.unit, selector.lot, selector.product)
        yield [one for one in named if one is not None]


def _own_half(fact: HandOver, issuer: SubjectId) -> None:
    """Check that each half of a hand-over is stated by its own party."""
    hand = fact.giver if fact.half is Half.GIVEN else fact.taker
    if issuer != hand:
        raise IssuerNotTrustedError(
            f"Only {hand.key} can state that half of the hand-over.",
            hint="State your own half, or ask the other party for theirs.",
        )


def _classified(
    verified: VerifiedStatement, fact: Place, anchors: Anchors, at: datetime | None
) -> None:
    """Check who else must have signed a place: two persons, or whoever agreed to a tier by hand."""
    if isinstance(verified.statement.header.issuer, PersonId):
        named = (one for one in (fact.assessed_by, fact.agreed_by) if one is not None)
        _two_people(verified, tuple(named), anchors, at)
    if fact.overrule is not None:
        _second_person(verified, fact.overrule, anchors, at)


def _second_person(
    verified: VerifiedStatement, overrule: Overrule, anchors: Anchors, logged: datetime | None
) -> None:
    """Check that the second person of a tier set by hand signed it, with a key in force."""
    if not 1 <= overrule.tier <= LIGHTEST:
        raise MalformedError(f"There is no tier {overrule.tier}.", hint="Choose 1, 2 or 3.")
    said, signed = verified.statement, verified.envelope.pae
    at, place = logged or said.header.claimed_time, said.header.place
    for signature in verified.envelope.signatures:
        for anchor in anchors.of_key(signature.keyid):
            if anchor.issuer != overrule.second_person or anchor.issuer == said.header.issuer:
                continue
            anchor.key.check(signature.sig, signed)
            meant = anchor.covers(said.predicate_type, place) or anchor.covers(SIGN_OFF, place)
            if meant and anchor.state is KeyState.ACTIVE and anchor.stands_at(at):
                return
    raise IssuerNotTrustedError(
        "A tier set by hand needs the signature of the second person it names.",
        hint="Have that person sign the same draft.",
    )


def _key_fits(event: KeyEvent) -> None:
    """Check that a key statement's digest, material and scheme speak of one key."""
    try:
        spki = base64.b64decode(event.spki, validate=True)
    except ValueError as error:
        raise MalformedError(
            "The key statement's key is not base64.", hint="Write spki as base64 of its DER bytes."
        ) from error
    key = keys.parse(event.algorithm, spki, event.relying_party or "")
    if key.key_id != event.key:
        raise MalformedError(
            "The key statement names one key and carries another.",
            hint="Set key to the SHA-256 of the bytes in spki.",
        )


def _key_is_free(event: KeyEvent, anchors: Anchors) -> None:
    """Check that an enrolment takes nobody's key, and that an ending ends something."""
    bound = anchors.of_key(event.key)
    if event.verb is not KeyVerb.ENROL:
        if not any(anchor.issuer == event.issuer for anchor in bound):
            raise IssuerNotTrustedError(
                f"This key was never enrolled for {event.issuer}, so it cannot be ended.",
                hint="Look up the key and its holder in the list of keys.",
            )
        return
    others = [one.issuer for one in bound if isinstance(one.issuer, PersonId)]
    if isinstance(event.issuer, PersonId) and any(one != event.issuer for one in others):
        raise IssuerNotTrustedError(
            f"This key belongs to another person; {event.issuer} needs an own one.",
            hint="Enrol another passkey or key for this person.",
        )


def _within_bounds(fact: Waiver, at: datetime) -> None:
    """Check that an exception has a scope and a plan, and ends within a year from now."""
    scope = (fact.order, fact.arrival, fact.lot, fact.unit, fact.product, fact.supplier, fact.place)
    if not any(scope) or not fact.plan:
        raise MalformedError(
            "An exception needs a scope and a plan.",
            hint="Say for what it is, and who makes it needless until when.",
        )
    if not fact.valid_from < fact.valid_until <= at + LONGEST_WAIVER:
        raise MalformedError(
            f"The exception {fact.number} does not end within a year.",
            hint="Choose an earlier end; ask again when it comes.",
        )


def _asked_by_another(fact: Waiver) -> None:
    """Check that whoever asked for a waiver is not among those who approve it."""
    if fact.requested_by in fact.approved_by:
        raise IssuerNotTrustedError(
            f"{fact.requested_by.key} asked for this waiver and cannot approve it.",
            hint="Have two other persons sign the same draft.",
        )


def _two_people(
    verified: VerifiedStatement,
    approved_by: tuple[PersonId, ...],
    anchors: Anchors,
    logged: datetime | None,
) -> None:
    """Check that exactly the persons named signed the same bytes, each with an own key."""
    people: dict[SubjectId, set[str]] = {}
    said, signed = verified.statement, verified.envelope.pae
    at, kind = logged or said.header.claimed_time, said.predicate_type
    for signature in verified.envelope.signatures:
        for anchor in anchors.of_key(signature.keyid):
            if isinstance(anchor.issuer, PersonId) and anchor.covers(kind, None):
                anchor.key.check(signature.sig, signed)
                if anchor.state is KeyState.ACTIVE and anchor.stands_at(at):
                    people.setdefault(anchor.issuer, set()).add(anchor.key.key_id)
    material = set().union(*people.values())
    shared = len(material) < sum(len(own) for own in people.values())
    if len(people) < TWO_PEOPLE or set(people) != set(approved_by) or shared:
        raise IssuerNotTrustedError(
            "This needs the signatures of the two persons it names.",
            hint="Have both sign the same draft, each with a key of their own.",
        )
