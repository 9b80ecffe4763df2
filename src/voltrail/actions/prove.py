"""Hand out what outsiders need to check the register without asking: bytes, proofs, checkpoints."""

from voltrail import merkle
from voltrail.actions.desk import Desk
from voltrail.errors import UnknownSubjectError
from voltrail.register import checkpoint as checkpoints
from voltrail.register import compare as comparing
from voltrail.register import cose_receipt as in_cose
from voltrail.register import log
from voltrail.register.compare import Compared
from voltrail.register.note import parse_vkey, split
from voltrail.register.receipt import Receipt
from voltrail.register.witness import Request


def statement(desk: Desk, index: int) -> bytes:
    """
    Return an envelope as it was received.

    Args:
        desk: where it is kept
        index: place in the register

    Returns:
        The bytes.

    Raises:
        UnknownSubjectError: the register is shorter.

    Source: mission, AT-02.
    """
    within(desk, index)
    (found,) = desk.entries.at([index])
    return found.raw


def proof(desk: Desk, index: int) -> bytes:
    """
    Return the offline proof that an entry is in the register.

    Args:
        desk: where it is kept
        index: place in the register

    Returns:
        A tlog-proof text: index, hashes, signed checkpoint.

    Raises:
        UnknownSubjectError: the register is shorter.

    Source: C2SP tlog-proof.
    """
    within(desk, index)
    note = checkpoint(desk)
    return receipt(desk, index, note, checkpoints.parse(split(note)[0]).size).text()


def cose_receipt(desk: Desk, index: int) -> bytes:
    """
    Return the same proof in COSE, for readers that speak SCITT.

    Args:
        desk: where it is kept; the log's key signs the root once more
        index: place in the register

    Returns:
        A COSE receipt that carries its entry beside the proof.

    Raises:
        UnknownSubjectError: the register is shorter.

    Source: RFC 9942 section 5.2.
    """
    within(desk, index)
    note = checkpoint(desk)
    found = receipt(desk, index, note, checkpoints.parse(split(note)[0]).size)
    (entry,) = desk.entries.at([index])
    key = parse_vkey(desk.log.verifier_key)
    return in_cose.write(found, entry.leaf, key, desk.log.signer.sign)


def receipt(desk: Desk, index: int, note: bytes, size: int) -> Receipt:
    """
    Return the receipt of an entry under a signed checkpoint.

    Args:
        desk: where it is kept
        index: place in the register
        note: the signed checkpoint
        size: its tree size

    Returns:
        The receipt.

    Source: RFC 9162, 2.1.3; C2SP tlog-proof.
    """
    hashes = merkle.inclusion_proof(index, size, desk.entries.node)
    return Receipt(index, tuple(hashes), note)


def checkpoint(desk: Desk) -> bytes:
    """
    Return a signed checkpoint over everything registered so far, with what witnesses answered.

    Args:
        desk: holds the log's key

    Returns:
        The signed note.

    Source: C2SP tlog-checkpoint; tlog-cosignature.
    """
    with desk.entries.transaction():
        signed = log.checkpoint(desk.entries, desk.log)
        size = desk.entries.size()
    return signed + desk.cosignatures.of(size)


def own_checkpoint(desk: Desk) -> bytes:
    """
    Return a checkpoint over everything registered so far, signed by the register alone.

    Args:
        desk: holds the log's key

    Returns:
        The signed note; what witnesses answered is not looked at.

    Source: C2SP tlog-checkpoint.
    """
    with desk.entries.transaction():
        return log.checkpoint(desk.entries, desk.log)


def witness_request(desk: Desk, old: int) -> tuple[int, Request]:
    """
    Return what a witness is asked: the newest checkpoint, and that it grew out of what it knows.

    Args:
        desk: where entries and checkpoints are
        old: the size that the witness cosigned last

    Returns:
        The size of the checkpoint, and the request.

    Raises:
        UnknownSubjectError: no checkpoint reaches that size.

    Source: C2SP tlog-witness.
    """
    size, signed = next(iter(desk.entries.checkpoints()), (-1, b""))
    if old > size:
        raise UnknownSubjectError(f"No checkpoint reaches {old} entries.", hint="Sign one first.")
    hashes = merkle.consistency_proof(old, size, desk.entries.node) if old else []
    return size, Request(old, tuple(hashes), signed)


def consistency(desk: Desk, old: int, new: int) -> tuple[bytes, ...]:
    """
    Return the proof that a later tree extends an earlier one.

    Args:
        desk: where it is kept
        old: earlier size, at least 1
        new: later size

    Returns:
        Hashes of 32 bytes.

    Raises:
        UnknownSubjectError: the register is shorter.
        MalformedError: the sizes are out of order.

    Source: RFC 9162, 2.1.4.
    """
    if new > desk.entries.size():
        raise UnknownSubjectError(f"The register has no size {new} yet.", hint="Ask for less.")
    return tuple(merkle.consistency_proof(old, new, desk.entries.node))


def compare(desk: Desk, one: bytes, other: bytes) -> Compared:
    """
    Return what two checkpoints of this register are to each other, judged by its own entries.

    Args:
        desk: holds the entries and the log's keys
        one: a signed checkpoint
        other: a signed checkpoint, in any order

    Returns:
        Same, continues, split view, or unproven where the register is shorter than the newer one.

    Raises:
        MalformedError: a note is no checkpoint, or of another register.
        SignatureInvalidError: a signature does not match.
        UnverifiableError: this register's log did not sign it.

    Source: mission, AT-04.
    """
    keys = [parse_vkey(each) for each in desk.log.verifier_keys]
    return comparing.compare(one, other, keys, lambda old, new: consistency(desk, old, new))


def within(desk: Desk, index: int) -> None:
    """
    Check that the register has an entry at an index.

    Args:
        desk: where it is kept
        index: place in the register

    Raises:
        UnknownSubjectError: the register is shorter.

    Source: our choice: ADR 0004.
    """
    if not 0 <= index < desk.entries.size():
        raise UnknownSubjectError(f"The register has no entry {index}.", hint="Look at its size.")
