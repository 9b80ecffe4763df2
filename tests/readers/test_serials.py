"""Lists of serials: every row is a serial or is named with its number."""

import pytest

from voltrail.errors import MalformedError
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
