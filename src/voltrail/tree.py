"""
Whole trees at once: the leaf hashes and the root of many rows that stand in one piece of bytes.

A compiled helper does the hashing where a compiler was at hand when Voltrail was installed; without
it the same is done in Python. Both give the same bytes. Knows rows, not what they mean.
"""

from hashlib import sha256

from voltrail import merkle

try:
    from voltrail import _tree  # built on install, where it can be
except ImportError:
    _tree = None

COMPILED = _tree is not None


def leaf_hashes(rows: bytes) -> list[bytes]:
    """
    Return the leaf hash of each row.

    Args:
        rows: each ended by LF, which is no part of the row; possibly none

    Returns:
        Hashes of 32 bytes, in order.

    Source: RFC 6962 section 2.1.
    """
    if _tree is None:
        return _one_by_one(rows)
    joined = _tree.leaf_hashes(rows)
    size = merkle.HASH_BYTES
    return [joined[at : at + size] for at in range(0, len(joined), size)]


def root(rows: bytes) -> bytes:
    """
    Return the root of the tree over some rows.

    Args:
        rows: each ended by LF, which is no part of the row; possibly none

    Returns:
        32 bytes; of no rows the hash of no bytes.

    Source: RFC 6962 section 2.1.
    """
    if _tree is None or not rows:
        return merkle.root(_one_by_one(rows))
    return bytes(_tree.root(_tree.leaf_hashes(rows)))


def _one_by_one(rows: bytes) -> list[bytes]:
    # A loop over a million rows, hence written without leaf_hash.
    split = rows[:-1].split(b"\n") if rows else []
    return [sha256(b"\x00" + row).digest() for row in split]
