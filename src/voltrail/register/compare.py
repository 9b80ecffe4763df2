"""
Compare two checkpoints of one register: does the later continue the earlier?

Knows that two signed roots at one size are proof of two histories, and that a proof must lead from
one size to the other. Does not know where proofs come from: whoever has one is an argument.
"""

from collections.abc import Callable, Iterable, Sequence
from enum import StrEnum

from msgspec import Struct

from voltrail.errors import MalformedError, ProductError, RefusedError
from voltrail.merkle import EMPTY_ROOT, verify_consistency
from voltrail.register import checkpoint
from voltrail.register.checkpoint import Checkpoint
from voltrail.register.note import Verifier

Proofs = Callable[[int, int], Sequence[bytes]]


class Comparison(StrEnum):
    """What two checkpoints are to each other."""

    SAME = "same"
    CONTINUES = "continues"
    SPLIT = "split-view"
    UNPROVEN = "unproven"


class Compared(Struct, frozen=True):
    """What was found, in a word and a sentence, and the two checkpoints, the smaller first."""

    comparison: Comparison
    sentence: str
    older: Checkpoint
    newer: Checkpoint


def compare(
    one: bytes,
    other: bytes,
    logs: Iterable[Verifier],
    proofs: Proofs | None = None,
    *,
    held: bool = True,
) -> Compared:
    """
    Return what two signed checkpoints of one register are to each other.

    Args:
        one: a signed note
        other: a signed note, in any order
        logs: keys of logs
        proofs: returns the consistency proof between two sizes, or raises where it has none
        held: whether proofs are made from entries held here; a stranger's bad proof accuses nobody

    Returns:
        SAME, CONTINUES, SPLIT where both cannot be of one history, UNPROVEN where nobody can tell.

    Raises:
        MalformedError: a note is no checkpoint, or the two are of different registers.
        SignatureInvalidError: a signature of a known key does not match.
        UnverifiableError: no known key of the register signed it.

    Source: RFC 9162 section 2.1.4; mission, AT-04.
    """
    known = tuple(logs)
    older, newer = sorted(
        (checkpoint.opened(each, known) for each in (one, other)), key=lambda point: point.size
    )
    if older.origin != newer.origin:
        raise MalformedError(
            f"One checkpoint is of {older.origin}, the other of {newer.origin}.",
            hint="Compare two checkpoints of one register.",
        )
    word, sentence = _judged(older, newer, proofs, held=held)
    return Compared(word, sentence, older, newer)


def _judged(
    older: Checkpoint, newer: Checkpoint, proofs: Proofs | None, *, held: bool
) -> tuple[Comparison, str]:
    if older.size == newer.size:
        if older.root == newer.root:
            return Comparison.SAME, f"Both promise the same {newer.size:,} entries."
        return Comparison.SPLIT, (
            f"Two histories of {newer.size:,} entries were signed with one key."
        )
    if older.size == 0 and older.root == EMPTY_ROOT:
        return Comparison.CONTINUES, "The first is of the empty register; the second begins it."
    try:
        proof = proofs(older.size, newer.size) if proofs else None
    except ProductError as error:
        return Comparison.UNPROVEN, f"No proof could be had: {error}"
    if proof is None:
        return Comparison.UNPROVEN, "Both are signed; nothing proves that they are of one history."
    return _proven(older, newer, proof, held=held)


def _proven(
    older: Checkpoint, newer: Checkpoint, proof: Sequence[bytes], *, held: bool
) -> tuple[Comparison, str]:
    try:
        verify_consistency(older.size, newer.size, older.root, newer.root, proof)
    except (MalformedError, RefusedError):
        if not held:
            return Comparison.UNPROVEN, (
                "The proof that came leads nowhere. Ask for a copy of the register, and compare"
                " with that."
            )
        return Comparison.SPLIT, (
            f"No way leads from the {older.size:,} entries of one to the {newer.size:,} of the"
            " other: two histories were signed."
        )
    return Comparison.CONTINUES, (
        f"The second continues the first: {older.size:,} entries grew to {newer.size:,}."
    )


__all__ = ["Compared", "Comparison", "Proofs", "compare"]
