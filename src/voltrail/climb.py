"""
The way up from a leaf to the root, compiled where a compiler was at hand on install.

Both ways give the same bytes. Knows hashes and their sides; whether a root is right is `merkle`'s.
"""

from hashlib import sha256

_HASH = 32  # [bytes] SHA-256, FIPS 180-4
_COMPILED_BITS = 63  # of an index that the helper reads


def in_python(leaf: bytes, path: bytes, index: int, joins: int) -> bytes:
    """
    Return the root above a leaf hash.

    Args:
        leaf: its hash [32 bytes]
        path: its siblings joined, lowest first [32 bytes each]
        index: place of the leaf, from 0
        joins: below this height a bit of the index says that a sibling stands on the left; from it
            on, all do

    Returns:
        32 bytes.

    Source: RFC 9162 section 2.1.3.2.
    """
    found = leaf
    for at in range(0, len(path), _HASH):
        sibling = path[at : at + _HASH]
        left = at >= joins * _HASH or index & 1
        pair = sibling + found if left else found + sibling
        found, index = sha256(b"\x01" + pair).digest(), index >> 1
    return found


try:
    from voltrail._tree import climb as compiled  # type: ignore[import-not-found]  # where built
except ImportError:
    compiled = in_python


def climb(leaf: bytes, path: bytes, index: int, joins: int) -> bytes:
    """
    Return the root above a leaf hash, in the fastest way there is here.

    Args:
        leaf: its hash [32 bytes]
        path: its siblings joined, lowest first [32 bytes each]
        index: place of the leaf, from 0
        joins: the height from which on every sibling stands on the left

    Returns:
        32 bytes.

    Source: RFC 9162 section 2.1.3.2.
    """
    way = compiled if joins <= _COMPILED_BITS else in_python
    return bytes(way(leaf, path, index, joins))
