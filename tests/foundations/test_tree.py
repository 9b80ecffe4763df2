"""The compiled tree gives what Python gives, to the byte, with and without the CPU's help."""

import importlib.util
import random
import shutil
import subprocess
import sysconfig
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

from voltrail import climb, merkle, tree
from voltrail.errors import RefusedError

SEED = 20_261_128
ROOT = Path(__file__).resolve().parents[2]
COUNTS = (1, 2, 3, 4, 5, 7, 8, 9, 31, 32, 33, 100, 1_001)
LENGTHS = range(200)  # [bytes] of a row: every way in which the padding falls


def rows_of(count: int, longest: int = 150) -> list[bytes]:
    chance = random.Random(SEED + count)
    return [
        chance.randbytes(chance.randrange(1, longest)).replace(b"\n", b"x") for _ in range(count)
    ]


def joined(rows: list[bytes]) -> bytes:
    return b"".join(row + b"\n" for row in rows)


def plain_leaves(rows: list[bytes]) -> list[bytes]:
    return [merkle.leaf_hash(row) for row in rows]


@pytest.fixture(scope="module")
def without_unit(tmp_path_factory: pytest.TempPathFactory) -> ModuleType:
    """The helper built without the CPU's SHA-256 rounds."""
    compiler = shutil.which("cc")
    if compiler is None:
        pytest.skip("No compiler is here; the product works without one.")
    made = tmp_path_factory.mktemp("built") / "_tree.so"
    source, head = ROOT / "src/voltrail/_tree.c", sysconfig.get_path("include")
    words = [compiler, "-O1", "-Wall", "-Wextra", "-Werror", "-DPLAIN", "-shared", "-fPIC"]
    subprocess.run([*words, f"-I{head}", str(source), "-o", str(made)], check=True)
    found = importlib.util.spec_from_file_location("_tree", made)
    assert found is not None
    assert found.loader is not None
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    return module


@pytest.fixture(params=["built", "built without the unit", "python"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Each way in which a tree is computed."""
    if request.param == "python":
        monkeypatch.setattr(tree, "_tree", None)
    elif request.param == "built without the unit":
        monkeypatch.setattr(tree, "_tree", request.getfixturevalue("without_unit"))
    elif not tree.COMPILED:
        pytest.skip("No compiler was here when Voltrail was installed.")
    return str(request.param)


@pytest.mark.parametrize("count", COUNTS)
def test_each_way_up_leads_to_the_same_root(count: int, without_unit: ModuleType) -> None:
    leaves = plain_leaves(rows_of(count))
    node, root = merkle.reader_over(leaves), merkle.root(leaves)
    ways = [climb.in_python, climb.compiled, without_unit.climb]
    for index in {0, count // 2, count - 1}:
        path = merkle.inclusion_proof(index, count, node)
        merkle.verify_inclusion(index, count, leaves[index], path, root)
        joins = (index ^ (count - 1)).bit_length()
        for way in ways:
            assert way(leaves[index], b"".join(path), index, joins) == root


def test_a_tree_deeper_than_the_helper_reads_is_climbed_all_the_same() -> None:
    path = [bytes([at]) * 32 for at in range(70)]
    with pytest.raises(RefusedError):
        merkle.verify_inclusion(2**69 + 5, 2**70, bytes(32), path, bytes(32))


@pytest.mark.parametrize("given", [(bytes(31), b""), (bytes(32), bytes(33))])
def test_the_helper_refuses_what_is_no_hash(
    given: tuple[bytes, bytes], without_unit: ModuleType
) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        without_unit.climb(*given, 0, 1)


@pytest.mark.usefixtures("way")
@pytest.mark.parametrize("count", COUNTS)
def test_hashes_and_root_are_those_of_the_rfc(count: int) -> None:
    rows = rows_of(count)
    assert tree.leaf_hashes(joined(rows)) == plain_leaves(rows)
    assert tree.root(joined(rows)) == merkle.root(plain_leaves(rows))


@pytest.mark.usefixtures("way")
def test_every_length_of_a_row_is_padded_as_it_must_be() -> None:
    rows = [b"r" * length for length in LENGTHS]
    for apart in (1, 7, 64, 150):  # rows hashed side by side, of other lengths
        turned = [row for at in range(apart) for row in rows[at::apart]]
        assert tree.leaf_hashes(joined(turned)) == plain_leaves(turned)


@pytest.mark.usefixtures("way")
def test_of_no_rows_there_is_the_hash_of_nothing() -> None:
    assert tree.leaf_hashes(b"") == []
    assert tree.root(b"") == merkle.EMPTY_ROOT


@pytest.mark.parametrize(
    ("call", "given"),
    [("leaf_hashes", b"no end"), ("root", b""), ("root", bytes(31)), ("root", bytes(33))],
)
def test_the_helper_refuses_what_it_cannot_read(
    without_unit: ModuleType, call: str, given: bytes
) -> None:
    helper: Callable[[bytes], bytes] = getattr(without_unit, call)
    with pytest.raises(ValueError, match="row"):
        helper(given)
