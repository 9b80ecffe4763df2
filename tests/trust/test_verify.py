"""Who spoke: the keys that may speak for an issuer, of what, where, and until when."""

from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace

from voltrail.errors import (
    IssuerNotTrustedError,
    LapsedError,
    SignatureInvalidError,
    UnverifiableError,
)
from voltrail.ids.subject import LotId, PartyId, PlaceId, UnitId
from voltrail.statements import envelope as envelopes
from voltrail.statements import kinds
from voltrail.statements import statement as statements
from voltrail.statements.envelope import PAYLOAD_TYPE, Envelope, Signature
from voltrail.statements.statement import Header
from voltrail.statements.unit import Level, UnitRecord
from voltrail.trust import signer
from voltrail.trust.anchors import Anchor, Anchors, KeyState
from voltrail.trust.signer import LocalSigner
from voltrail.trust.verify import VerifiedStatement, verify

AT = datetime(2026, 11, 2, tzinfo=UTC)
DAY = timedelta(days=1)
MAKER, OTHER = PartyId.of("kestrel"), PartyId.of("tiderace")
HERE, THERE = PlaceId.of("kestrel", "works"), PlaceId.of("kestrel", "store")
LOT = LotId.of("kestrel", "L-1")
UNIT = kinds.uri("unit")
KEY = signer.generate()


def payload(issuer: PartyId = MAKER, place: PlaceId | None = None) -> bytes:
    fact = UnitRecord(UnitId.of("kestrel", "S-1"), LOT, Level.PACK)
    return statements.compose(fact, Header(issuer, AT, place), LOT)


def bound(key: LocalSigner = KEY, issuer: PartyId = MAKER) -> Anchor:
    return Anchor(key.public, issuer, AT - DAY)


def under(*anchors: Anchor, **thresholds: int) -> Anchors:
    return Anchors(anchors, {kinds.uri(name): count for name, count in thresholds.items()})


def test_a_statement_by_its_issuers_key_is_verified() -> None:
    found = verify(signer.sealed(payload(), KEY), under(bound()), AT)
    assert found.statement.header.issuer == MAKER
    assert found.signers == (bound(),)


def test_what_was_verified_is_what_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pitfall 1: the statement that is used is parsed from the very bytes that were checked."""
    read: list[bytes] = []
    real = statements.parse

    def parse(data: bytes) -> object:
        read.append(data)
        return real(data)

    monkeypatch.setattr("voltrail.trust.verify.statements.parse", parse)
    made = signer.sealed(payload(), KEY)
    found = verify(made, under(bound()), AT)
    assert read == [made.payload]
    assert made.pae.endswith(made.payload)
    assert found.envelope.payload is made.payload


def test_nothing_but_verification_makes_a_verified_statement() -> None:
    made = signer.sealed(payload(), KEY)
    with pytest.raises(TypeError):
        VerifiedStatement(made, statements.parse(made.payload), (), made.digest, object())


def test_a_key_nobody_enrolled_proves_nothing() -> None:
    with pytest.raises(UnverifiableError):
        verify(signer.sealed(payload(), signer.generate()), under(bound()), AT)


def test_a_key_bound_to_another_firm_does_not_speak_for_this_one() -> None:
    with pytest.raises(IssuerNotTrustedError):
        verify(signer.sealed(payload(OTHER), KEY), under(bound()), AT)


def test_the_key_hint_decides_nothing() -> None:
    made = signer.sealed(payload(), KEY)
    for hint in ("", "nonsense", "f" * 64):
        unhinted = envelopes.build(made.payload, (Signature(hint, made.signatures[0].sig),))
        assert verify(unhinted, under(bound()), AT).signers == (bound(),)


def test_a_hint_at_somebody_elses_key_refuses_the_whole_envelope() -> None:
    thief, made = signer.generate(), signer.sealed(payload(), KEY)
    lured = envelopes.build(made.payload, (Signature(thief.public.key_id, made.signatures[0].sig),))
    with pytest.raises(SignatureInvalidError):
        verify(lured, under(bound(), bound(thief, OTHER)), AT)


def test_one_wrong_signature_beside_a_good_one_refuses_the_whole_envelope() -> None:
    second, made = signer.generate(), signer.sealed(payload(), KEY)
    mixed = envelopes.build(
        made.payload, (*made.signatures, Signature(second.public.key_id, b"\0" * 64))
    )
    with pytest.raises(SignatureInvalidError):
        verify(mixed, under(bound(), bound(second)), AT)


def test_a_signature_by_a_stranger_beside_a_good_one_refuses_the_whole_envelope() -> None:
    with pytest.raises(UnverifiableError):
        verify(signer.sealed(payload(), KEY, signer.generate()), under(bound()), AT)


def test_changed_bytes_are_refused() -> None:
    made = signer.sealed(payload(), KEY)
    other = Envelope(PAYLOAD_TYPE, payload(place=HERE), made.signatures, made.raw)
    with pytest.raises(SignatureInvalidError):
        verify(other, under(bound()), AT)


@pytest.mark.parametrize(
    "narrow",
    [
        {"predicate_types": frozenset({kinds.uri("lot")})},
        {"places": frozenset({THERE})},
    ],
)
def test_a_binding_for_something_else_does_not_serve(narrow: dict[str, frozenset[str]]) -> None:
    with pytest.raises(IssuerNotTrustedError):
        verify(signer.sealed(payload(place=HERE), KEY), under(replace(bound(), **narrow)), AT)


def test_a_binding_for_one_place_does_not_serve_where_no_place_is_named() -> None:
    narrow = replace(bound(), places=frozenset({HERE}))
    with pytest.raises(IssuerNotTrustedError):
        verify(signer.sealed(payload(), KEY), under(narrow), AT)
    assert verify(signer.sealed(payload(place=HERE), KEY), under(narrow), AT).signers == (narrow,)


def test_an_interval_holds_its_first_instant_and_not_its_last() -> None:
    made, known = signer.sealed(payload(), KEY), under(replace(bound(), valid_until=AT + DAY))
    verify(made, known, AT - DAY)
    verify(made, known, AT + DAY - timedelta(microseconds=1))
    for outside in (AT - DAY - timedelta(microseconds=1), AT + DAY):
        with pytest.raises(LapsedError):
            verify(made, known, outside)


def test_a_stolen_key_speaks_only_of_the_time_before() -> None:
    lost = replace(bound(), state=KeyState.COMPROMISED, compromised_since=AT)
    made = signer.sealed(payload(), KEY)
    verify(made, under(lost), AT - timedelta(seconds=1))
    with pytest.raises(LapsedError):
        verify(made, under(lost), AT)
    with pytest.raises(LapsedError):
        verify(made, under(replace(lost, compromised_since=None)), AT - timedelta(seconds=1))


def test_two_bindings_of_one_key_are_one_key() -> None:
    twice = under(bound(), replace(bound(), valid_from=AT - 2 * DAY), unit=2)
    with pytest.raises(IssuerNotTrustedError):
        verify(signer.sealed(payload(), KEY), twice, AT)


def test_two_keys_meet_a_threshold_of_two() -> None:
    second = signer.generate()
    made = signer.sealed(payload(), KEY, second)
    found = verify(made, under(bound(), bound(second), unit=2), AT)
    assert {one.key for one in found.signers} == {KEY.public, second.public}
