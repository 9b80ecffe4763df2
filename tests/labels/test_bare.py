"""A Digital Link under its maker's bare signature: all it says is covered, and it fits AI 8030."""

from datetime import UTC, datetime

import pytest
from msgspec.structs import replace

from voltrail.errors import MalformedError, SignatureInvalidError, UnverifiableError
from voltrail.ids.subject import PartyId, UnitId
from voltrail.labels import bare, code, offline, scan
from voltrail.labels.link import Label
from voltrail.labels.verdict import Scanned
from voltrail.trust import signer
from voltrail.trust.anchors import Anchor, Anchors, KeyState
from voltrail.trust.keys import Algorithm
from voltrail.trust.signer import LocalSigner

MAKER, OTHER = PartyId.of("kestrel"), PartyId.of("fake")
UNIT, GTIN, HOST = UnitId.of("kestrel", "K0001"), "4012345678901", "id.example"
KEYS = {one: signer.generate(one) for one in (Algorithm.ED25519, Algorithm.P256)}
KEY = KEYS[Algorithm.ED25519]
LABELS = (Label(UNIT), Label(UNIT, GTIN), Label(UNIT, GTIN, "L26-7"))


def pinned(*keys: LocalSigner, whose: PartyId = MAKER) -> Anchors:
    begun = datetime(2026, 1, 1, tzinfo=UTC)
    return Anchors(tuple(Anchor(one.public, whose, begun) for one in keys))


def verified(text: str, anchors: Anchors) -> UnitId:
    return bare.verify(scan.read(text), anchors).unit


def test_the_bytes_that_a_maker_signs_are_these() -> None:
    """Written by hand from docs/spec/label.md."""
    signed = bare.signed_bytes(LABELS[2])
    assert signed == b"voltrail label signature 1\nkestrel\nK0001\n04012345678901\nL26-7\n"


@pytest.mark.parametrize("key", KEYS.values(), ids=map(str, KEYS))
@pytest.mark.parametrize("label", LABELS)
def test_a_signed_link_names_its_unit_and_fits_the_90_characters(
    label: Label, key: LocalSigner
) -> None:
    text = bare.sign(label, HOST, key)
    assert len(text.partition("?8030=")[2]) == bare.LENGTH
    assert verified(text, pinned(signer.generate(), key)) == UNIT
    assert code.read(code.png(text)) == (text,)


def test_a_bracketed_string_carries_the_same_signature() -> None:
    value = bare.sign(LABELS[2], HOST, KEY).partition("?8030=")[2]
    text = f"(01)0{GTIN}(10)L26-7(21)K0001(8030){value}"
    assert verified(text, pinned(KEY)) == UNIT


@pytest.mark.parametrize(
    ("old", "new"), [("/21/K0001", "/21/K0002"), ("/10/L26-7", "/10/L26-8"), ("/10/L26-7", "")]
)
def test_a_label_on_which_anything_was_changed_is_refused(old: str, new: str) -> None:
    text = bare.sign(LABELS[2], HOST, KEY).replace(old, new)
    with pytest.raises(SignatureInvalidError, match="does not cover"):
        verified(text, pinned(KEY))


def test_every_changed_letter_of_the_signature_is_noticed() -> None:
    text = bare.sign(LABELS[1], HOST, KEY)
    for at in range(len(text) - bare.LENGTH, len(text)):
        changed = text[:at] + ("A" if text[at] != "A" else "B") + text[at + 1 :]
        with pytest.raises((MalformedError, SignatureInvalidError, UnverifiableError)):
            verified(changed, pinned(KEY))


@pytest.mark.parametrize("text", ["", "A", "-_-_", "A" * 90, "AQ" * 45 + "A"])
def test_a_signature_that_was_cut_or_has_another_form_is_refused(text: str) -> None:
    read = scan.Scan("x", serial="K0001", signature=text)
    with pytest.raises(MalformedError, match="was cut") as caught:
        bare.verify(read, pinned(KEY))
    assert caught.value.hint


def test_a_key_that_nobody_knows_proves_nothing() -> None:
    text = bare.sign(LABELS[0], HOST, KEY)
    with pytest.raises(UnverifiableError, match="No key"):
        verified(text, pinned())
    with pytest.raises(UnverifiableError):
        verified(text, pinned(KEYS[Algorithm.P256]))


def test_another_firm_s_key_signs_for_itself_alone() -> None:
    fake = signer.generate()
    text = bare.sign(LABELS[0], HOST, fake)
    with pytest.raises(SignatureInvalidError, match="signed by fake, not by kestrel"):
        verified(text, pinned(fake, whose=OTHER))
    with pytest.raises(SignatureInvalidError):  # its link names no maker; it signed as kestrel
        verified(bare.sign(LABELS[1], HOST, fake), pinned(fake, whose=OTHER))


@pytest.mark.parametrize("label", LABELS)
def test_where_a_number_points_to_two_firms_each_is_tried(label: Label) -> None:
    both = Anchors((*pinned(KEY, whose=OTHER).anchors, *pinned(KEY).anchors))
    found = bare.verify(scan.read(bare.sign(label, HOST, KEY)), both)
    assert (found.unit, found.signer.issuer) == (UNIT, MAKER)


def test_a_stolen_key_proves_nothing() -> None:
    (own,) = pinned(KEY).anchors
    stolen = Anchors((replace(own, state=KeyState.COMPROMISED),))
    with pytest.raises(UnverifiableError, match="stolen"):
        verified(bare.sign(LABELS[0], HOST, KEY), stolen)


def test_8030_twice_is_read_as_neither() -> None:
    text = bare.sign(LABELS[0], HOST, KEY)
    read = scan.read(f"{text}&8030=AQ")
    assert (read.signature, read.unit) == ("", "")


def test_a_scheme_that_does_not_fit_is_refused() -> None:
    with pytest.raises(MalformedError, match="does not fit"):
        bare.sign(LABELS[0], HOST, signer.generate(Algorithm.MLDSA44))


def test_offline_a_signed_link_needs_the_maker_s_key_alone() -> None:
    text = bare.sign(LABELS[1], HOST, KEY)
    found = offline.judge(text, pinned(KEY))
    assert (found.verdict, found.signed, found.unit) == (Scanned.MATCH, True, UNIT)
    changed = text.replace("K0001", "K0002")
    assert offline.judge(changed, pinned(KEY)).verdict is Scanned.MISMATCH
    assert offline.judge(text, pinned()).verdict is Scanned.UNKNOWN
