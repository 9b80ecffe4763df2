"""
The in-toto Statement: subjects, a predicate type, and a predicate with our header.

Every predicate carries issuer, place, claimed time, prev, supersedes, reason and visibility.
Predicate types nobody here knows are kept whole, with no fact. Does not know who may say what.
"""

from collections.abc import Callable
from functools import cache
from operator import attrgetter
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, MsgspecError, Struct
from msgspec.json import Decoder, Encoder

from voltrail import canonical
from voltrail.canonical import Json
from voltrail.errors import MalformedError
from voltrail.ids import subject as ids
from voltrail.ids.subject import PartyId, PersonId, PlaceId, SubjectId
from voltrail.statements import fields, kinds
from voltrail.statements.fields import Digest, Fact, Instant, Many, Text

STATEMENT_TYPE = "https://in-toto.io/Statement/v1"
MAX_SUBJECTS = 64  # our choice: ADR 0002
_MAX_TYPE = 200  # [characters]


class Visibility(Fact, frozen=True):
    """Who may read the envelope; nobody named means the operator and the issuer."""

    parties: Many[PartyId] = ()
    public: bool = False
    sealed_until: Instant | None = None


_CLOSED = Visibility()


class Header(Fact, frozen=True):
    """What every predicate says of itself; the time is the signer's claim and proves nothing."""

    issuer: SubjectId
    claimed_time: Instant
    place: PlaceId | None = None
    prev: Many[Digest] = ()
    supersedes: Digest | None = None
    reason: Text | None = None
    nonce: Text | None = None
    visibility: Visibility = _CLOSED


class Statement(Struct, frozen=True, gc=False):
    """Something said about subjects; `fact` is None where the predicate type is unknown here."""

    subjects: tuple[SubjectId, ...]
    predicate_type: str
    header: Header
    fact: Any
    payload: bytes

    @property
    def predicate(self) -> dict[str, Json]:
        """The whole predicate as it was stated, fields unknown here included."""
        return canonical.parse(self.payload)["predicate"]  # type: ignore[return-value]

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
    quick = _quick(payload)
    if quick is not None:
        return quick
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
    if not isinstance(header.issuer, (PartyId, PersonId)):
        raise MalformedError("The issuer is neither party nor person.", hint="Name who speaks.")
    shape = kinds.fact_class(kind)
    fact = None if shape is None else fields.read(shape, predicate, "The predicate")
    return Statement(_subjects(found.get("subject")), kind, header, fact, payload)


def compose(fact: Any, header: Header, *subjects: SubjectId) -> bytes:  # noqa: ANN401 — any fact
    """
    Return the payload that states a fact.

    Args:
        fact: an instance of a predicate's `Fact`
        header: who says it, when, about which place
        subjects: what it is about, at least one

    Returns:
        Canonical bytes to be signed.

    Raises:
        MalformedError: the fact does not fit the profile.

    Source: in-toto attestation framework, Statement v1.
    """
    kind = kinds.type_of(type(fact))  # type: ignore[arg-type]  # a class is hashable
    form = _form_of(kind.encode())
    if form is not None:
        payload = form.written(fact, header, subjects)
        if _quick(payload) is not None:
            return payload
    predicate = {"header": fields.write(header), **fields.write(fact)}
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
    listed: list[Json] = [{"name": str(one), "digest": {**_digest(one)}} for one in subjects]
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


def _digest(subject: SubjectId) -> dict[str, str]:
    return {"sha256": canonical.digest(subject.encode())}


class _Subject(Struct, frozen=True, gc=False):
    digest: Annotated[dict[str, str], Meta(min_length=1)]
    name: SubjectId


class _Form(Struct, frozen=True):
    """How canonical payloads of one predicate type are read, taken apart, and written."""

    kind: str
    fact: type[Struct]
    predicate: type[Struct]
    payload: type[Struct]
    decode: Callable[[bytes], Any]
    taken: Callable[[Any], tuple[Any, ...]]

    def written(self, fact: Struct, header: Header, subjects: tuple[SubjectId, ...]) -> bytes:
        """Return the payload that states a fact; nothing in it is checked."""
        whole = self.predicate(*self.taken(fact), header=header)
        listed = tuple(_Subject(_digest(one), one) for one in subjects)
        return _written_back(self.payload(STATEMENT_TYPE, whole, self.kind, listed))


_KIND = b'"predicateType":"'
_SUBJECTS = Meta(min_length=1, max_length=MAX_SUBJECTS)
_written_back = Encoder(enc_hook=fields.to_json, order="sorted").encode


def _quick(payload: bytes) -> Statement | None:
    """
    Return the statement in canonical bytes of a known type, or None where all must be looked at.

    What is read by its types and writes back to the same bytes has no unknown or duplicate keys,
    no floats, no odd escapes and no white space.
    """
    at = payload.rfind(_KIND) + len(_KIND)
    form = _form_of(payload[at : payload.find(b'"', at)]) if at >= len(_KIND) else None
    if form is None or len(payload) > canonical.MAX_BYTES or fields.may_be_blank(payload):
        return None
    try:
        said = form.decode(payload)
        if _written_back(said) != payload:
            return None
    except (MsgspecError, MalformedError, ValueError, RecursionError):
        return None
    header, fact = said.predicate.header, form.fact(*form.taken(said.predicate))
    subjects = tuple([one.name for one in said.subject])
    if (
        not isinstance(header.issuer, (PartyId, PersonId))
        or not (fields.in_utc(header) and fields.in_utc(fact))
        or (len(subjects) > 1 and len(set(subjects)) != len(subjects))
    ):
        return None
    return Statement(subjects, form.kind, header, fact, payload)


_times_met = {kinds.uri(name).encode(): 0 for name in kinds.KINDS}
_OFTEN = 8  # [statements] of one type, from which its form pays for being made


def _form_of(kind: bytes) -> _Form | None:
    """Return the form of a known predicate type once it was met often; types are not invented."""
    met = _times_met.get(kind)
    if met is None or met > _OFTEN:
        return None if met is None else _form(kind)
    _times_met[kind] = met + 1
    return None


@cache
def _form(kind: bytes) -> _Form | None:
    """Return the form of a predicate type; None where it is unknown or holds untyped objects."""
    name = kind.decode(errors="replace")
    fact = kinds.fact_class(name)
    if fact is None or fields.holds_objects(fact):
        return None
    predicate = msgspec.defstruct(
        "Predicate", [("header", Header)], bases=(fact,), kw_only=True, gc=False
    )
    shape = msgspec.defstruct(
        "Payload",
        [
            ("_type", Literal[STATEMENT_TYPE]),
            ("predicate", predicate),
            ("predicateType", Literal[name]),
            ("subject", Annotated[tuple[_Subject, ...], _SUBJECTS]),
        ],
        gc=False,
    )
    names = fact.__struct_fields__
    one = attrgetter(*names)
    taken = one if len(names) > 1 else lambda said: (one(said),)
    decode = Decoder(shape, dec_hook=fields.from_json).decode
    return _Form(name, fact, predicate, shape, decode, taken)
