"""Signed notes and checkpoints: only known, matching signatures count."""

import json

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from corpus import corpus
from voltrail.errors import (
    MalformedError,
    ProductError,
    SignatureInvalidError,
    UnverifiableError,
)
from voltrail.merkle import EMPTY_ROOT
from voltrail.register import checkpoint, note

KEY = Ed25519PrivateKey.from_private_bytes(b"k" * 32)
RAW = KEY.public_key().public_bytes_raw()
NAME = "register.example/one"
TEXT = "register.example/one\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n"
SIGNED = note.sign(TEXT, NAME, KEY.sign, RAW)
VERIFIER = note.parse_vkey(note.vkey(NAME, RAW))
WITNESS = note.parse_vkey(note.vkey("witness.example", RAW, note.COSIGNATURE))
ERRORS = {"malformed note": MalformedError, "invalid signature": SignatureInvalidError}


def test_a_note_goes_there_and_back() -> None:
    assert note.open_note(SIGNED, [VERIFIER]) == (TEXT, [NAME])


def test_unknown_keys_are_ignored_and_alone_prove_nothing() -> None:
    other = Ed25519PrivateKey.from_private_bytes(b"o" * 32)
    raw = other.public_key().public_bytes_raw()
    line = note.sign(TEXT, "other", other.sign, raw)[len(TEXT) + 1 :]
    assert note.open_note(SIGNED + line, [VERIFIER]) == (TEXT, [NAME])
    with pytest.raises(UnverifiableError):
        note.open_note(SIGNED, [note.parse_vkey(note.vkey("other", raw))])
    with pytest.raises(UnverifiableError):
        note.open_note(SIGNED, [])


def test_a_changed_text_breaks_the_signature() -> None:
    with pytest.raises(SignatureInvalidError):
        note.open_note(SIGNED.replace(b"\n0\n", b"\n1\n"), [VERIFIER])


def test_one_bad_signature_of_a_known_key_spoils_the_note() -> None:
    bad = note.signature_line(NAME, VERIFIER.key_id, b"x" * 64)
    with pytest.raises(SignatureInvalidError):
        note.open_note(SIGNED + bad, [VERIFIER])
    short = note.signature_line(NAME, VERIFIER.key_id, b"x")
    with pytest.raises(SignatureInvalidError):
        note.open_note(TEXT.encode() + b"\n" + short, [VERIFIER])


def test_a_cosignature_covers_its_time() -> None:
    line = note.cosign(TEXT, WITNESS, 1_700_000_000, KEY.sign)
    assert note.open_note(SIGNED + line, [VERIFIER, WITNESS])[1] == [NAME, "witness.example"]
    signature = note.split(SIGNED + line)[1][1][1]
    later = (1_700_000_001).to_bytes(8, "big")
    forged = note.signature_line("witness.example", WITNESS.key_id, later + signature[12:])
    with pytest.raises(SignatureInvalidError):
        note.open_note(SIGNED + forged, [WITNESS])


@given(st.binary(max_size=200))
def test_arbitrary_bytes_are_malformed(data: bytes) -> None:
    with pytest.raises(MalformedError):
        note.open_note(data, [VERIFIER])


@given(st.integers(0, len(SIGNED) - 1), st.integers(0, 255))
def test_no_changed_byte_goes_unnoticed(at: int, byte: int) -> None:
    changed = SIGNED[:at] + bytes([byte]) + SIGNED[at + 1 :]
    if changed == SIGNED:
        return
    with pytest.raises(ProductError):
        note.open_note(changed, [VERIFIER])


@pytest.mark.parametrize(
    "data",
    [
        b"",
        TEXT.encode(),
        TEXT.encode() + b"\n",
        SIGNED[:-1],
        SIGNED + b"\n",
        SIGNED.replace(b"example", b"ex\tmple"),
        SIGNED.replace("\u2014".encode(), b"-"),
        SIGNED + SIGNED.splitlines(keepends=True)[-1] * 100,
        b"\xff" + SIGNED,
        b"x" * 1_000_001,
        TEXT.encode() + b"\n" + note.signature_line(NAME, b"abcd", b""),
    ],
    ids=range(11),
)
def test_what_is_no_note_is_malformed(data: bytes) -> None:
    with pytest.raises(MalformedError):
        note.open_note(data, [VERIFIER])


@pytest.mark.parametrize("text", ["no line end", "a\rb\n", "a\x00\n"])
def test_what_cannot_stand_in_a_note_is_not_signed(text: str) -> None:
    with pytest.raises(MalformedError):
        note.sign(text, NAME, KEY.sign, RAW)


def test_damaged_vkeys_are_malformed() -> None:
    good = note.vkey(NAME, RAW)
    name, key, tail = good.split("+", 2)
    other_type = note.vkey(NAME, RAW, 2)
    for text in ("", name, f"{name}+00000000+{tail}", f"{name}+{key}+!!", good[:-4], other_type):
        with pytest.raises(MalformedError):
            note.parse_vkey(text)
    for bad in ("", "two words", "a+b"):
        with pytest.raises(MalformedError):
            note.vkey(bad, RAW)
    with pytest.raises(MalformedError):
        note.vkey(NAME, b"short")


def test_notes_of_other_people_agree() -> None:
    data = json.loads(next(corpus("provenance", "signed-note").glob("*.json")).read_text())
    for case in data["cases"]:
        verifiers = [note.parse_vkey(text) for text in case["vkeys"]]
        if "error" in case:
            with pytest.raises(ERRORS[case["error"]]):
                note.open_note(case["note"].encode(), verifiers)
            continue
        assert note.open_note(case["note"].encode(), verifiers)[1] == case["verified"], case["id"]
        names = [name for name, _ in note.split(case["note"].encode())[1]]
        assert sorted(names) == sorted(case["verified"] + case["unverified"])
    for text in data["bad_vkeys"]:
        with pytest.raises(MalformedError):
            note.parse_vkey(text)
    tree = data["tree_note"]
    found = checkpoint.parse(tree["text"])
    assert (found.size, found.text()) == (tree["size"], tree["text"])
    assert note.to_base64(found.root) == tree["root_b64"]


def test_a_checkpoint_goes_there_and_back() -> None:
    found = checkpoint.Checkpoint("register.example", 5, EMPTY_ROOT, ("more",))
    assert checkpoint.parse(found.text()) == found
    assert checkpoint.parse(TEXT) == checkpoint.Checkpoint(NAME, 0, EMPTY_ROOT)


@pytest.mark.parametrize(
    "change",
    [
        ("\n0\n", "\n00\n"),
        ("\n0\n", "\n-1\n"),
        ("\n0\n", "\n9223372036854775808\n"),
        ("\n0\n", "\n\u0661\n"),
        ("\n0\n", "\n"),
        ("uFU=\n", "uFU=\n\n"),
        ("uFU=\n", "uFV=\n"),
        ("uFU=\n", "uFU\n"),
        ("uFU=\n", "uFU="),
        ("47DEQpj8", ""),
        (NAME, ""),
    ],
)
def test_other_texts_are_no_checkpoint(change: tuple[str, str]) -> None:
    with pytest.raises(MalformedError):
        checkpoint.parse(TEXT.replace(*change))
