"""
RFC 6962 trees: roots, proofs and their verification.

Knows bytes, indices, sizes and hashes. Does not know what a leaf means, where hashes are kept,
nor that statements, registers or tables exist.
"""

from collections.abc import Callable, Iterable, Sequence
from hashlib import sha256
from typing import ClassVar, Self

from msgspec import Struct

from voltrail.climb import climb
from voltrail.errors import MalformedError, RefusedError

HASH_BYTES = 32  # [bytes] SHA-256, FIPS 180-4
EMPTY_ROOT = sha256(b"").digest()  # RFC 6962 section 2.1

NodeReader = Callable[[int, int], bytes]

_WAY_OUT = "Ask the sender for a fresh proof, and check which tree it speaks of."


def leaf_hash(data: bytes) -> bytes:
    """
    Return the hash of a leaf [32 bytes].

    Source: RFC 6962 section 2.1.
    """
    return sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of an inner node (RFC 6962 section 2.1)."""
    return sha256(b"\x01" + left + right).digest()


def root(leaf_hashes: Sequence[bytes]) -> bytes:
    """
    Return the root of the tree over some leaf hashes.

    Args:
        leaf_hashes: the leaf hashes in order, possibly none

    Returns:
        32 bytes; of no leaves the hash of no bytes.

    Source: RFC 6962 section 2.1.
    """
    row = list(leaf_hashes)
    while len(row) > 1:
        row = _row_above(row) + row[len(row) & ~1 :]
    return row[0] if row else EMPTY_ROOT


class Frontier(Struct, frozen=True):
    """The right edge of a tree: all that appending needs. Peaks stand from left to right."""

    size: int
    peaks: tuple[bytes, ...]

    EMPTY: ClassVar["Frontier"]

    def __post_init__(self) -> None:
        """Refuse peaks that no tree of this size has."""
        if self.size < 0 or len(self.peaks) != self.size.bit_count():
            raise MalformedError(
                f"A tree of {self.size} leaves has no {len(self.peaks)} peaks.",
                hint="Rebuild the frontier from the leaves.",
            )

    def push(self, leaf: bytes) -> Self:
        """Return the frontier after one more leaf hash of 32 bytes."""
        return self.extend((leaf,))

    def extend(self, leaf_hashes: Iterable[bytes]) -> Self:
        """
        Return the frontier after more leaf hashes.

        Raises:
            MalformedError: a hash is not 32 bytes long.
        """
        size, peaks = self.size, list(self.peaks)
        for leaf in leaf_hashes:
            _check_lengths(leaf)
            peak, rest = leaf, size
            while rest & 1:
                peak, rest = node_hash(peaks.pop(), peak), rest >> 1
            peaks.append(peak)
            size += 1
        return type(self)(size, tuple(peaks))

    def root(self) -> bytes:
        """Return the root of the tree (RFC 6962 section 2.1)."""
        if not self.peaks:
            return EMPTY_ROOT
        found = self.peaks[-1]
        for peak in self.peaks[-2::-1]:
            found = node_hash(peak, found)
        return found


Frontier.EMPTY = Frontier(0, ())


def reader_over(leaf_hashes: Sequence[bytes]) -> NodeReader:
    """
    Return a reader of the perfect subtrees over some leaf hashes, each computed once.

    Args:
        leaf_hashes: the leaf hashes in order; the reader raises MalformedError outside of them
    """
    rows = [list(leaf_hashes)]

    def node(level: int, index: int) -> bytes:
        while len(rows) <= level and len(rows[-1]) > 1:
            rows.append(_row_above(rows[-1]))
        if not 0 <= level < len(rows) or not 0 <= index < len(rows[level]):
            raise MalformedError(f"The tree has no node {index} at level {level}.", hint=_WAY_OUT)
        return rows[level][index]

    return node


def inclusion_proof(index: int, size: int, node: NodeReader) -> list[bytes]:
    """
    Return the proof that a leaf is in a tree.

    Args:
        index: place of the leaf, from 0
        size: leaves in the tree
        node: reader of perfect subtrees

    Returns:
        Sibling hashes from the leaf upwards.

    Raises:
        MalformedError: the index lies outside the tree.

    Source: RFC 6962 section 2.1.1.
    """
    _check_index(index, size)
    proof: list[bytes] = []
    low, high = 0, size
    while high - low > 1:
        middle = low + (1 << ((high - low - 1).bit_length() - 1))
        if index < middle:
            proof.append(range_hash(middle, high, node))
            high = middle
        else:
            proof.append(range_hash(low, middle, node))
            low = middle
    return proof[::-1]


def consistency_proof(old: int, new: int, node: NodeReader) -> list[bytes]:
    """
    Return the proof that a tree of `old` leaves is the beginning of one of `new` leaves.

    Args:
        old: leaves in the earlier tree, at least 1
        new: leaves in the later tree
        node: reader of perfect subtrees of the later tree

    Raises:
        MalformedError: old is 0 or exceeds new.

    Source: RFC 6962 section 2.1.2.
    """
    _check_sizes(old, new)
    return subtree_consistency_proof(0, old, new, node)


def subtree_consistency_proof(start: int, end: int, size: int, node: NodeReader) -> list[bytes]:
    """
    Return the proof that the leaves from start to end stand in a tree just so, lowest hash first.

    Raises:
        MalformedError: they are no valid subtree of the tree.

    Source: draft-ietf-plants-merkle-tree-certs, subtree consistency proofs.
    """
    _check_subtree(start, end, size)
    proof: list[bytes] = []
    low, high, known = 0, size, True
    while (start, end) != (low, high):
        middle = low + (1 << ((high - low - 1).bit_length() - 1))
        if end <= middle:
            proof.append(range_hash(middle, high, node))
            high = middle
        else:
            proof.append(range_hash(low, middle, node))
            known = known and start >= middle
            low, start = middle, max(start, middle)
    if not known:
        proof.append(range_hash(low, high, node))
    return proof[::-1]


def range_hash(start: int, end: int, node: NodeReader) -> bytes:
    """Return the hash of the leaves from start to end, where they form a subtree (RFC 6962)."""
    if start == end:
        return EMPTY_ROOT
    peaks = []
    while start < end:
        level = (end - start).bit_length() - 1
        peaks.append(node(level, start >> level))
        start += 1 << level
    found = peaks.pop()
    while peaks:
        found = node_hash(peaks.pop(), found)
    return found


def verify_inclusion(
    index: int, size: int, leaf_hash: bytes, proof: Sequence[bytes], root: bytes
) -> None:
    """
    Verify that a leaf stands at an index of the tree whose root somebody vouches for.

    The arguments are those of `root_over`, and the root.

    Raises:
        MalformedError: a hash is not 32 bytes long, or the index lies outside the tree.
        RefusedError: the proof does not lead to the root.

    Source: RFC 9162 section 2.1.3.2.
    """
    _check_lengths(root)
    if root_over(index, size, leaf_hash, proof) != root:
        raise _refused()


def root_over(index: int, size: int, leaf_hash: bytes, proof: Sequence[bytes]) -> bytes:
    """
    Return the root to which a leaf's proof leads; nobody vouches for it yet.

    Args:
        index: place of the leaf, from 0
        size: leaves in the tree
        leaf_hash: hash of the leaf
        proof: sibling hashes from the leaf upwards

    Raises:
        MalformedError: a hash is not 32 bytes long, or the index lies outside the tree.
        RefusedError: no leaf at this index has a proof of this length.

    Source: RFC 9162 section 2.1.3.2.
    """
    _check_index(index, size)
    _check_lengths(leaf_hash, *proof)
    # Below the height at which the leaf's way joins the right edge, each bit of the index says on
    # which side the sibling stands; above it, siblings stand on the left, one for each bit set.
    joins = (index ^ (size - 1)).bit_length()
    if len(proof) != joins + (index >> joins).bit_count():
        raise _refused()
    return climb(leaf_hash, b"".join(proof), index, joins)


def verify_consistency(
    old: int, new: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]
) -> None:
    """
    Verify that one tree is the beginning of another.

    From an empty tree nothing can be proven; of equal sizes only the roots are compared.

    Args:
        old: leaves in the earlier tree, at least 1
        new: leaves in the later tree
        old_root: root of the earlier tree
        new_root: root of the later tree
        proof: hashes in the order of the RFC

    Raises:
        MalformedError: old is 0 or exceeds new, or a hash is not 32 bytes long.
        RefusedError: the proof does not lead to both roots.

    Source: RFC 9162 section 2.1.4.2.
    """
    _check_sizes(old, new)
    verify_subtree_consistency(0, old, new, old_root, new_root, proof)


def verify_subtree_inclusion(
    index: int, start: int, end: int, leaf_hash: bytes, proof: Sequence[bytes], root: bytes
) -> None:
    """
    Verify that a leaf stands at an index, counted in the whole tree, of a subtree.

    Raises:
        MalformedError: no valid subtree, the index lies outside, or a hash is not 32 bytes long.
        RefusedError: the proof does not lead to the hash of the subtree.

    Source: draft-ietf-plants-merkle-tree-certs, subtree inclusion proofs.
    """
    _check_subtree(start, end, end)
    verify_inclusion(index - start, end - start, leaf_hash, proof, root)


def verify_subtree_consistency(
    start: int, end: int, size: int, sub_root: bytes, root: bytes, proof: Sequence[bytes]
) -> None:
    """
    Verify that a subtree belongs to a tree.

    Of an empty subtree only its own hash is compared; of the whole tree only both hashes.

    Raises:
        MalformedError: no valid subtree of the tree, or a hash is not 32 bytes long.
        RefusedError: the proof does not lead to both hashes.

    Source: draft-ietf-plants-merkle-tree-certs, subtree consistency proofs.
    """
    empty = 0 <= start == end <= size
    if not empty:
        _check_subtree(start, end, size)
    if not empty and end - start < size:
        _walk_subtree((start, end, size), sub_root, root, proof)
    elif proof or sub_root != (EMPTY_ROOT if empty else root):
        raise _refused()


def _walk_subtree(
    place: tuple[int, int, int], sub_root: bytes, root: bytes, proof: Sequence[bytes]
) -> None:
    _check_lengths(sub_root, root, *proof)
    first, last, tree_last = _skip_known(*place)
    hashes = list(proof)
    if first != last and not hashes:
        raise _refused()
    below = above = sub_root if first == last else hashes.pop(0)
    for sibling in hashes:
        if tree_last == 0:
            raise _refused()
        if last & 1 or last == tree_last:
            below = node_hash(sibling, below) if first < last else below
            above = node_hash(sibling, above)
            while last and not last & 1:
                first, last, tree_last = first >> 1, last >> 1, tree_last >> 1
        else:
            above = node_hash(above, sibling)
        first, last, tree_last = first >> 1, last >> 1, tree_last >> 1
    if tree_last or below != sub_root or above != root:
        raise _refused()


def _skip_known(start: int, end: int, size: int) -> tuple[int, int, int]:
    first, last, tree_last = start, end - 1, size - 1
    flush = last == tree_last
    while first != last and (flush or last & 1):
        first, last, tree_last = first >> 1, last >> 1, tree_last >> 1
    return first, last, tree_last


def _row_above(row: Sequence[bytes]) -> list[bytes]:
    # The loop that costs the time of every big tree, hence written without node_hash.
    return [
        sha256(b"\x01" + left + right).digest()
        for left, right in zip(row[::2], row[1::2], strict=False)
    ]


def _refused() -> RefusedError:
    return RefusedError("The Merkle proof does not lead to the root.", hint=_WAY_OUT)


def _check_lengths(*hashes: bytes) -> None:
    if set(map(len, hashes)) - {HASH_BYTES}:
        raise MalformedError(f"A Merkle hash is not {HASH_BYTES} bytes long.", hint=_WAY_OUT)


def _check_index(index: int, size: int) -> None:
    if not 0 <= index < size:
        raise MalformedError(f"A tree of {size} leaves has no leaf {index}.", hint=_WAY_OUT)


def _check_sizes(old: int, new: int) -> None:
    if not 0 < old <= new:
        raise MalformedError(
            f"No consistency can be proven from {old} to {new} leaves.",
            hint="Start from a tree with at least one leaf, and not from the larger one.",
        )


def _check_subtree(start: int, end: int, size: int) -> None:
    if not 0 <= start < end <= size or start % (1 << (end - start - 1).bit_length()):
        raise MalformedError(
            f"The leaves {start} to {end} are no subtree of {size} leaves.",
            hint="Start at a multiple of the next power of two above its length.",
        )
