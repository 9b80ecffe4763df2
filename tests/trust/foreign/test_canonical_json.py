"""RFC 8785 in full: the vectors of its author, and what two readers could read differently."""

import json
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus import corpus
from voltrail import canonical as ours
from voltrail.errors import MalformedError
from voltrail.trust.foreign.canonical_json import canonical, parse

# Bits of a double and how ECMAScript writes it: RFC 8785, appendix B.
NUMBERS = {
    "0000000000000000": "0",
    "8000000000000000": "0",
    "0000000000000001": "5e-324",
    "8000000000000001": "-5e-324",
    "7fefffffffffffff": "1.7976931348623157e+308",
    "4340000000000000": "9007199254740992",
    "4430000000000000": "295147905179352830000",
    "44b52d02c7e14af5": "9.999999999999997e+22",
    "44b52d02c7e14af6": "1e+23",
    "444b1ae4d6e2ef4e": "999999999999999700000",
    "444b1ae4d6e2ef50": "1e+21",
    "3eb0c6f7a0b5ed8c": "9.999999999999997e-7",
    "3eb0c6f7a0b5ed8d": "0.000001",
    "41b3de4355555553": "333333333.3333332",
    "41b3de4355555557": "333333333.33333343",
    "becbf647612f3696": "-0.0000033333333333333333",
    "43143ff3c1cb0959": "1424953923781206.2",
}
scalars = st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text()
values = st.recursive(
    scalars | st.floats(-(2.0**53) + 1, 2.0**53 - 1),  # beyond, a whole fraction is no integer
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=10,
)


def test_every_vector_of_the_standard_s_author_is_written_alike() -> None:
    folder = corpus("provenance", "jcs-rfc8785")
    names = sorted(path.stem for path in (folder / "input").glob("*.json"))
    assert len(names) == 4
    for name in names:
        value = json.loads((folder / "input" / f"{name}.json").read_bytes())
        assert canonical(value) == bytes.fromhex((folder / "outhex" / f"{name}.txt").read_text())
        assert canonical(value) == (folder / "output" / f"{name}.json").read_bytes()


@pytest.mark.parametrize("bits", NUMBERS)
def test_a_number_is_written_as_the_standard_writes_it(bits: str) -> None:
    (value,) = struct.unpack(">d", bytes.fromhex(bits))
    assert canonical(value) == NUMBERS[bits].encode()


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_number_reads_back_as_itself(value: float) -> None:
    assert float(canonical(value)) == value


@given(st.dictionaries(st.text(), values, max_size=4))
def test_a_value_has_one_spelling(value: dict[str, object]) -> None:
    once = canonical(value)
    assert canonical(json.loads(once)) == once


@given(st.dictionaries(st.text("abcZ", max_size=4), scalars, max_size=5))
def test_inside_our_own_profile_both_spellings_are_one(value: dict[str, object]) -> None:
    try:
        expected = ours.canonical_bytes(value)  # type: ignore[arg-type]
    except MalformedError:
        return
    assert canonical(value) == expected


BAD = [
    b"",
    b"[]",
    b"1",
    b"\xff",
    b'{"a":1,"a":1}',
    b'{"a":NaN}',
    b'{"a":-Infinity}',
    b'{"a":1e999}',
    b'{"a":9007199254740993}',
    b'{"a":"\\ud800"}',
    b'{"\\ud800":1}',
    b'{"a":' * 100_000,
    b'{"a":' * 40 + b"1" + b"}" * 40,
    b'{"a":"' + b"x" * 1_048_576 + b'"}',
]


@pytest.mark.parametrize("data", BAD, ids=lambda data: repr(data[:24]))
def test_a_document_that_could_be_read_two_ways_is_refused(data: bytes) -> None:
    """Pitfalls 7 and 8: a key twice, and numbers that two readers round differently."""
    with pytest.raises(MalformedError) as caught:
        parse(data)
    assert caught.value.hint


@pytest.mark.parametrize("value", [{1: 1}, {"a": {1}}, b"bytes", float("nan")])
def test_what_is_no_json_has_no_spelling(value: object) -> None:
    with pytest.raises(MalformedError):
        canonical(value)
