"""Tiles of the register's tree and bundles of its leaves, cut from the store when asked for."""

from voltrail.actions.desk import Desk
from voltrail.errors import UnknownSubjectError
from voltrail.register import tile as tiles


def tile(desk: Desk, path: str) -> bytes:
    """
    Return a tile or an entry bundle.

    Args:
        desk: where the register is kept
        path: its C2SP path, for example tile/0/000.p/17

    Returns:
        Hashes of 32 bytes each, or leaves after their lengths; no envelopes.

    Raises:
        MalformedError: the path names no tile.
        UnknownSubjectError: the register has not grown that far.

    Source: C2SP tlog-tiles.
    """
    level, index, width = tiles.parse_path(path)
    start = index * tiles.WIDTH
    rise = 0 if level == "entries" else level * tiles.HEIGHT
    if start + width > desk.entries.size() >> rise:
        raise UnknownSubjectError(
            f"The register has no {path} yet.", hint="Take the size from the checkpoint."
        )
    if level == "entries":
        return tiles.bundle([one.leaf for one in desk.entries.entries(start, start + width)])
    return b"".join(desk.entries.node(rise, start + at) for at in range(width))
