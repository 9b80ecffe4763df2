"""
C2SP tlog-tiles: the names and bytes of tiles and entry bundles.

Knows paths, widths and byte layouts. Does not know where files are kept, nor what an entry says.
"""

import re
from collections.abc import Callable, Sequence
from typing import Literal

from voltrail.errors import MalformedError
from voltrail.merkle import HASH_BYTES, NodeReader, node_hash

WIDTH = 256  # [hashes] of a full tile: C2SP tlog-tiles
HEIGHT = 8  # [levels] of a full tile: C2SP tlog-tiles
MAX_ENTRY_BYTES = 65_535  # [bytes] C2SP tlog-tiles, uint16 length
MAX_LEVEL = 5  # [tile levels] C2SP tlog-tiles: 0 to 5 suffice below 2^48 entries

TileReader = Callable[[int, int, int], bytes]

_PATH = re.compile(
    r"tile/(?P<level>entries|[0-9]|[1-9][0-9])/"
    r"(?P<index>(?:x[0-9]{3}/){0,6}[0-9]{3})(?:\.p/(?P<width>[1-9][0-9]{0,2}))?"
)
_HINT = "Fetch the tile again, or rebuild the tiles from the entries."


def tile_path(level: int, index: int, width: int = WIDTH) -> str:
    """
    Return the path of a tile.

    Args:
        level: tile level, from 0 at the leaves
        index: place of the tile in its level
        width: hashes in the tile, 256 when full [hashes]

    Returns:
        For example tile/0/x001/234 or tile/0/x001/234.p/17.

    Raises:
        MalformedError: a number is out of range.

    Source: C2SP tlog-tiles, Merkle tree.
    """
    if not 0 <= level <= MAX_LEVEL:
        raise MalformedError(f"Tiles have no level {level}.", hint="Use levels 0 to 5.")
    return f"tile/{level}/{_index_text(index)}{_width_text(width)}"


def entries_path(index: int, width: int = WIDTH) -> str:
    """
    Return the path of an entry bundle.

    Args:
        index: place of the bundle
        width: entries in the bundle, 256 when full [entries]

    Returns:
        For example tile/entries/x001/234.

    Raises:
        MalformedError: a number is out of range.

    Source: C2SP tlog-tiles, log entries.
    """
    return f"tile/entries/{_index_text(index)}{_width_text(width)}"


def parse_path(path: str) -> tuple[int | Literal["entries"], int, int]:
    """
    Return what a tile path names.

    Args:
        path: the path below the log's prefix

    Returns:
        Level or "entries", index, and width.

    Raises:
        MalformedError: not the one path of a tile or bundle.

    Source: C2SP tlog-tiles.
    """
    match = _PATH.fullmatch(path)
    if match is None:
        raise MalformedError(f"{path[:120]!r} names no tile.", hint=_HINT)
    index = int(match["index"].replace("x", "").replace("/", ""))
    width = int(match["width"] or WIDTH)
    if match["level"] == "entries":
        level: int | Literal["entries"] = "entries"
        again = entries_path(index, width)
    else:
        level = int(match["level"])
        again = tile_path(level, index, width)
    if again != path:
        raise MalformedError(f"{path!r} is not how that tile is named.", hint=f"Use {again}.")
    return level, index, width


def hashes_of(tile: bytes) -> tuple[bytes, ...]:
    """
    Return the hashes in a tile.

    Args:
        tile: its bytes

    Returns:
        One to 256 hashes.

    Raises:
        MalformedError: not a whole number of hashes, none, or more than 256.

    Source: C2SP tlog-tiles, Merkle tree.
    """
    if not tile or len(tile) % HASH_BYTES or len(tile) > WIDTH * HASH_BYTES:
        raise MalformedError(f"A tile has {len(tile)} bytes, no run of hashes.", hint=_HINT)
    return tuple(tile[at : at + HASH_BYTES] for at in range(0, len(tile), HASH_BYTES))


def bundle(entries: Sequence[bytes]) -> bytes:
    """
    Return the bytes of an entry bundle.

    Args:
        entries: one to 256 entries

    Returns:
        Each entry after its length in two bytes, big-endian.

    Raises:
        MalformedError: no entries, too many, or one above 65,535 bytes.

    Source: C2SP tlog-tiles, log entries.
    """
    if not 0 < len(entries) <= WIDTH:
        raise MalformedError(f"A bundle has no {len(entries)} entries.", hint="Put in 1 to 256.")
    longest = max(map(len, entries))
    if longest > MAX_ENTRY_BYTES:
        raise MalformedError(
            f"An entry has {longest:,} bytes; at most {MAX_ENTRY_BYTES:,} fit.",
            hint="Log a digest of it.",
        )
    return b"".join(len(entry).to_bytes(2, "big") + entry for entry in entries)


def unbundle(data: bytes) -> list[bytes]:
    """
    Return the entries in a bundle.

    Args:
        data: its bytes

    Returns:
        One to 256 entries.

    Raises:
        MalformedError: cut short, empty, or more than 256 entries.

    Source: C2SP tlog-tiles, log entries.
    """
    entries: list[bytes] = []
    at = 0
    while at < len(data):
        start = at + 2
        at = start + int.from_bytes(data[at:start], "big")
        if start > len(data) or at > len(data) or len(entries) == WIDTH:
            raise MalformedError("An entry bundle is cut short or too long.", hint=_HINT)
        entries.append(data[start:at])
    if not entries:
        raise MalformedError("An entry bundle is empty.", hint=_HINT)
    return entries


def node_from_tiles(read: TileReader, size: int) -> NodeReader:
    """
    Return a reader of perfect subtrees that takes its hashes from tiles, each read once.

    Args:
        read: gives the bytes of a tile for its level, index and width
        size: leaves in the tree

    Returns:
        A function from level and index to a hash; it raises MalformedError for bytes that
        are no such tile and for nodes outside the tree.

    Source: C2SP tlog-tiles, Merkle tree.
    """
    kept: dict[tuple[int, int], tuple[bytes, ...]] = {}

    def tile(level: int, index: int) -> tuple[bytes, ...]:
        if (level, index) not in kept:
            width = min(WIDTH, (size >> (HEIGHT * level)) - index * WIDTH)
            found = hashes_of(read(level, index, width))
            if len(found) != width:
                raise MalformedError(f"A tile has not its {width} hashes.", hint=_HINT)
            kept[level, index] = found
        return kept[level, index]

    def node(level: int, index: int) -> bytes:
        if level < 0 or index < 0 or (index + 1) << level > size:
            raise MalformedError(f"The tree has no node {index} at level {level}.", hint=_HINT)
        tile_level, rise = divmod(level, HEIGHT)
        first = index << rise
        at = first % WIDTH
        row = tile(tile_level, first // WIDTH)[at : at + (1 << rise)]
        while len(row) > 1:
            row = tuple(map(node_hash, row[::2], row[1::2]))
        return row[0]

    return node


def _index_text(index: int) -> str:
    if index < 0:
        raise MalformedError(f"Tiles have no index {index}.", hint="Count from 0.")
    digits = f"{index:,}".split(",")
    *front, last = [group.zfill(3) for group in digits]
    return "".join(f"x{group}/" for group in front) + last


def _width_text(width: int) -> str:
    if not 0 < width <= WIDTH:
        raise MalformedError(f"A tile has no width {width}.", hint="Use 1 to 256.")
    return "" if width == WIDTH else f".p/{width}"
