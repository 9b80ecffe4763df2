"""
Trees that are read from tiles of somebody else, and tiles that are cut while leaves come in.

A tile counts only where its hashes lead to a root that is known. Does not know where tiles are
kept, who signed the root, nor what a leaf says.
"""

from collections.abc import Iterator, Sequence

from voltrail import merkle
from voltrail.errors import MalformedError
from voltrail.merkle import NodeReader, range_hash
from voltrail.register.tile import HEIGHT, WIDTH, TileReader, hashes_of, tile_path

_KEPT = 256  # [tiles] held of a tree that is read, 2 MB of hashes; our choice
_HINT = "Fetch the tile again, or rebuild it from the entries."


def checked_nodes(read: TileReader, size: int, root: bytes) -> NodeReader:
    """
    Return a reader of perfect subtrees from tiles, each of which leads to the root.

    A full tile is compared with the hash above it; the tiles at the right edge, above which none
    stands, are compared with the root together.

    Args:
        read: gives the bytes of a tile for its level, index and width
        size: leaves in the tree
        root: the root that is known [32 bytes]

    Returns:
        A function from level and index to a hash; it raises MalformedError for tiles that lead
        elsewhere and for nodes outside the tree.

    Raises:
        MalformedError: the tiles at the right edge do not lead to the root.

    Source: C2SP tlog-tiles, Merkle tree; RFC 6962 section 2.1.
    """
    tree = _Tree(read, size)
    if range_hash(0, size, tree.node) != root:
        raise _astray("its right edge")
    return tree.node


class _Tree:
    """
    A tree behind tiles, of which so many are held as are looked at again soon.

    Those at the right edge are all held: they were compared with the root once and together, so
    what is read in their place later would be compared with nothing.
    """

    def __init__(self, read: TileReader, size: int) -> None:
        self._read, self._size = read, size
        self._kept: dict[tuple[int, int], tuple[bytes, ...]] = {}
        self._edge: dict[int, tuple[bytes, ...]] = {}

    def node(self, level: int, index: int) -> bytes:
        """Return the hash of a perfect subtree."""
        if level < 0 or index < 0 or (index + 1) << level > self._size:
            raise MalformedError(f"The tree has no node {index} at level {level}.", hint=_HINT)
        tile_level, rise = divmod(level, HEIGHT)
        first = index << rise
        at = first % WIDTH
        return merkle.root(self._tile(tile_level, first // WIDTH)[at : at + (1 << rise)])

    def _tile(self, level: int, index: int) -> tuple[bytes, ...]:
        width = min(WIDTH, (self._size >> (HEIGHT * level)) - index * WIDTH)
        held = self._kept.get((level, index)) if width == WIDTH else self._edge.get(level)
        if held is not None:
            return held
        found = hashes_of(self._read(level, index, width))
        if len(found) != width or (width == WIDTH and not self._is_below(found, level, index)):
            raise _astray(tile_path(level, index, width))
        if width < WIDTH:
            self._edge[level] = found
            return found
        if len(self._kept) >= _KEPT:
            self._kept.pop(next(iter(self._kept)))  # the oldest; read and compared again if needed
        self._kept[level, index] = found
        return found

    def _is_below(self, found: Sequence[bytes], level: int, index: int) -> bool:
        return merkle.root(found) == self._tile(level + 1, index // WIDTH)[index % WIDTH]


class Tiling:
    """The tiles of a tree that grows: a row of hashes for each level, emptied when it is full."""

    def __init__(self, size: int, node: NodeReader) -> None:
        """Begin behind full bundles: `size` is a multiple of 256, `node` reads that tree."""
        if size % WIDTH:
            raise MalformedError(f"{size} leaves end inside a bundle.", hint="Begin at a full one.")
        self.size = size
        self._rows: list[list[bytes]] = []
        while not self._rows or size >> (HEIGHT * len(self._rows)):
            height = HEIGHT * len(self._rows)
            count = size >> height
            self._rows.append([node(height, at) for at in range(count - count % WIDTH, count)])

    def push(self, leaf_hashes: Sequence[bytes]) -> list[tuple[str, bytes]]:
        """
        Take the hashes of some leaves, and return the tiles that became full.

        Args:
            leaf_hashes: the next ones in order, not beyond the end of their bundle

        Returns:
            Paths and bytes, the lowest first.

        Raises:
            MalformedError: they go beyond the end of their bundle.

        Source: C2SP tlog-tiles, Merkle tree.
        """
        if self.size % WIDTH + len(leaf_hashes) > WIDTH:
            raise MalformedError("A bundle ends at 256 leaves.", hint="Push one at a time.")
        self._rows[0] += leaf_hashes
        self.size += len(leaf_hashes)
        full, level = [], 0
        while len(self._rows[level]) == WIDTH:
            row, self._rows[level] = self._rows[level], []
            index = (self.size >> (HEIGHT * (level + 1))) - 1
            full.append((tile_path(level, index), b"".join(row)))
            level += 1
            if level == len(self._rows):
                self._rows.append([])
            self._rows[level].append(merkle.root(row))
        return full

    def partial(self) -> Iterator[tuple[str, bytes]]:
        """Yield path and bytes of each tile at the right edge that is not full."""
        for level, row in enumerate(self._rows):
            if row:
                index = (self.size >> (HEIGHT * level)) // WIDTH
                yield tile_path(level, index, len(row)), b"".join(row)

    def root(self) -> bytes:
        """Return the root of the tree (RFC 6962 section 2.1)."""
        return range_hash(0, self.size, self._node)

    def _node(self, level: int, index: int) -> bytes:
        tile_level, rise = divmod(level, HEIGHT)
        at = (index << rise) % WIDTH
        return merkle.root(self._rows[tile_level][at : at + (1 << rise)])


def _astray(what: str) -> MalformedError:
    return MalformedError(f"The tree's tiles do not lead to its root: {what}.", hint=_HINT)


__all__ = ["Tiling", "checked_nodes"]
