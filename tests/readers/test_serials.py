"""Lists of serials: every row is a serial or is named with its number."""

import csv
import io
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voltrail.errors import MalformedError
from voltrail.ids.subject import PART
from voltrail.readers.serials import read


@pytest.mark.parametrize(
    ("data", "serials"),
    [
        (b"serial\nA1\nA2\n", ("A1", "A2")),
        (b"\xef\xbb\xbfSerial;Grade\r\nA1;a\r\nA2;b", ("A1", "A2")),
        (b"grade\tserial\na\tA1\n", ("A1",)),
        (b'number,grade\n"A1","x, y"\n', ("A1",)),
        (b"serial\n", ()),
    ],
)
def test_a_list_is_read_by_its_header(data: bytes, serials: tuple[str, ...]) -> None:
    assert read(data).serials == serials
    assert read(data).wrong == ()


def test_a_handful_of_bad_rows_in_a_million_is_named() -> None:
    rows = [f"S{number:07}" for number in range(200_000)]
    rows[17], rows[900], rows[150_000] = "", "S 1", "\u0405000001"  # the last begins in Cyrillic
    found = read("\n".join(["serial", *rows]).encode())
    assert len(found.serials) == 199_997
    assert [one.number for one in found.wrong] == [19, 902, 150_002]
    assert found.wrong[0].sentence == "The row has no serial."
    assert "is no serial" in found.wrong[1].sentence
    assert "looks like S" in found.wrong[2].sentence


@pytest.mark.parametrize(
    ("data", "said"),
    [(b"", "no header"), (b"\n\n", "no header"), (b"serial\n\xff\n", "no UTF-8 at byte 8")],
)
def test_what_is_no_list_is_refused(data: bytes, said: str) -> None:
    with pytest.raises(MalformedError, match=said):
        read(data)


CELLS = st.sampled_from(
    ["A1", "A2", " A1", "", "B" * 64, "B" * 65, "\u0405", "a b", "\x00", "\x0b", "\u2028", '"q"']
)
ROWS = st.lists(st.lists(CELLS, max_size=3), max_size=8)


@given(
    ROWS,
    st.sampled_from(["serial", "serial,grade", "x,y", "grade;serial", "a\tb\tc"]),
    st.sampled_from(["\n", "\r\n"]),
    st.sampled_from(["", "\n"]),
)
def test_every_row_is_read_as_csv_has_it(
    rows: list[list[str]], header: str, ends: str, last: str
) -> None:
    separator = next((one for one in ",;\t" if one in header), ",")
    lines = [header, *(separator.join(row) for row in rows)]
    text = ends.join(lines) + last
    names, *found = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    at = names.index("serial") if "serial" in names else 0
    cells = [row[at].strip() if len(row) > at else "" for row in found]
    told = read(text.encode())
    good = [
        bool(re.fullmatch(PART, one)) and not any(row[len(names) :])
        for one, row in zip(cells, found, strict=True)
    ]
    assert list(told.serials) == [one for one, fits in zip(cells, good, strict=True) if fits]
    assert [one.number for one in told.wrong] == [
        number for number, fits in enumerate(good, 2) if not fits
    ]


@pytest.mark.parametrize("long", [65_536, 65_537, 131_072])
def test_a_long_row_is_read_as_a_short_one(long: int) -> None:
    rows = ["serial,note", "A1," + "A" * long, "A2,x", "A3," + "AB" * (long // 3), "A4,,"]
    assert read("\n".join(rows).encode()).serials == ("A1", "A2", "A3", "A4")


def test_a_cell_longer_than_csv_has_is_refused() -> None:
    with pytest.raises(
        MalformedError, match=r"^Row 3 cannot be read: a cell has more than 131,072"
    ):
        read(b"serial,note\nA0,x\nA1," + b"x" * 131_073 + b"\n")


@pytest.mark.parametrize(
    ("rows", "number"),
    [
        (['A1,"12 inch', "A2,b", "A3,b"], 2),
        (["A1,a", 'A2,"12 inch', "A3,b", 'A4,24"', "A5,c"], 3),
        (["A1,a", '"A2', 'x",b', "A3,b"], 3),
        (["A1,a", 'A2,"12 inch', *["A3," + "b" * 4_000] * 40], 3),
        (["A1,a", 'A2,"a"b"', "A3,c"], 3),
        (["A1,a", 'A2,"a', 'A3,b"', 'A4,"c'], 3),
    ],
)
def test_a_quote_that_does_not_end_swallows_no_row(rows: list[str], number: int) -> None:
    for ends in ("\n", "\r\n"):
        with pytest.raises(MalformedError, match=f"^Row {number} cannot be read: ") as raised:
            read(ends.join(["serial,note", *rows]).encode())
        assert "quote" in str(raised.value)


def test_a_quoted_cell_on_its_line_is_read() -> None:
    found = read(b'serial,note\n"A1","12"" inch, black"\nA2,24"\n')
    assert (found.serials, found.wrong) == (("A1", "A2"), ())


@pytest.mark.parametrize("row", ["A2,x,y", '"A2",x,y', "A2,,,y"])
def test_a_row_with_more_cells_than_the_header_is_named(row: str) -> None:
    found = read(f"serial,note\nA1,\n{row}\nA3,x,,\n".encode())
    assert found.serials == ("A1", "A3")
    assert [one.number for one in found.wrong] == [3]
    assert "cells, the header names 2." in found.wrong[0].sentence
    assert [one.number for one in read(b"serial\nA1\nA2,A3\n").wrong] == [3]


@pytest.mark.parametrize("data", [b"S1\nS2\n", b'"S1"\nS2\n', b"\xef\xbb\xbfS1,a\nS2,b\n"])
def test_a_serial_in_place_of_the_header_is_named(data: bytes) -> None:
    found = read(data)
    assert (found.serials, found.column) == (("S2",), "S1")
    assert [one.number for one in found.wrong] == [1]
    assert found.wrong[0].sentence.startswith("'S1' looks like a serial")
    assert read(b"number\nS2\n").wrong == ()


@pytest.mark.parametrize("data", [b'{"serial": "A1"}', b' \n["A1"]', b"<list/>"])
def test_json_and_markup_are_no_list(data: bytes) -> None:
    with pytest.raises(MalformedError, match="no list of serials"):
        read(data)
