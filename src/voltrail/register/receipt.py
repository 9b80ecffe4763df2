"""
Receipts: the offline proof that an entry stands in a register at its place.

Knows the C2SP text format tlog-proof@v1 and how to verify it. Does not know what the entry says,
nor whom to trust: verifiers are arguments.
"""

import re
from collections.abc import Iterable

from msgspec import Struct

from voltrail.errors import MalformedError
from voltrail.merkle import HASH_BYTES, leaf_hash, verify_inclusion
from voltrail.register import checkpoint, note, witness_policy
from voltrail.register.witness_policy import WitnessPolicy

HEADER = "c2sp.org/tlog-proof@v1"
MAX_HASHES = 63  # [hashes] a tree below 2^63 leaves needs no more

_HINT = "Ask the register for the receipt again, and keep its bytes unchanged."
_FORM = re.compile(
    rf"{re.escape(HEADER)}\n(?:extra (?P<extra>[A-Za-z0-9+/=]+)\n)?"
    r"index (?P<index>0|[1-9][0-9]{0,18})\n(?P<hashes>(?:[A-Za-z0-9+/=]{44}\n)*)\n(?P<note>.+)",
    re.DOTALL,
)


class Receipt(Struct, frozen=True):
    """Place of an entry, the hashes up to the root, and the signed checkpoint."""

    index: int
    hashes: tuple[bytes, ...]
    checkpoint_note: bytes
    extra: bytes = b""

    def text(self) -> bytes:
        """
        Return the receipt as a file.

        Returns:
            UTF-8 text, by custom named .tlog-proof.

        Source: C2SP tlog-proof.
        """
        lines = [HEADER]
        if self.extra:
            lines.append(f"extra {note.to_base64(self.extra)}")
        lines.append(f"index {self.index}")
        lines.extend(note.to_base64(each) for each in self.hashes)
        return "".join(f"{line}\n" for line in lines).encode() + b"\n" + self.checkpoint_note


def parse(data: bytes) -> Receipt:
    """
    Return the receipt in a file.

    Args:
        data: UTF-8 text

    Returns:
        The receipt, not yet verified; nothing vouches for its extra data.

    Raises:
        MalformedError: not of the form, too many hashes, or no signed note below.

    Source: C2SP tlog-proof.
    """
    try:
        match = _FORM.fullmatch(data.decode()) if len(data) <= 2 * note.MAX_BYTES else None
    except UnicodeDecodeError as error:
        raise MalformedError("The receipt is not UTF-8.", hint=_HINT) from error
    if match is None:
        raise MalformedError("The file is no receipt.", hint=_HINT)
    hashes = tuple(note.from_base64(line, "proof") for line in match["hashes"].split())
    if len(hashes) > MAX_HASHES or any(len(each) != HASH_BYTES for each in hashes):
        raise MalformedError("The receipt has hashes of another kind.", hint=_HINT)
    extra = note.from_base64(match["extra"] or "", "extra data")
    signed = match["note"].encode()
    note.split(signed)
    return Receipt(int(match["index"]), hashes, signed, extra)


def verify(
    receipt: Receipt,
    leaf: bytes,
    verifiers: Iterable[note.Verifier],
    policy: WitnessPolicy | None = None,
) -> checkpoint.Checkpoint:
    """
    Verify that an entry stands in the register that the receipt speaks of.

    Args:
        receipt: the receipt
        leaf: bytes of the entry
        verifiers: keys of the registers and witnesses we know
        policy: which witnesses must have cosigned the checkpoint; nobody where absent

    Returns:
        The checkpoint, signed by a key named as its origin.

    Raises:
        MalformedError: the note is no checkpoint, or the place lies outside the register.
        SignatureInvalidError: a signature of a known key does not match.
        UnverifiableError: no known key of that register signed the checkpoint.
        RefusedError: the proof does not lead from the entry to the root, or the quorum of
            witnesses is not reached.

    Source: C2SP tlog-proof, verifying a tlog proof; tlog-policy.
    """
    verifiers = tuple(verifiers)
    if policy is not None:
        witness_policy.need(policy, receipt.checkpoint_note, verifiers)
    found = checkpoint.opened(receipt.checkpoint_note, verifiers)
    verify_inclusion(receipt.index, found.size, leaf_hash(leaf), receipt.hashes, found.root)
    return found
