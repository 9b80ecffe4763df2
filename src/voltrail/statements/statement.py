"""
The in-toto Statement: subjects, a predicate type, and a predicate with our header.

Every predicate carries issuer, place, claimed time, prev, supersedes, reason and visibility.
Predicate types nobody here knows are kept whole, with no fact. Does not know who may say what.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from voltrail import canonical
from voltrail.canonical import Json
from voltrail.errors import MalformedError
from voltrail.ids import subject as ids
from voltrail.ids.subject import PartyId, PersonId, PlaceId, SubjectId
from voltrail.statements import fields, kinds
from voltrail.statements.fields import Digest

STATEMENT_TYPE = "https://in-toto.io/Statement/v1"
MAX_SUBJECTS = 64  # our choice: ADR 0002
_MAX_TYPE = 200  # [characters]


@dataclass(frozen=True, slots=True)
class Visibility:
    """Who may read the envelope; nobody named means the operator and the issuer."""

    parties: tuple[PartyId, ...] = ()
    public: bool = False
    sealed_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Header:
    """What every predicate says of itself; the time is the signer's claim and proves nothing."""

    issuer: SubjectId
    claimed_time: datetime
    place: PlaceId | None = None
    prev: tuple[Digest, ...] = ()
    supersedes: Digest | None = None
    reason: str | None = None
    nonce: str | None = None
    visibility: Visibility = field(default_factory=Visibility)


@dataclass(frozen=True, slots=True)
class Statement:
    """Something said about subjects; `fact` is None where the predicate type is unknown here."""

    subjects: tuple[SubjectId, ...]
    predicate_type: str
    header: Header
    fact: Any
    predicate: dict[str, Json]

    @property
    def claimed_identity(self) -> str | None:
        """What only one statement of this issuer may claim, or None where many may stand."""
        claim = getattr(self.fact, "claim", None)
        if claim is None:
            return None
        return f"{self.header.issuer} {self.predicate_type} {claim}"


def parse(payload: bytes) -> Statement:
    """
    Return the statement in an envelope's payload.

    Args:
        payload: in-toto Statement v1 as JSON

    Returns:
        The statement, unverified.

    Raises:
        MalformedError: outside the profile, not a Statement, header or predicate ill-formed.

    Source: in-toto attestation framework, Statement v1; header: ADR 0002.
    """
    found = canonical.parse(payload)
    if found.get("_type") != STATEMENT_TYPE:
        raise MalformedError(
            "The payload is no in-toto Statement v1.", hint=f"Set _type to {STATEMENT_TYPE}."
        )
    kind = found.get("predicateType")
    if not isinstance(kind, str) or not kind.strip() or len(kind) > _MAX_TYPE:
        raise MalformedError("The statement has no predicateType.", hint="Name the type's URI.")
    predicate = found.get("predicate")
    if not isinstance(predicate, dict):
        raise MalformedError("The statement has no predicate.", hint="Add the predicate object.")
    header = fields.read(Header, predicate.get("header"), "header")
    if not isinstance(header.issuer, PartyId | PersonId):
        raise MalformedError("The issuer is neither party nor person.", hint="Name who speaks.")
    shape = kinds.fact_class(kind)
    fact = None if shape is None else fields.read(shape, predicate, "The predicate")
    return Statement(_subjects(found.get("subject")), kind, header, fact, predicate)


def compose(fact: Any, header: Header, *subjects: SubjectId) -> bytes:  # noqa: ANN401 — any fact
    """
    Return the payload that states a fact.

    Args:
        fact: an instance of a predicate's dataclass
        header: who says it, when, about which place
        subjects: what it is about, at least one

    Returns:
        Canonical bytes to be signed.

    Raises:
        MalformedError: the fact does not fit the profile.

    Source: in-toto attestation framework, Statement v1.
    """
    predicate = {"header": fields.write(header), **fields.write(fact)}
    kind = kinds.type_of(type(fact))  # type: ignore[arg-type]  # a class is hashable
    return draft(kind, predicate, subjects)


def draft(kind: str, predicate: dict[str, Json], subjects: tuple[SubjectId, ...]) -> bytes:
    """
    Return the payload of a predicate given as JSON.

    Args:
        kind: predicate type URI
        predicate: the object, header included
        subjects: what it is about

    Returns:
        Canonical bytes to be signed.

    Raises:
        MalformedError: outside the profile.

    Source: in-toto attestation framework, Statement v1.
    """
    listed: list[Json] = [
        {"name": str(subject), "digest": {"sha256": canonical.digest(subject.encode())}}
        for subject in subjects
    ]
    return canonical.canonical_bytes(
        {"_type": STATEMENT_TYPE, "subject": listed, "predicateType": kind, "predicate": predicate}
    )


def _subjects(found: Json) -> tuple[SubjectId, ...]:
    if not isinstance(found, list) or not 0 < len(found) <= MAX_SUBJECTS:
        raise MalformedError(
            "The statement is about nothing, or about too much.",
            hint=f"Name 1 to {MAX_SUBJECTS} subjects; commit longer lists as a table.",
        )
    subjects = tuple(_subject(item) for item in found)
    if len(set(subjects)) != len(subjects):
        raise MalformedError("One subject stands twice.", hint="Name each subject once.")
    return subjects


def _subject(item: Json) -> SubjectId:
    if not isinstance(item, dict) or not isinstance(item.get("name"), str):
        raise MalformedError("A subject has no name.", hint="Give each subject name and digest.")
    if not isinstance(item.get("digest"), dict) or not item["digest"]:
        raise MalformedError("A subject has no digest.", hint="Give each subject name and digest.")
    return ids.parse(item["name"])  # type: ignore[arg-type]
