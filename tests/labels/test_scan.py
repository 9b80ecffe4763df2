"""What a scanner types is read as what the label says, and never breaks anything."""

from urllib.parse import quote

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


@pytest.mark.parametrize(
    "typed",
    [
        f"https://id.example/01/{GTIN}/21/S900015/21/S900016",
        f"https://id.example/01/{GTIN}/10/A/10/B/21/S900015",
        f"(01){GTIN}(21)S900015(21)S900016",
        f"01{GTIN}21S900015\x1d21S900016",
        f"https://id.example/01/{GTIN}/21/S900015%1D",
        f"https://id.example/01/{GTIN}/21/%E2%80%AES900015",  # turns the reading direction
        f"(01){GTIN}(21)S9000\x0015",
    ],
)
def test_a_code_that_contradicts_itself_or_hides_characters_names_no_unit(typed: str) -> None:
    found = read(typed)
    assert not found.is_code
    assert found.words == (found.text,)


def test_a_code_may_say_the_same_twice() -> None:
    assert read(f"(01){GTIN}(21)S900015(21)S900015").serial == "S900015"


@given(st.text(max_size=40))
def test_what_is_read_can_be_printed(value: str) -> None:
    found = read(f"https://id.example/01/{GTIN}/21/{quote(value, safe='')}")
    assert found.serial.isprintable()
