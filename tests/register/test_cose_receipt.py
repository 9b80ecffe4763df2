"""COSE receipts: read again by code that knows the standard only, and refused when bent."""

import hashlib
from collections.abc import Callable
from typing import Any

import cbor2
import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from hypothesis import given
from hypothesis import strategies as st

from voltrail import cose, merkle
from voltrail.errors import (
    MalformedError,
    ProductError,
    RefusedError,
    SignatureInvalidError,
    UnverifiableError,
)
from voltrail.register import cose_receipt, note
from voltrail.register.checkpoint import Checkpoint
from voltrail.register.receipt import Receipt
from voltrail.trust import signer

NAME = "register.example"
KEY, OTHER = signer.generate(), signer.generate()
RAW = KEY.public.spki[-32:]
VERIFIER = note.parse_vkey(note.vkey(NAME, RAW))
SIZES = [1, 2, 3, 4, 5, 7, 8, 13, 64, 100]


def leaf(index: int) -> bytes:
    return b"entry %d" % index


def proven(size: int, index: int) -> Receipt:
    hashes = [merkle.leaf_hash(leaf(at)) for at in range(size)]
    text = Checkpoint(NAME, size, merkle.root(hashes)).text()
    path = merkle.inclusion_proof(index, size, merkle.reader_over(hashes))
    return Receipt(index, tuple(path), note.sign(text, NAME, KEY.sign, RAW))


def made(size: int = 13, index: int = 5) -> bytes:
    return cose_receipt.write(proven(size, index), leaf(index), VERIFIER, KEY.sign)


def independent(data: bytes, entry: bytes, key: bytes) -> tuple[int, int]:
    """Verify as RFC 9942 and RFC 9162 say, with nothing of the product; return size and index."""
    tag = cbor2.loads(data)
    assert tag.tag == 18
    raw, outside, payload, signature = tag.value
    assert payload is None
    protected = cbor2.loads(raw)
    assert (protected[1], protected[395]) == (-8, 1)
    size, index, path = cbor2.loads(outside[396][-1][0])
    assert 0 <= index < size
    fn, sn = index, size - 1
    root = hashlib.sha256(b"\0" + entry).digest()
    for sibling in path:
        assert sn != 0
        if fn & 1 or fn == sn:
            root = hashlib.sha256(b"\1" + sibling + root).digest()
            while fn and not fn & 1:
                fn, sn = fn >> 1, sn >> 1
        else:
            root = hashlib.sha256(b"\1" + root + sibling).digest()
        fn, sn = fn >> 1, sn >> 1
    assert sn == 0
    covered = cbor2.dumps(["Signature1", raw, b"", root])
    Ed25519PublicKey.from_public_bytes(key).verify(signature, covered)
    return size, index


@pytest.mark.parametrize("size", SIZES)
def test_every_receipt_is_read_by_code_that_knows_the_standard_only(size: int) -> None:
    for index in range(size):
        data = made(size, index)
        assert independent(data, leaf(index), RAW) == (size, index)
        found = cose.parse(data)
        place = cose_receipt.verify(found, cose_receipt.leaf_in(found), [VERIFIER])
        assert (place.origin, place.size, place.index) == (NAME, size, index)


def test_the_other_reader_refuses_what_ours_refuses() -> None:
    with pytest.raises(InvalidSignature):
        independent(made(), leaf(6), RAW)
    with pytest.raises(InvalidSignature):
        independent(made(), leaf(5), OTHER.public.spki[-32:])


def test_another_entry_than_the_receipt_s_is_refused() -> None:
    with pytest.raises(SignatureInvalidError):
        cose_receipt.verify(cose.parse(made()), leaf(6), [VERIFIER])


def test_a_receipt_by_another_key_is_not_judged_or_refused() -> None:
    stranger = note.parse_vkey(note.vkey(NAME, OTHER.public.spki[-32:]))
    for known in ([], [stranger]):
        with pytest.raises(UnverifiableError):
            cose_receipt.verify(cose.parse(made()), leaf(5), known)
    forged = cose_receipt.write(proven(13, 5), leaf(5), VERIFIER, OTHER.sign)
    with pytest.raises(SignatureInvalidError):
        cose_receipt.verify(cose.parse(forged), leaf(5), [VERIFIER])


def bent(change: Callable[[dict[Any, Any], dict[Any, Any]], None]) -> cose.Sign1:
    """A receipt whose headers were changed before it was signed."""
    found = cose.parse(made())
    protected, outside = dict(found.protected), dict(found.unprotected)
    change(protected, outside)
    root = Checkpoint(NAME, 13, merkle.root([merkle.leaf_hash(leaf(at)) for at in range(13)])).root
    data = cose.sign(root, protected, KEY.sign, unprotected=outside, detached=True)
    return cose.parse(data)


def with_proof(*parts: object) -> Callable[[dict[Any, Any], dict[Any, Any]], None]:
    return lambda _, outside: outside.update({396: {-1: [cbor2.dumps(list(parts))]}})


PATH = list(proven(13, 5).hashes)
BENT: dict[str, tuple[Callable[[dict[Any, Any], dict[Any, Any]], None], type[ProductError]]] = {
    "another tree": (lambda inside, _: inside.update({395: 2}), UnverifiableError),
    "no tree": (lambda inside, _: inside.pop(395), UnverifiableError),
    "true for one": (lambda inside, _: inside.update({395: True}), UnverifiableError),
    "the tree unprotected": (
        lambda inside, outside: outside.update({395: inside.pop(395)}),
        UnverifiableError,
    ),
    "another scheme": (lambda inside, _: inside.update({1: -7}), UnverifiableError),
    "another register": (lambda inside, _: inside.update({15: {1: "other"}}), UnverifiableError),
    "no register": (lambda inside, _: inside.pop(15), UnverifiableError),
    "another key id": (lambda inside, _: inside.update({4: b"1234"}), UnverifiableError),
    "a critical label": (lambda inside, _: inside.update({2: [99], 99: 1}), UnverifiableError),
    "no proof": (lambda _, outside: outside.pop(396), MalformedError),
    "two proofs": (lambda _, outside: outside.update({396: {-1: [b"", b""]}}), MalformedError),
    "a proof that is a list": (
        lambda _, outside: outside.update({396: {-1: [[1]]}}),
        MalformedError,
    ),
    "no CBOR": (lambda _, outside: outside.update({396: {-1: [b"\xff"]}}), MalformedError),
    "two parts": (with_proof(13, 5), MalformedError),
    "a truth for an index": (with_proof(*[1, False, []]), MalformedError),
    "a text for an index": (with_proof(13, "5", PATH), MalformedError),
    "an index outside": (with_proof(5, 5, PATH), MalformedError),
    "a negative index": (with_proof(13, -1, PATH), MalformedError),
    "an empty tree": (with_proof(0, 0, []), MalformedError),
    "31 bytes": (with_proof(13, 5, [PATH[0][:31], *PATH[1:]]), MalformedError),
    "33 bytes": (with_proof(13, 5, [PATH[0] + b"\0", *PATH[1:]]), MalformedError),
    "a hash missing": (with_proof(13, 5, PATH[1:]), RefusedError),
    "a hash too many": (with_proof(13, 5, [*PATH, PATH[0]]), RefusedError),
    "a hash changed": (with_proof(13, 5, [bytes(32), *PATH[1:]]), SignatureInvalidError),
    "another index": (with_proof(13, 4, PATH), SignatureInvalidError),
    "100 hashes": (with_proof(13, 5, PATH * 25), MalformedError),
}


@pytest.mark.parametrize("case", BENT)
def test_a_bent_receipt_is_refused(case: str) -> None:
    """Pitfall 17: hashes of 31 or 33 bytes, hashes left over, an index outside, size 0."""
    change, error = BENT[case]
    with pytest.raises(error):
        cose_receipt.verify(bent(change), leaf(5), [VERIFIER])


def test_a_carried_root_is_refused() -> None:
    found = cose.parse(made())
    carried = cose.sign(bytes(32), found.protected, KEY.sign, unprotected=found.unprotected)
    with pytest.raises(MalformedError):
        cose_receipt.verify(cose.parse(carried), leaf(5), [VERIFIER])


def test_a_receipt_without_its_entry_says_so() -> None:
    found = bent(lambda _, outside: outside.pop(cose_receipt.LEAF))
    assert cose_receipt.verify(found, leaf(5), [VERIFIER]).index == 5
    with pytest.raises(UnverifiableError):
        cose_receipt.leaf_in(found)


def test_a_checkpoint_s_signature_is_never_a_receipt_s() -> None:
    text = Checkpoint(NAME, 13, bytes(32)).text()
    assert not text.startswith("\x84")
    assert cose.to_be_signed(cose.parse(made()), bytes(32))[0] == 0x84


@given(st.integers(0, len(made()) - 1), st.integers(0, 255))
def test_a_changed_byte_never_proves_another_place(place: int, byte: int) -> None:
    good = made()
    data = good[:place] + bytes([byte]) + good[place + 1 :]
    try:
        found = cose.parse(data)
        where = cose_receipt.verify(found, leaf(5), [VERIFIER])
    except ProductError:
        return
    assert (where.index, where.size) == (5, 13)
