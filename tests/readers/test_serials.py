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
    assert list(told.serials) == [one for one in cells if re.fullmatch(PART, one)]
    assert [one.number for one in told.wrong] == [
        number for number, one in enumerate(cells, 2) if not re.fullmatch(PART, one)
    ]


@pytest.mark.parametrize("long", [65_536, 65_537, 131_072])
def test_a_long_row_is_read_as_a_short_one(long: int) -> None:
    rows = ["serial,note", "A1," + "A" * long, "A2,x", "A3," + "A,B" * (long // 3), "A4,"]
    assert read("\n".join(rows).encode()).serials == ("A1", "A2", "A3", "A4")


def test_a_cell_longer_than_csv_has_is_refused() -> None:
    with pytest.raises(MalformedError, match="no CSV"):
        read(b"serial,note\nA1," + b"x" * 131_073 + b"\n")
