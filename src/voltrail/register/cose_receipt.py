"""
Receipts in COSE: the same proof as a tlog-proof, in the words of SCITT.

Knows RFC 9942 with the tree of RFC 9162 and a register's Ed25519 key. The root is signed, never
carried: who checks a receipt computes it from the leaf. Does not know what the entry says.
"""

from collections.abc import Callable, Iterable

import cbor2
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from msgspec import Struct

from voltrail import cose
from voltrail.cose import Algorithm, Sign1, Value
from voltrail.errors import MalformedError, SignatureInvalidError, UnverifiableError
from voltrail.merkle import HASH_BYTES, leaf_hash, root_over
from voltrail.register import checkpoint, note
from voltrail.register.receipt import MAX_HASHES, Receipt

MEDIA_TYPE = 'application/cose; cose-type="cose-sign1"'  # RFC 9052 section 12.5
STRUCTURE, PROOFS = 395, 396  # header labels, RFC 9942 section 2
RFC9162_SHA256 = 1  # verifiable data structure, RFC 9942 section 5
INCLUSION = -1  # kind of proof, RFC 9942 section 5.2
CLAIMS, ISSUER = 15, 1  # header label, RFC 9597; claim, RFC 8392
LEAF = "voltrail-leaf"  # our own label, outside the signature: docs/spec/register.md

_UNDERSTOOD = (STRUCTURE, CLAIMS)
_HINT = "Ask the register for the receipt again, and keep its bytes unchanged."


class Place(Struct, frozen=True):
    """Where a receipt proves an entry to stand."""

    origin: str
    index: int
    size: int
    root: bytes


def write(
    found: Receipt, leaf: bytes, verifier: note.Verifier, sign: Callable[[bytes], bytes]
) -> bytes:
    """
    Return a receipt in COSE, under the root of the checkpoint that the receipt holds.

    Args:
        found: index, hashes and checkpoint
        leaf: bytes of the entry
        verifier: the register's name and key
        sign: makes the register's Ed25519 signature

    Returns:
        COSE_Sign1 with its payload left out.

    Raises:
        MalformedError: the note is no checkpoint.

    Source: RFC 9942 section 5.2.
    """
    newest = checkpoint.parse(note.split(found.checkpoint_note)[0])
    proof = cbor2.dumps([newest.size, found.index, list(found.hashes)], canonical=True)
    protected: cose.Header = {
        cose.ALGORITHM: Algorithm.EDDSA.value,
        cose.KEY_ID: verifier.key_id,
        STRUCTURE: RFC9162_SHA256,
        CLAIMS: {ISSUER: verifier.name},
    }
    outside: cose.Header = {PROOFS: {INCLUSION: [proof]}, LEAF: leaf}
    return cose.sign(newest.root, protected, sign, unprotected=outside, detached=True)


def verify(message: Sign1, leaf: bytes, verifiers: Iterable[note.Verifier]) -> Place:
    """
    Verify that an entry stands in the register that a receipt speaks of.

    Args:
        message: the receipt, as `cose.parse` returns it
        leaf: bytes of the entry
        verifiers: keys of the registers we know

    Returns:
        The register, the place, and the root that its key signed.

    Raises:
        MalformedError: no such receipt, or a place outside the register.
        RefusedError: no entry at this place has such a proof.
        SignatureInvalidError: the register's key did not sign the root to which the proof leads.
        UnverifiableError: another structure or scheme, or no key of that register is known.

    Source: RFC 9942 section 5.2.1.
    """
    verifier = _signer(message, verifiers)
    size, index, hashes = _proof(message)
    root = root_over(index, size, leaf_hash(leaf), hashes)

    def check(signature: bytes, signed: bytes) -> None:
        try:
            Ed25519PublicKey.from_public_bytes(verifier.public_raw).verify(signature, signed)
        except InvalidSignature as error:
            raise SignatureInvalidError(
                f"{verifier.name} did not sign the root to which this receipt leads.",
                hint="Check that receipt and entry belong together.",
            ) from error

    cose.verify(message, check, root, understood=_UNDERSTOOD)
    return Place(verifier.name, index, size, root)


def leaf_in(message: Sign1) -> bytes:
    """
    Return the entry that a receipt of ours carries beside its proof.

    Args:
        message: the receipt

    Returns:
        Bytes that count only once `verify` took them.

    Raises:
        UnverifiableError: it carries none.

    Source: our choice: docs/spec/register.md.
    """
    found = message.unprotected.get(LEAF)
    if not isinstance(found, bytes):
        raise UnverifiableError(
            "The receipt does not carry its entry.", hint="Fetch the entry from the register."
        )
    return found


def _signer(message: Sign1, verifiers: Iterable[note.Verifier]) -> note.Verifier:
    structure, claims = message.protected.get(STRUCTURE), message.protected.get(CLAIMS)
    if structure != RFC9162_SHA256 or isinstance(structure, bool):
        raise UnverifiableError("The receipt is of another kind of tree.", hint=_HINT)
    if cose.algorithm(message) not in (Algorithm.EDDSA, Algorithm.ED25519):
        raise UnverifiableError("The receipt is not signed with Ed25519.", hint=_HINT)
    origin = claims.get(ISSUER) if isinstance(claims, dict) else None
    named = (origin, cose.key_id(message), note.ED25519)
    for one in verifiers:
        if (one.name, one.key_id, one.key_type) == named:
            return one
    raise UnverifiableError(
        f"No known key of {str(origin)[:80]!r} signed the receipt.",
        hint="Add the register's vkey to the trusted keys.",
    )


def _proof(message: Sign1) -> tuple[int, int, list[bytes]]:
    proofs = message.unprotected.get(PROOFS)
    match proofs.get(INCLUSION) if isinstance(proofs, dict) else None:
        case [bytes() as raw]:
            pass
        case _:
            raise MalformedError("The receipt has not one proof of inclusion.", hint=_HINT)
    match cose.plain(raw, "proof"):
        case [int() as size, int() as index, list() as hashes]:
            pass
        case _:
            raise MalformedError("The proof has other parts.", hint=_HINT)
    if isinstance(size, bool) or isinstance(index, bool) or len(hashes) > MAX_HASHES:
        raise MalformedError("The proof has other parts.", hint=_HINT)
    return size, index, [_hash(one) for one in hashes]


def _hash(value: Value) -> bytes:
    if not isinstance(value, bytes) or len(value) != HASH_BYTES:
        raise MalformedError("The proof has hashes of another kind.", hint=_HINT)
    return value
