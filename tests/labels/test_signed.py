"""Labels under their maker's signature: small, strict, and bound to the maker's own key."""

from datetime import UTC, datetime

import cbor2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from voltrail import base45, cose
from voltrail.errors import MalformedError, SignatureInvalidError, UnverifiableError
from voltrail.ids.subject import PartyId, UnitId
from voltrail.labels import signed
from voltrail.statements import kinds
from voltrail.trust import signer
from voltrail.trust.anchors import Anchor, Anchors, KeyState
from voltrail.trust.keys import Algorithm
from voltrail.trust.signer import LocalSigner

UNIT, MAKER, OTHER = UnitId.of("kestrel", "K26-0001234"), PartyId.of("kestrel"), PartyId.of("fake")
SCHEMES = (Algorithm.ED25519, Algorithm.P256)
KEYS = {one: signer.generate(one) for one in SCHEMES}
STRANGER = signer.generate()
LATER = datetime(2026, 6, 1, tzinfo=UTC)


def pinned(key: LocalSigner, whose: PartyId = MAKER) -> Anchors:
    return Anchors((Anchor(key.public, whose, datetime(2026, 1, 1, tzinfo=UTC)),))


@pytest.mark.parametrize("scheme", SCHEMES)
def test_a_label_names_its_unit_and_fits_a_small_code(scheme: Algorithm) -> None:
    text = signed.sign(UNIT, KEYS[scheme])
    assert len(text) <= 189  # characters: reference on provenance, section 3
    found = signed.verify(text, pinned(KEYS[scheme]))
    assert (found.unit, found.signer.issuer) == (UNIT, MAKER)
    assert signed.unit_of(text) == UNIT


@pytest.mark.parametrize("scheme", SCHEMES)
def test_every_changed_letter_is_noticed(scheme: Algorithm) -> None:
    text, anchors = signed.sign(UNIT, KEYS[scheme]), pinned(KEYS[scheme])
    for at in range(len(signed.PREFIX), len(text)):
        changed = text[:at] + ("A" if text[at] != "A" else "B") + text[at + 1 :]
        with pytest.raises((MalformedError, SignatureInvalidError, UnverifiableError)):
            signed.verify(changed, anchors)


def test_pitfall_24_the_key_in_the_protected_header_is_the_signer_s() -> None:
    """Pitfall 24: KID in protected header not the signer's."""
    mine, other = KEYS[Algorithm.ED25519], STRANGER
    named = bytes.fromhex(other.public.key_id)[:8]
    protected: dict[int | str, cose.Value] = {1: int(cose.Algorithm.ED25519), 4: named}
    payload = cbor2.dumps([1, *UNIT.parts], canonical=True)
    text = signed.PREFIX + base45.encode(cose.sign(payload, protected, mine.sign, tagged=False))
    both = Anchors((*pinned(mine).anchors, *pinned(other).anchors))
    with pytest.raises(SignatureInvalidError):
        signed.verify(text, both)
    with pytest.raises(UnverifiableError):
        signed.verify(text, pinned(mine))


def test_a_key_of_another_firm_signs_nothing_of_this_one() -> None:
    text = signed.sign(UNIT, STRANGER)
    with pytest.raises(SignatureInvalidError, match="signed by fake"):
        signed.verify(text, pinned(STRANGER, OTHER))
    with pytest.raises(UnverifiableError):
        signed.verify(text, pinned(KEYS[Algorithm.ED25519]))


def test_a_key_is_used_in_its_own_scheme_alone() -> None:
    key = KEYS[Algorithm.ED25519]
    named = bytes.fromhex(key.public.key_id)[:8]
    payload = cbor2.dumps([1, *UNIT.parts], canonical=True)
    protected: dict[int | str, cose.Value] = {1: int(cose.Algorithm.ESP256), 4: named}
    text = signed.PREFIX + base45.encode(cose.sign(payload, protected, key.sign, tagged=False))
    with pytest.raises(SignatureInvalidError):
        signed.verify(text, pinned(key))


@pytest.mark.parametrize("state", KeyState)
def test_a_stolen_key_proves_no_label_and_a_retired_one_does(state: KeyState) -> None:
    """A label proves no time, so it cannot be older than the theft."""
    whole = pinned(KEYS[Algorithm.ED25519]).anchors[0]
    ended = replace(whole, state=state, valid_until=LATER, compromised_since=LATER)
    text = signed.sign(UNIT, KEYS[Algorithm.ED25519])
    if state is not KeyState.COMPROMISED:
        assert signed.verify(text, Anchors((ended,))).unit == UNIT
        return
    for both in ((ended,), (whole, ended), (ended, whole)):
        with pytest.raises(UnverifiableError, match="stolen"):
            signed.verify(text, Anchors(both))


def test_a_key_for_other_statements_signs_no_label() -> None:
    whole = pinned(KEYS[Algorithm.ED25519]).anchors[0]
    text = signed.sign(UNIT, KEYS[Algorithm.ED25519])
    custody = replace(whole, predicate_types=frozenset({kinds.uri("custody")}))
    with pytest.raises(UnverifiableError, match="may not speak of units"):
        signed.verify(text, Anchors((custody,)))
    unit = replace(whole, predicate_types=frozenset({kinds.uri("unit")}))
    assert signed.verify(text, Anchors((custody, unit))).unit == UNIT


def test_a_post_quantum_signature_does_not_fit_and_the_refusal_says_what_does() -> None:
    with pytest.raises(MalformedError) as refused:
        signed.sign(UNIT, signer.generate(Algorithm.MLDSA44))
    assert "voltrail lot prove" in refused.value.hint


@pytest.mark.parametrize(
    "payload",
    [[2, "kestrel", "K1"], [True, "kestrel", "K1"], [1, "kestrel"], {}, [1, 2, 3], [1, "a b", "c"]],
)
def test_another_payload_is_refused(payload: object) -> None:
    key = KEYS[Algorithm.ED25519]
    protected: dict[int | str, cose.Value] = {1: int(cose.Algorithm.ED25519), 4: b"12345678"}
    made = cose.sign(cbor2.dumps(payload, canonical=True), protected, key.sign, tagged=False)
    with pytest.raises(MalformedError):
        signed.unit_of(signed.PREFIX + base45.encode(made))


@given(st.text(max_size=300))
def test_no_text_does_more_than_be_refused(text: str) -> None:
    for one in (text, signed.PREFIX + text):
        with pytest.raises(MalformedError):
            signed.verify(one, pinned(STRANGER))
