"""Cosignatures of both kinds: what they cover, what they leave out, what spoils a note."""

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from voltrail.errors import MalformedError, SignatureInvalidError, UnverifiableError
from voltrail.merkle import EMPTY_ROOT
from voltrail.register import cosigned, log, note
from voltrail.register.checkpoint import Checkpoint
from voltrail.register.memory import MemoryEntries
from voltrail.trust import signer
from voltrail.trust.keys import Algorithm

LOG = Ed25519PrivateKey.from_private_bytes(b"k" * 32)
SECOND = MLDSA44PrivateKey.from_seed_bytes(b"m" * 32)
NAME, OWN = "witness.example/w1", "register.example/one"
WITNESS = note.parse_vkey(
    note.vkey(NAME, SECOND.public_key().public_bytes_raw(), note.MLDSA_COSIGNATURE)
)
KEY = note.parse_vkey(note.vkey(OWN, LOG.public_key().public_bytes_raw()))
POINT = Checkpoint(OWN, 7, b"\x07" * 32)
AT = 1_700_000_000


def signed(point: Checkpoint) -> bytes:
    return note.sign(point.text(), OWN, LOG.sign, KEY.public_raw)


def cosigned_note(point: Checkpoint = POINT) -> bytes:
    return signed(point) + note.cosign(point.text(), WITNESS, AT, SECOND.sign)


def test_the_message_is_that_of_the_specification_byte_for_byte() -> None:
    said = cosigned.covered(note.MLDSA_COSIGNATURE, NAME, POINT.text(), AT)
    written = (
        b"subtree/v1\n\x00"
        + bytes([18])
        + b"witness.example/w1"
        + AT.to_bytes(8, "big")
        + bytes([20])
        + b"register.example/one"
        + bytes(8)
        + (7).to_bytes(8, "big")
        + b"\x07" * 32
    )
    assert said == written


def test_a_vkey_of_ml_dsa_goes_there_and_back() -> None:
    text = note.vkey(NAME, WITNESS.public_raw, note.MLDSA_COSIGNATURE)
    assert note.parse_vkey(text) == WITNESS
    with pytest.raises(MalformedError):
        note.vkey(NAME, WITNESS.public_raw[:-1], note.MLDSA_COSIGNATURE)
    with pytest.raises(MalformedError):
        note.parse_vkey(note.vkey(NAME, WITNESS.public_raw, 0x05))


def test_both_kinds_stand_on_one_note_with_their_times() -> None:
    plain = note.parse_vkey(note.vkey("w2", KEY.public_raw, note.COSIGNATURE))
    data = cosigned_note() + note.cosign(POINT.text(), plain, AT + 1, LOG.sign)
    text, found = note.open_stamped(data, [KEY, WITNESS, plain])
    assert text == POINT.text()
    assert [(one.by, one.time_s) for one in found] == [(KEY, 0), (WITNESS, AT), (plain, AT + 1)]


def test_an_unknown_cosigner_is_ignored_and_alone_proves_nothing() -> None:
    assert note.open_note(cosigned_note(), [KEY])[1] == [OWN]
    line = note.cosign(POINT.text(), WITNESS, AT, SECOND.sign)
    with pytest.raises(UnverifiableError):
        note.open_note(POINT.text().encode() + b"\n" + line, [KEY])


def test_extension_lines_given_meaning_are_not_covered() -> None:
    """Pitfall 16: the cosignature speaks of origin, size and root, of nothing below them."""
    line = note.cosign(POINT.text(), WITNESS, AT, SECOND.sign)
    longer = Checkpoint(OWN, 7, POINT.root, ("more",))
    assert len(note.open_signed(signed(longer) + line, [KEY, WITNESS])[1]) == 2
    for other in (Checkpoint(OWN, 8, POINT.root), Checkpoint(OWN, 7, EMPTY_ROOT)):
        with pytest.raises(SignatureInvalidError):
            note.open_note(signed(other) + line, [KEY, WITNESS])


def test_the_right_key_id_with_the_wrong_key_refuses_the_note() -> None:
    """Pitfall 16: a signature of a known key that is wrong refuses the note."""
    other = MLDSA44PrivateKey.from_seed_bytes(b"o" * 32)
    line = note.cosign(POINT.text(), WITNESS, AT, other.sign)
    with pytest.raises(SignatureInvalidError):
        note.open_note(signed(POINT) + line, [KEY, WITNESS])


@given(st.integers(0, 2427))
def test_no_changed_byte_of_the_cosignature_goes_unnoticed(at: int) -> None:
    stamped = bytearray(AT.to_bytes(8, "big") + SIGNATURE)
    stamped[at] ^= 1
    line = note.signature_line(NAME, WITNESS.key_id, bytes(stamped))
    with pytest.raises(SignatureInvalidError):
        note.open_note(signed(POINT) + line, [KEY, WITNESS])


SIGNATURE = SECOND.sign(cosigned.covered(note.MLDSA_COSIGNATURE, NAME, POINT.text(), AT))


@pytest.mark.parametrize(
    "text",
    [
        "no checkpoint\n",
        f"{OWN}\n07\n{note.to_base64(bytes(32))}\n",
        f"{OWN}\n7\n{note.to_base64(bytes(31))}\n",
        f"{OWN}\n7\n{note.to_base64(bytes(32))[:-2]}B=\n",
        f"{'o' * 256}\n7\n{note.to_base64(bytes(32))}\n",
    ],
)
def test_what_is_no_tree_head_is_not_cosigned_and_its_cosignature_does_not_hold(text: str) -> None:
    with pytest.raises(MalformedError):
        note.cosign(text, WITNESS, AT, SECOND.sign)
    line = note.signature_line(NAME, WITNESS.key_id, AT.to_bytes(8, "big") + SIGNATURE)
    with pytest.raises(SignatureInvalidError):
        note.open_note(text.encode() + b"\n" + line, [WITNESS])


def test_a_time_beyond_the_specification_is_refused() -> None:
    with pytest.raises(MalformedError):
        note.cosign(POINT.text(), WITNESS, 2**63, SECOND.sign)


def test_a_register_with_a_second_key_signs_each_checkpoint_twice() -> None:
    key = log.LogKey(OWN, signer.generate(), signer.generate(Algorithm.MLDSA44))
    data = log.checkpoint(MemoryEntries(), key)
    keys = [note.parse_vkey(one) for one in key.verifier_keys]
    assert [one.key_type for one in note.open_signed(data, keys)[1]] == [
        note.ED25519,
        note.MLDSA_COSIGNATURE,
    ]
    assert log.LogKey(OWN, key.signer).verifier_keys == (key.verifier_key,)
