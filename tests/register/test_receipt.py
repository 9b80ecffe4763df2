"""Receipts: offline proof that an entry stands in a register."""

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from voltrail import merkle
from voltrail.errors import (
    MalformedError,
    ProductError,
    RefusedError,
    SignatureInvalidError,
    UnverifiableError,
)
from voltrail.register import checkpoint, note, receipt

KEY = Ed25519PrivateKey.from_private_bytes(b"r" * 32)
RAW = KEY.public_key().public_bytes_raw()
NAME = "register.example/one"
VERIFIER = note.parse_vkey(note.vkey(NAME, RAW))
ENTRIES = [b"entry %d" % n for n in range(11)]
HASHES = [merkle.leaf_hash(each) for each in ENTRIES]
POINT = checkpoint.Checkpoint(NAME, len(HASHES), merkle.root(HASHES))
SIGNED = note.sign(POINT.text(), NAME, KEY.sign, RAW)


def made(index: int, extra: bytes = b"") -> receipt.Receipt:
    proof = merkle.inclusion_proof(index, len(HASHES), merkle.reader_over(HASHES))
    return receipt.Receipt(index, tuple(proof), SIGNED, extra)


@given(st.integers(0, 10), st.binary(max_size=40))
def test_a_receipt_goes_there_and_back_and_verifies(index: int, extra: bytes) -> None:
    written = made(index, extra).text()
    found = receipt.parse(written)
    assert found == made(index, extra)
    assert found.text() == written
    assert receipt.verify(found, ENTRIES[index], [VERIFIER]) == POINT


def test_the_form_is_that_of_the_specification() -> None:
    lines = made(2, b"more").text().decode().split("\n")
    assert lines[:3] == ["c2sp.org/tlog-proof@v1", "extra bW9yZQ==", "index 2"]
    assert lines[7] == ""
    assert lines[8] == NAME


def test_another_entry_or_place_is_refused() -> None:
    with pytest.raises(RefusedError):
        receipt.verify(made(2), ENTRIES[3], [VERIFIER])
    with pytest.raises(RefusedError):
        receipt.verify(receipt.Receipt(3, made(2).hashes, SIGNED), ENTRIES[2], [VERIFIER])
    with pytest.raises(MalformedError):
        receipt.verify(receipt.Receipt(11, made(2).hashes, SIGNED), ENTRIES[2], [VERIFIER])


def test_a_signature_of_another_name_does_not_vouch_for_the_origin() -> None:
    other = note.parse_vkey(note.vkey("other.example", RAW))
    signed = note.sign(POINT.text(), "other.example", KEY.sign, RAW)
    with pytest.raises(UnverifiableError):
        receipt.verify(receipt.Receipt(2, made(2).hashes, signed), ENTRIES[2], [other])
    with pytest.raises(UnverifiableError):
        receipt.verify(made(2), ENTRIES[2], [other])


def test_a_witness_under_the_name_of_the_register_does_not_vouch_alone() -> None:
    witness = note.parse_vkey(note.vkey(NAME, RAW, note.COSIGNATURE))
    line = note.cosign(POINT.text(), witness, 1, KEY.sign)
    found = receipt.Receipt(2, made(2).hashes, SIGNED + line)
    with pytest.raises(UnverifiableError):
        receipt.verify(found, ENTRIES[2], [witness])
    assert receipt.verify(found, ENTRIES[2], [witness, VERIFIER]) == POINT


def test_a_changed_checkpoint_is_refused() -> None:
    signed = SIGNED.replace(b"\n11\n", b"\n12\n")
    with pytest.raises(SignatureInvalidError):
        receipt.verify(receipt.Receipt(2, made(2).hashes, signed), ENTRIES[2], [VERIFIER])


@given(st.binary(max_size=200))
def test_arbitrary_bytes_are_malformed(data: bytes) -> None:
    with pytest.raises(MalformedError):
        receipt.parse(data)


@given(st.data())
def test_no_changed_byte_goes_unnoticed(data: st.DataObject) -> None:
    text = made(2).text()
    at = data.draw(st.integers(0, len(text) - 1))
    byte = data.draw(st.integers(0, 255).filter(lambda n: n != text[at]))
    changed = text[:at] + bytes([byte]) + text[at + 1 :]
    with pytest.raises(ProductError):
        receipt.verify(receipt.parse(changed), ENTRIES[2], [VERIFIER])


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("index 2", "index 02"),
        ("index 2", "index -2"),
        ("index 2\n", ""),
        ("proof@v1", "proof@v2"),
        ("index 2", "extra \nindex 2"),
        ("index 2", "extra bW9yZR==\nindex 2"),
        ("index 2", "extra bW9y=ZQ=\nindex 2"),
        ("index 2\n", "index 2\nAAAA\n"),
        ("index 2\n", "index 2\n" + "A" * 44 + "\n"),
        ("index 2\n", "index 2\n" + ("A" * 43 + "=\n") * 64),
    ],
)
def test_other_forms_are_malformed(old: str, new: str) -> None:
    with pytest.raises(MalformedError):
        receipt.parse(made(2).text().replace(old.encode(), new.encode()))


def test_a_receipt_without_a_signed_note_is_malformed() -> None:
    for signed in (b"", POINT.text().encode()):
        with pytest.raises(MalformedError):
            receipt.parse(receipt.Receipt(2, made(2).hashes, signed).text())
