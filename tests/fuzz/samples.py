"""One made-up fact of every kind, built from its own annotations, and the draws to vary it."""

import types
import typing
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from functools import partial
from typing import Any

from hypothesis import strategies as st
from msgspec import NODEFAULT, Struct, structs

from statements import samples as whole
from voltrail.errors import MalformedError
from voltrail.ids.subject import LotId, PartyId, SubjectId
from voltrail.quantities import Quantity, Unit
from voltrail.statements import kinds
from voltrail.statements.fields import Digest, Fact, Serial
from voltrail.statements.place import Latitude, Longitude
from voltrail.statements.statement import Header, compose
from voltrail.table import Commitment

AT = datetime(2026, 11, 2, 8, 40, tzinfo=UTC)
NAMES = sorted(kinds.KINDS)
FACTS = {name: kinds.fact_class(kinds.uri(name)) for name in NAMES}
LETTERS = st.characters(min_codepoint=1, codec="utf-8")
TEXT = st.text(LETTERS, min_size=1, max_size=30).filter(str.strip)
PART = st.from_regex(r"[A-Za-z0-9._~@/+-]{1,16}", fullmatch=True)
DIGEST = st.from_regex(r"[0-9a-f]{64}", fullmatch=True)
WHOLE = st.integers(0, 2**53 - 1)
_SECONDS = 32 * 10**9  # until the year 2984
TIMES = st.integers(0, _SECONDS).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))
SIMPLE: dict[Any, st.SearchStrategy[Any]] = {
    str: TEXT,
    int: WHOLE,
    bool: st.booleans(),
    date: st.dates(date(1970, 1, 1)),
    datetime: TIMES,
    Digest: DIGEST.map(Digest),
    Serial: PART,
    Quantity: st.builds(
        Quantity, st.integers(0, 10**9).map(lambda n: Decimal(n) / 1_000), st.sampled_from(Unit)
    ),
    Latitude: st.decimals(-90, 90, places=4).map(str),
    Longitude: st.decimals(-180, 180, places=4).map(str),
    Commitment: st.builds(Commitment, st.just(("serial", "grade")), WHOLE, DIGEST, DIGEST),
}

# Fields that are looked at when a fact is made, so that any text will not do.
CHOSEN: dict[tuple[str, str], st.SearchStrategy[Any]] = {
    ("Product", "gtin"): st.sampled_from(["09521234000013", "9521234000013"]),
    ("Party", "identifiers"): st.sampled_from([(), ("BPNL00000003AVTH",)]),
    ("UnitRecord", "identifiers"): st.sampled_from(
        [(), ("urn:uuid:0733946c-59c6-41ae-9570-cb43a6e4eb01",)]
    ),
    ("UnitRecord", "key"): st.just(whole.FACTS["unit"].key),
}


def drawn(hint: Any) -> st.SearchStrategy[Any]:  # noqa: ANN401 — a type annotation
    """Values of an annotation as the predicates use them."""
    hint = _without_limits(hint)
    origin = typing.get_origin(hint)
    if origin in (types.UnionType, typing.Union):
        (inner,) = (one for one in typing.get_args(hint) if one is not type(None))
        return drawn(inner)
    if origin is tuple:
        return st.lists(drawn(typing.get_args(hint)[0]), max_size=2).map(tuple)
    if origin is dict:
        return st.dictionaries(PART, WHOLE | TEXT | st.booleans(), max_size=3)
    if hint in SIMPLE:
        return SIMPLE[hint]
    if hint is SubjectId:
        return PART.map(PartyId.of)
    if issubclass(hint, SubjectId):
        return st.tuples(PART, PART).map(lambda parts: hint.of(*parts))
    if issubclass(hint, StrEnum):
        return st.sampled_from(hint)
    assert issubclass(hint, Fact), hint
    return facts(hint)


def _without_limits(hint: Any) -> Any:  # noqa: ANN401 — a type annotation
    limited = typing.get_origin(hint) is typing.Annotated and hint not in SIMPLE
    return typing.get_args(hint)[0] if limited else hint


def facts(cls: type[Struct]) -> st.SearchStrategy[Any]:
    """Facts of a class that does not refuse them; optional fields are there or not."""
    hints = typing.get_type_hints(cls, include_extras=True)
    given = {}
    for field in structs.fields(cls):
        chosen = CHOSEN.get((cls.__name__, field.name))
        values = drawn(hints[field.name]) if chosen is None else chosen
        optional = field.default is None
        given[field.name] = (st.none() | values) if optional else values
        assert optional or field.default is NODEFAULT or field.default is not None
    return st.fixed_dictionaries(given).map(partial(_made, cls)).filter(bool)


def _made(cls: type[Struct], values: dict[str, Any]) -> Any:  # noqa: ANN401 — a fact or None
    """A fact of these values, or None where they contradict each other."""
    try:
        return cls(**values)
    except MalformedError:
        return None


HEADERS = st.builds(
    Header,
    PART.map(PartyId.of),
    TIMES,
    st.none(),
    st.lists(SIMPLE[Digest], max_size=2).map(tuple),
    st.none() | SIMPLE[Digest],
    st.none() | TEXT,
)
SUBJECTS = st.tuples(PART, PART).map(lambda parts: LotId.of(*parts))


def payloads(name: str) -> st.SearchStrategy[bytes]:
    """Payloads of well-formed statements of a kind."""
    return st.builds(compose, facts(FACTS[name]), HEADERS, SUBJECTS)
