"""
Which kinds of statement only the operator, only a person, or only two persons together may make.

Applied after verification, by the door of the register and again by whoever checks a pack offline.
Does not check that anything said is true.
"""

from voltrail.errors import IssuerNotTrustedError
from voltrail.ids.subject import PartyId, PersonId, SubjectId
from voltrail.statements import kinds
from voltrail.statements.policy import PolicyRecord
from voltrail.trust.anchors import Anchors
from voltrail.trust.verify import VerifiedStatement

TWO_PEOPLE = 2  # [persons] design: a policy is approved by two people
PERSON_ONLY = frozenset(kinds.uri(name) for name in ("hold-lift", "policy", "sign-off"))
OPERATOR_ONLY = frozenset(
    kinds.uri(name)
    for name in (
        "arrival",
        "decision",
        "firmware",
        "firmware-reading",
        "hold",
        "inspection",
        "installation",
        "intake",
        "key",
        "order",
        "order-attempt",
        "party",
        "place",
        "product",
        "qualification",
        "refusal",
    )
)


def entitle(verified: VerifiedStatement, operator: PartyId, anchors: Anchors) -> None:
    """
    Check that an issuer may make this kind of statement at all.

    Args:
        verified: a verified statement
        operator: whose register it is
        anchors: the bindings in force

    Raises:
        IssuerNotTrustedError: the kind is the operator's, a person's, or needs two persons.
        SignatureInvalidError: a second person's signature does not match.

    Source: design, section 7, a person's act; policy.
    """
    said = verified.statement
    issuer, kind = said.header.issuer, said.predicate_type
    if kind in OPERATOR_ONLY and issuer != operator and not _named(verified, kind):
        raise IssuerNotTrustedError(
            f"{issuer} may not state {kind} here; only {operator} does.",
            hint="Hand in what you know under your own predicate types.",
        )
    if kind == kinds.uri("key") and issuer != operator:
        raise IssuerNotTrustedError(
            f"Only {operator} enrols and ends keys.", hint="Ask the operator's key officer."
        )
    if kind in PERSON_ONLY and not isinstance(issuer, PersonId):
        raise IssuerNotTrustedError(
            "A person's act needs a person's signature.", hint="Sign with your passkey or own key."
        )
    if isinstance(said.fact, PolicyRecord):
        _two_people(verified, said.fact, anchors)


def _named(verified: VerifiedStatement, kind: str) -> bool:
    """Return whether a person's key was enrolled for just this kind; by default none is."""
    if not isinstance(verified.statement.header.issuer, PersonId):
        return False
    return any(kind in anchor.predicate_types for anchor in verified.signers)


def _two_people(verified: VerifiedStatement, fact: PolicyRecord, anchors: Anchors) -> None:
    """Check that exactly the persons named signed the same bytes, each with an own key."""
    people: dict[SubjectId, set[str]] = {}
    at, signed = verified.statement.header.claimed_time, verified.envelope.pae
    for signature in verified.envelope.signatures:
        for anchor in anchors.of_key(signature.keyid):
            if isinstance(anchor.issuer, PersonId) and anchor.covers(kinds.uri("policy"), None):
                anchor.key.check(signature.sig, signed)
                if anchor.stands_at(at):
                    people.setdefault(anchor.issuer, set()).add(anchor.key.key_id)
    keys = set().union(*people.values())
    shared = len(keys) < sum(len(own) for own in people.values())
    if len(people) < TWO_PEOPLE or set(people) != set(fact.approved_by) or shared:
        raise IssuerNotTrustedError(
            "A policy needs the signatures of the two persons it names.",
            hint="Have both sign the same draft, each with a key of their own.",
        )
