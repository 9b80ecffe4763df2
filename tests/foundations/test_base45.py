"""Base45: the standard's own examples, and one spelling for each bytes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voltrail import base45
from voltrail.errors import MalformedError

# RFC 9285, section 4.3 and 4.4.
EXAMPLES = {
    b"AB": "BB8",
    b"Hello!!": "%69 VD92EX0",
    b"base-45": "UJCLQE7W581",
    b"ietf!": "QED8WEX0",
}


@pytest.mark.parametrize("data", EXAMPLES)
def test_the_standard_s_examples_are_read_and_written(data: bytes) -> None:
    assert base45.encode(data) == EXAMPLES[data]
    assert base45.decode(EXAMPLES[data]) == data


@given(st.binary(max_size=60))
def test_bytes_go_there_and_back(data: bytes) -> None:
    assert base45.decode(base45.encode(data)) == data


@given(st.text(base45.ALPHABET, max_size=30) | st.text(max_size=9))
def test_a_text_is_the_one_spelling_of_its_bytes_or_refused(text: str) -> None:
    try:
        data = base45.decode(text)
    except MalformedError:
        return
    assert base45.encode(data) == text


@pytest.mark.parametrize("text", ["A", "AAAA", "GGW", "::", ":::", "bb8", "BB8\n", "BB\x00", "ÄB8"])
def test_what_is_no_base45_is_refused(text: str) -> None:
    with pytest.raises(MalformedError):
        base45.decode(text)
