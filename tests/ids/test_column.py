"""Long lists of serials: the compiled way gives what Python gives, or gives the list back."""

import importlib.util
import random
import shutil
import subprocess
import sysconfig
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voltrail.errors import ProductError
from voltrail.ids import column
from voltrail.ids.column import Column, differences
from voltrail.readers import serials
from voltrail.readers.serials import SerialList

SEED = 20_261_129
ROOT = Path(__file__).resolve().parents[2]
LISTS = 4_000  # [lists] drawn at random for each way
ODD = [
    b"",
    b" ",
    b"\r",
    b"\r\n",
    b"\n",
    b"\n\n",
    b'"',
    b"\x00",
    b"\xff",
    b"\xd0\x85",
    b"\xef\xbb\xbf",
]
CELLS = [b"A1", b"A2", b"a-1", b"X" * 64, b"X" * 65, b"serial", b"1", b"\xc3\xa4", b"a b", *ODD]
WORDS = st.lists(st.text(st.characters(codec=None), max_size=3), max_size=12)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> ModuleType:
    """The helper, built with every warning as an error."""
    compiler = shutil.which("cc")
    if compiler is None:
        pytest.skip("No compiler is here; the product works without one.")
    made = tmp_path_factory.mktemp("built") / "_lists.so"
    source, head = ROOT / "src/voltrail/_lists.c", sysconfig.get_path("include")
    words = [compiler, "-O1", "-Wall", "-Wextra", "-Werror", "-shared", "-fPIC"]
    subprocess.run([*words, f"-I{head}", str(source), "-o", str(made)], check=True)
    found = importlib.util.spec_from_file_location("_lists", made)
    assert found is not None
    assert found.loader is not None
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    return module


@pytest.fixture(params=["built", "python"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Each way in which lists are read and compared."""
    made = request.getfixturevalue("built") if request.param == "built" else None
    monkeypatch.setattr(column, "_lists", made)
    return str(request.param)


def drawn(count: int) -> Iterator[bytes]:
    """Lists of all kinds: plain, with one odd cell, with broken bytes, with any bytes."""
    draw = random.Random(SEED)
    for _ in range(count):
        separator, ends = draw.choice([b",", b";", b"\t"]), draw.choice([b"\n", b"\n", b"\r\n"])
        odd = draw.choice([0, 0, 0.02, 0.3])
        header = draw.choice(
            [b"serial", b"serial", b"Serial", b"number", b"grade", b"", b'"serial"']
        )
        lines = [[header, b"grade"][: draw.choice([1, 2, 2])]]
        for _ in range(draw.randrange(12)):
            cells = [draw.choice(CELLS if draw.random() < odd else CELLS[:3]) for _ in lines[0]]
            lines.append(cells[: draw.choice([2, 2, 2, 1])])
        data = ends.join(separator.join(line) for line in lines) + draw.choice([ends, b""])
        if draw.random() < 0.2:
            at = draw.randrange(len(data) + 1)
            data = (
                data[:at] + draw.choice([*ODD, draw.randbytes(2)]) + data[at + draw.randrange(3) :]
            )
        yield data


def told(data: bytes) -> SerialList | tuple[type[ProductError], str, str]:
    """What a list says, or how it is refused."""
    try:
        return serials.read(data)
    except ProductError as error:
        return type(error), str(error), error.hint


def plain(data: bytes, way: pytest.MonkeyPatch) -> SerialList | tuple[type[ProductError], str, str]:
    """What is told where row after row is looked at."""
    with way.context() as alone:
        alone.setattr(column, "serials", lambda *_: None)
        return told(data)


@pytest.mark.usefixtures("way")
def test_any_list_is_told_as_row_after_row_tells_it(monkeypatch: pytest.MonkeyPatch) -> None:
    quick = 0
    for data in drawn(LISTS):
        found = told(data)
        assert found == plain(data, monkeypatch), data
        quick += isinstance(found, SerialList) and isinstance(found.serials, Column)
    assert quick > LISTS // 5  # else nothing was compared


@pytest.mark.usefixtures("way")
def test_every_byte_is_judged_alike_wherever_it_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    for byte in range(256):
        one = bytes([byte])
        for cell in (one, b"A" + one, one + b"A", b"A" * 63 + one, b"A" * 64 + one, b"A," + one):
            for data in (b"serial,x\nB\n" + cell + b"\nC", b"serial\r\n" + cell + b"\r\n"):
                assert told(data) == plain(data, monkeypatch), data


@pytest.mark.parametrize("long", [65_470, 65_535, 65_536, 65_537, 131_071, 131_072, 131_073])
@pytest.mark.usefixtures("way")
def test_a_long_row_is_told_as_a_short_one(long: int, monkeypatch: pytest.MonkeyPatch) -> None:
    for rest in (b"," + b"x" * (long - 1), b"x" * long, b"," * long):
        for data in (b"serial,x\nA1" + rest + b"\nA2,y\n", b"serial" + rest + b"\nA1,y\n"):
            assert told(data) == plain(data, monkeypatch)


def test_the_helper_takes_the_plain_list_and_no_other(built: ModuleType) -> None:
    assert built.parted(b"serial,x\nA1,x\r\nA2\nA3,", 9, ord(",")) == b"A1\nA2\nA3\n"
    assert built.parted(b"serial", 6, ord(",")) == b""
    for odd in (b"\n", b",A\n", b"A1;x\n", b"A1\rA2\n", b"A1,\r", b"A1\r", b"A" * 65, b"\xc3\xa4"):
        assert built.parted(odd, 0, ord(",")) is None


@pytest.mark.parametrize("begins", [-1, 7])
def test_the_helper_reads_nothing_outside_a_list(begins: int, built: ModuleType) -> None:
    with pytest.raises(ValueError, match="outside"):
        built.parted(b"serial", begins, ord(","))


@pytest.mark.parametrize("given", [(b"A", b""), (b"", b"A"), (b"A\nB", b"A\n"), (b"A\n", b"A\nB")])
def test_the_helper_compares_rows_alone(given: tuple[bytes, bytes], built: ModuleType) -> None:
    with pytest.raises(ValueError, match="no line end"):
        built.compared(*given)


@pytest.mark.parametrize("given", [(bytearray(b"A\n"), b""), ("A\n", b""), (b"",)])
def test_the_helper_takes_bytes_that_nobody_can_change(
    given: tuple[object, ...], built: ModuleType
) -> None:
    with pytest.raises(TypeError):
        built.compared(*given)
    with pytest.raises(TypeError):
        built.parted(*given, 0)


def need_differences(left: list[str], right: list[str]) -> None:
    found = differences(left, right)
    assert sorted(found.left_only) == sorted(set(left) - set(right))
    assert sorted(found.right_only) == sorted(set(right) - set(left))
    assert sorted(found.left_twice) == sorted(one for one, n in Counter(left).items() if n > 1)
    assert sorted(found.right_twice) == sorted(one for one, n in Counter(right).items() if n > 1)


@pytest.mark.usefixtures("way")
def test_lists_differ_as_their_sets_do() -> None:
    draw = random.Random(SEED)
    for size in [0, 1, 2, 3, 7, 16, 17, 100, 1_000, 20_000]:
        for kinds in (1, size // 2 + 1, size * 10 + 1):
            left, right = (
                [f"S{draw.randrange(kinds)}" for _ in range(draw.randrange(size + 1))]
                for _ in range(2)
            )
            need_differences(left, right)


@given(WORDS, WORDS)
def test_any_words_differ_as_their_sets_do(left: list[str], right: list[str]) -> None:
    need_differences(left, right)


def test_lists_too_long_for_the_helper_are_compared_all_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(column, "_MOST", 2)
    need_differences(["A", "A", "B"], ["A"])


@pytest.mark.usefixtures("way")
def test_rows_that_begin_alike_are_not_taken_for_one() -> None:
    need_differences(["A" * n for n in range(200)], ["A" * n for n in range(100, 300)])
    need_differences(["", "A", "AB"], ["B", "A", "A"])


def test_a_column_is_to_who_looks_what_its_tuple_is() -> None:
    texts = ("A1", "A2", "A1")
    one = Column(b"A1\nA2\nA1\n")
    assert (one, len(one), tuple(one), one[1], one[1:]) == (texts, 3, texts, "A2", texts[1:])
    assert texts == one == Column(one.joined)
    assert one != Column(b"A1\n")
    assert one != texts[:2]
    assert (hash(one), repr(one)) == (hash(texts), repr(texts))
    assert "A2" in one
    assert "A" not in one
    assert not Column(b"")
    assert tuple(Column(b"")) == ()
