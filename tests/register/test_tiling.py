"""Tiles that are cut while leaves come in are those of the tree, and lies in tiles are noticed."""

from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from register.mirroring import numbered
from voltrail import merkle
from voltrail.errors import MalformedError
from voltrail.register import tile
from voltrail.register.tiling import Tiling, checked_nodes

BIG = [merkle.leaf_hash(one) for one in numbered(66_000)]  # three levels of tiles


def true_tile(hashes: list[bytes]) -> tile.TileReader:
    node = merkle.reader_over(hashes)
    return lambda level, index, width: b"".join(
        node(8 * level, 256 * index + at) for at in range(width)
    )


def cut(hashes: list[bytes], begun: int = 0) -> dict[str, bytes]:
    """Every tile that a tiling gives, begun behind some full bundles."""
    tiling, found = Tiling(begun, merkle.reader_over(hashes)), {}
    for start in range(begun, len(hashes), 256):
        found.update(tiling.push(hashes[start : start + 256]))
    found.update(tiling.partial())
    assert tiling.root() == merkle.root(hashes)
    return found


@cache
def all_tiles(size: int) -> dict[str, bytes]:
    return cut(BIG[:size])


@given(st.integers(0, 1_500), st.integers(0, 5))
def test_tiles_are_those_of_the_tree_wherever_it_was_begun(size: int, begun: int) -> None:
    begun = min(begun, size // 256) * 256
    read = true_tile(BIG[:size])
    for path, data in cut(BIG[:size], begun).items():
        level, index, width = tile.parse_path(path)
        assert level != "entries"
        assert read(level, index, width) == data


@pytest.mark.parametrize("size", [0, 1, 255, 256, 257, 65_535, 65_536, 65_537, 66_000])
def test_what_was_cut_is_enough_to_read_the_tree_again(size: int) -> None:
    found = cut(BIG[:size])
    read = lambda *name: found[tile.tile_path(*name)]  # noqa: E731
    node = checked_nodes(read, size, merkle.root(BIG[:size]))
    for index in {0, size // 2, size - 1} & set(range(size)):
        proof = merkle.inclusion_proof(index, size, node)
        merkle.verify_inclusion(index, size, BIG[index], proof, merkle.root(BIG[:size]))


def test_a_bundle_has_its_end() -> None:
    tiling = Tiling(0, merkle.reader_over([]))
    tiling.push(BIG[:200])
    with pytest.raises(MalformedError):
        tiling.push(BIG[200:300])
    with pytest.raises(MalformedError):
        Tiling(100, merkle.reader_over(BIG[:100]))


@settings(max_examples=25)
@given(st.integers(0, 257), st.integers(0, 255), st.sampled_from([700, 66_000]))
def test_a_changed_tile_leads_nowhere(index: int, place: int, size: int) -> None:
    """Whatever is read through the tile says so; nothing is answered from it."""
    true = dict(all_tiles(size))
    width = min(256, size - 256 * (index % (-(-size // 256))))
    index %= -(-size // 256)
    path = tile.tile_path(0, index, width)
    lie = bytearray(true[path])
    lie[place % width * 32] ^= 1
    true[path] = bytes(lie)
    read = lambda *name: true[tile.tile_path(*name)]  # noqa: E731
    with pytest.raises(MalformedError, match="do not lead to its root"):
        checked_nodes(read, size, merkle.root(BIG[:size]))(0, index * 256)


def test_another_root_is_told_at_once() -> None:
    with pytest.raises(MalformedError, match="right edge"):
        checked_nodes(true_tile(BIG[:300]), 300, bytes(32))
    with pytest.raises(MalformedError, match="right edge"):
        checked_nodes(true_tile([]), 0, bytes(32))


def test_a_tree_is_read_through_few_tiles_and_the_right_edge_is_read_once() -> None:
    """What was compared with the root is not asked for again, for another answer might come."""
    size, found, asked = 66_000, all_tiles(66_000), []

    def read(level: int, index: int, width: int) -> bytes:
        asked.append((level, index, width))
        return found[tile.tile_path(level, index, width)]

    node = checked_nodes(read, size, merkle.root(BIG))
    edge = {one for one in asked if one[2] < 256}
    assert edge == {(0, 257, 208), (1, 1, 1), (2, 0, 1)}
    for _ in range(2):
        assert [node(0, index) for index in range(0, size, 250)] == BIG[::250]
    assert all(asked.count(one) == 1 for one in edge)
    assert len(set(asked)) > 256
