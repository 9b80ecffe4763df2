"""What a scanner types is read as what the label says, and never breaks anything."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voltrail.labels.scan import read

GTIN = "09506000134352"


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("KC-2611-A", ("KC-2611-A",)),
        ("  KC-2611-A\r\n", ("KC-2611-A",)),
        ("]C1KC-2611-A", ("KC-2611-A",)),
        ("urn:voltrail:unit:kestrel:S900015", ("urn:voltrail:unit:kestrel:S900015",)),
        (f"(01){GTIN}(10)L26-101(21)S900015", ("S900015", "L26-101")),
        (f"]d201{GTIN}10L26-101\x1d21S900015", ("S900015", "L26-101")),
        (f"01{GTIN}21S900015", ("S900015",)),
        (f"01{GTIN}1726112721S900015", ("S900015",)),
        (f"https://id.example/01/{GTIN}/10/L26%2D101/21/S900015?x=1", ("S900015", "L26-101")),
        (f"https://id.example/shop/01/{GTIN}", ()),
        ("https://id.example/about", ("https://id.example/about",)),
        ("0123456789", ("0123456789",)),
        ("", ()),
    ],
)
def test_a_scan_says_what_to_look_for(typed: str, words: tuple[str, ...]) -> None:
    assert read(typed).words == words


def test_the_trade_item_is_read() -> None:
    assert read(f"(01){GTIN}(21)7").gtin == GTIN


@given(st.text(max_size=400))
def test_whatever_is_typed_is_read(typed: str) -> None:
    found = read(typed)
    assert all(word.isprintable() for word in (found.text,))
    assert len(found.text) <= 300
