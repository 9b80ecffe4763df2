"""Canonical bytes: one encoding, and nothing ambiguous is read."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus import corpus
from voltrail.canonical import MAX_BYTES, Json, canonical_bytes, digest, parse
from voltrail.errors import MalformedError

ascii_keys = st.text(st.characters(min_codepoint=1, max_codepoint=127), max_size=8)
scalars = (
    st.none()
    | st.booleans()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.text(st.characters(min_codepoint=1, exclude_categories=["Cs"]))
)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(ascii_keys, inner, max_size=4),
    max_leaves=20,
)
objects = st.dictionaries(ascii_keys, values, max_size=5)

# Case by case, why a vector of RFC 8785 lies outside our narrower profile.
OUTSIDE = {
    "french": "its keys are not ASCII",
    "structures": "its keys are not ASCII",
    "values": "it holds floats",
    "weird": "its keys are not ASCII",
}


def nested(depth: int) -> bytes:
    return b'{"a":' * depth + b"1" + b"}" * depth


def read_or_refuse(data: bytes) -> None:
    """Let nothing but MalformedError out."""
    try:
        value = parse(data)
    except MalformedError:
        return
    assert parse(canonical_bytes(value)) == value


@given(st.binary(max_size=300))
def test_arbitrary_bytes_are_malformed_or_an_object(data: bytes) -> None:
    read_or_refuse(data)


@given(st.text(alphabet='{}[]":,0123456789eE.-+ntrufalse\\ud8\n ', max_size=60))
def test_almost_json_is_malformed_or_an_object(text: str) -> None:
    read_or_refuse(text.encode())


@given(objects)
def test_canonical_bytes_are_stable(value: dict[str, Json]) -> None:
    data = canonical_bytes(value)
    assert parse(data) == value
    assert canonical_bytes(parse(data)) == data
    assert canonical_bytes(parse(json.dumps(value, indent=2).encode())) == data


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[]",
        b"1",
        b'{"a":1,"a":1}',
        b'{"x":{"a":1,"a":2}}',
        b'{"a":1.0}',
        b'{"a":1e3}',
        b'{"a":NaN}',
        b'{"a":-Infinity}',
        b'{"a":9007199254740992}',
        b'{"a":-9007199254740992}',
        b'{"a":' + b"9" * 5000 + b"}",
        nested(17),
        nested(100_000),
        b'{"a":' + b"[" * 16 + b"]" * 16 + b"}",
        '{"é":1}'.encode(),
        rb'{"\u00e9":1}',
        rb'{"a":"\ud800"}',
        rb'{"a":"\udc00\ud800"}',
        b'{"a":"\xed\xa0\x80"}',
        b'\xef\xbb\xbf{"a":1}',
        b'{"a":"\xff"}',
        b'{"a":1} x',
        b'{"a":"' + b"x" * MAX_BYTES + b'"}',
    ],
    ids=lambda data: repr(data[:24]),
)
def test_what_lies_outside_the_profile_is_refused(data: bytes) -> None:
    with pytest.raises(MalformedError) as caught:
        parse(data)
    assert caught.value.hint


@pytest.mark.parametrize("value", [1.5, {"a": 2**53}, {1: 1}, {"a": (1,)}, {"a": b"x"}])
def test_values_outside_the_profile_have_no_canonical_bytes(value: object) -> None:
    with pytest.raises(MalformedError):
        canonical_bytes(value)  # type: ignore[arg-type]


def test_the_edges_of_the_profile_are_read() -> None:
    assert parse(b'{"a":9007199254740991}') == {"a": 2**53 - 1}
    assert parse(rb'{"a":"\ud83d\udd0b"}') == {"a": "\U0001f50b"}
    assert parse(nested(16))
    assert len(parse(b'{"a":"' + b"x" * (MAX_BYTES - 8) + b'"}')["a"]) == MAX_BYTES - 8


def test_the_digest_of_nothing_is_known() -> None:
    assert digest(b"") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


def test_vectors_of_rfc_8785_agree_or_are_refused_by_name() -> None:
    folder = corpus("provenance", "jcs-rfc8785")
    inside = 0
    for path in sorted((folder / "outhex").glob("*.txt")):
        expected = bytes.fromhex(path.read_text())
        given_bytes = (folder / "input" / f"{path.stem}.json").read_bytes()
        if path.stem in OUTSIDE:
            with pytest.raises(MalformedError):
                canonical_bytes(json.loads(given_bytes))
        else:
            inside += 1
            assert canonical_bytes(json.loads(given_bytes)) == expected, path.stem
    assert inside >= 2
