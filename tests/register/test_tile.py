"""Tiles: names, bytes, and trees read through them."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus import corpus
from voltrail import merkle
from voltrail.errors import MalformedError
from voltrail.register import checkpoint, note, tile

indices = st.integers(0, 10**12)
widths = st.integers(1, 256)


def leaves(count: int) -> list[bytes]:
    return [merkle.leaf_hash(n.to_bytes(4, "big")) for n in range(count)]


def tiles_over(hashes: list[bytes]) -> tile.TileReader:
    node = merkle.reader_over(hashes)

    def read(level: int, index: int, width: int) -> bytes:
        return b"".join(node(8 * level, 256 * index + at) for at in range(width))

    return read


@pytest.mark.parametrize(
    ("index", "path"),
    [
        (0, "tile/0/000"),
        (7, "tile/0/007"),
        (999, "tile/0/999"),
        (1000, "tile/0/x001/000"),
        (1234067, "tile/0/x001/x234/067"),
    ],
)
def test_paths_are_those_of_the_specification(index: int, path: str) -> None:
    assert tile.tile_path(0, index) == path
    assert tile.parse_path(path) == (0, index, 256)


@given(st.integers(0, 5), indices, widths)
def test_paths_go_there_and_back(level: int, index: int, width: int) -> None:
    assert tile.parse_path(tile.tile_path(level, index, width)) == (level, index, width)
    assert tile.parse_path(tile.entries_path(index, width)) == ("entries", index, width)


@pytest.mark.parametrize(
    "path",
    [
        "",
        "tile/0/0",
        "tile/00/000",
        "tile/6/000",
        "tile/0/x000/000",
        "tile/0/000.p/0",
        "tile/0/000.p/256",
        "tile/0/000.p/257",
        "tile/0/000.p/01",
        "tile/0/../000",
        "/tile/0/000",
        "tile/0/000\n",
        "tile/entries/001/002",
        "tile/0/\u0661\u0661\u0661",
    ],
)
def test_other_paths_are_malformed(path: str) -> None:
    with pytest.raises(MalformedError):
        tile.parse_path(path)


@given(st.text(max_size=40))
def test_arbitrary_paths_are_malformed(text: str) -> None:
    with pytest.raises(MalformedError):
        tile.parse_path(text)


def test_numbers_out_of_range_have_no_path() -> None:
    for attempt in ((6, 0, 256), (-1, 0, 256), (0, -1, 256), (0, 0, 0), (0, 0, 257)):
        with pytest.raises(MalformedError):
            tile.tile_path(*attempt)


@given(st.lists(st.binary(max_size=80), min_size=1, max_size=256))
def test_bundles_go_there_and_back(entries: list[bytes]) -> None:
    assert tile.unbundle(tile.bundle(entries)) == entries


@given(st.binary(max_size=600))
def test_arbitrary_bytes_are_a_bundle_or_malformed(data: bytes) -> None:
    try:
        entries = tile.unbundle(data)
    except MalformedError:
        return
    assert tile.bundle(entries) == data


def test_bundles_have_bounds() -> None:
    assert len(tile.unbundle(tile.bundle([b"x" * 65_535]))[0]) == 65_535
    for entries in ([], [b""] * 257, [b"x" * 65_536]):
        with pytest.raises(MalformedError):
            tile.bundle(entries)
    for data in (b"", b"\x00", b"\x00\x02x", b"\x00\x00" * 257):
        with pytest.raises(MalformedError):
            tile.unbundle(data)
    for data in (b"", b"x" * 31, b"x" * 32 * 257):
        with pytest.raises(MalformedError):
            tile.hashes_of(data)


@given(st.integers(1, 70_000), st.data())
def test_proofs_from_tiles_equal_proofs_from_leaves(size: int, data: st.DataObject) -> None:
    read, plain = BIG
    node = tile.node_from_tiles(read, size)
    index = data.draw(st.integers(0, size - 1))
    old = data.draw(st.integers(1, size))
    assert merkle.inclusion_proof(index, size, node) == merkle.inclusion_proof(index, size, plain)
    expected = merkle.consistency_proof(old, size, plain)
    assert merkle.consistency_proof(old, size, node) == expected


BIG_HASHES = leaves(70_000)
BIG = tiles_over(BIG_HASHES), merkle.reader_over(BIG_HASHES)


def test_a_node_outside_the_tree_and_a_short_tile_are_malformed() -> None:
    node = tile.node_from_tiles(tiles_over(leaves(5)), 5)
    for level, index in ((0, 5), (2, 1), (-1, 0), (0, -1)):
        with pytest.raises(MalformedError):
            node(level, index)
    short = tile.node_from_tiles(lambda *_: b"x" * 32, 5)
    with pytest.raises(MalformedError):
        short(0, 0)


def test_a_foreign_log_is_read_whole() -> None:
    folder = corpus("provenance", "tlog-tiles-tessera")
    verifier = note.parse_vkey((folder / "log.vkey.txt").read_text().strip())
    seen = []
    for path in sorted(folder.glob("checkpoint*")):
        text, names = note.open_note(path.read_bytes(), [verifier])
        found = checkpoint.parse(text)
        assert (found.text(), names) == (text, [found.origin])
        entries = entries_of(folder, found.size)
        assert merkle.root([merkle.leaf_hash(each) for each in entries]) == found.root
        if found.size:
            read = lambda *name: (folder / tile.tile_path(*name)).read_bytes()  # noqa: E731
            node = tile.node_from_tiles(read, found.size)
            assert merkle.range_hash(0, found.size, node) == found.root
        seen.append(found.size)
    assert set(seen) == set(range(16))


def entries_of(folder: Path, size: int) -> list[bytes]:
    if not size:
        return []
    data = (folder / tile.entries_path(0, size)).read_bytes()
    entries = tile.unbundle(data)
    assert tile.bundle(entries) == data
    return entries
