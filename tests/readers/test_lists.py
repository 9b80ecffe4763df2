"""Lists as text become drafts: every row is accounted for, whatever the file looks like."""

import csv
import io

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from voltrail.errors import MalformedError
from voltrail.ids.subject import PartyId, PlaceId
from voltrail.quantities import Unit
from voltrail.readers import cells, numbers, registry, rows, sheet, stock, testing
from voltrail.readers.contract import Reader, Rows, Setting, Source
from voltrail.statements.party import Role

NORDLICHT = PartyId.of("nordlicht")
HALL, EIDER = PlaceId.of("nordlicht", "hall-7"), PlaceId.of("nordlicht", "uw-eider")
KNOWN = {
    "party": {
        "kestrel": "urn:voltrail:party:kestrel",
        "kestrel cellworks": "urn:voltrail:party:kestrel",
        "tiderace": "urn:voltrail:party:tiderace",
    },
    "place": {"hall-7": str(HALL), "uw-eider": str(EIDER)},
    "product": {
        "kestrel:kr-48": "urn:voltrail:product:kestrel:KR-48",
        "kp-24": "urn:voltrail:product:kestrel:KP-24",
    },
}
SETTING = Setting(NORDLICHT, known=KNOWN)
EVERY = list(registry.READERS.values())
LEI = "5493001KJTIIGC8Y1R12"  # the example of ISO 17442


def read(kind: str, data: bytes, setting: Setting = SETTING, **values: str) -> Rows:
    found, reader = sheet.read(data), registry.reader(kind)
    told = rows.guess(found, reader, setting)
    given_ones = {name: Source(value=value) for name, value in values.items()}
    return rows.read(found, reader, {**told, **given_ones}, setting)


@pytest.mark.parametrize("reader", EVERY, ids=lambda one: one.name)
def test_every_reader_keeps_the_contract(reader: Reader) -> None:
    testing.conforms(reader, SETTING)


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_german_list_reads_in_any_dress(separator: str, encoding: str, end: str) -> None:
    lines = [
        ["Lieferanten-Nr.", "Firma", "Land", "Rolle"],
        ["S 1001", f"Müller{separator} Söhne", "Österreich", "Hersteller"],
    ]
    made = io.StringIO(newline="")
    csv.writer(made, delimiter=separator, lineterminator=end).writerows(lines)
    found = read("suppliers", made.getvalue().encode(encoding))
    (draft,) = found.drafts
    assert not found.wrong
    assert draft.subject == "urn:voltrail:party:S-1001"
    assert (draft.fact.name, draft.fact.country) == (f"Müller{separator} Söhne", "AT")
    assert draft.fact.roles == (Role.MANUFACTURER,)


def test_the_separator_may_be_said_and_the_encoding_is_remarked() -> None:
    found = sheet.read(b"sep=;\r\na,b;c\r\n1,2;\xe4\r\n")
    assert found.columns == ("a,b", "c")
    assert found.rows == [["1,2", "ä"]]
    assert "Windows-1252" in found.remarks[0]


def test_wrong_rows_bear_the_number_that_a_spreadsheet_shows() -> None:
    data = (
        b"number,name,country,roles\n"
        b'a,"two\nlines",DE,broker\n'
        b"\n"
        b"b,No roles,DE,\n"
        b"c,Odd country,Nowhere,broker\n"
        b"a,Twice,DE,broker\n"
        b"d,Too many,DE,broker,more\n"
        b"e,Good,NL,dealer\n"
    )
    found = read("suppliers", data)
    assert [one.number for one in found.drafts] == [2, 8]
    told = {one.number: one.sentence for one in found.wrong}
    assert list(told) == [4, 5, 6, 7]
    assert told[4] == "Roles: nothing is given."
    assert "'Nowhere' is no country" in told[5]
    assert told[6] == "Row 2 already names the same."
    assert "5 cells" in told[7]
    assert all(one.hint for one in found.wrong)


@pytest.mark.parametrize(
    ("text", "comma", "is_number"),
    [
        ("1000", None, 1000),
        ("1 000", None, 1000),
        ("1.000.000", None, 1_000_000),
        ("1,000,000", None, 1_000_000),
        ("1.000", True, 1000),
        ("1,000", False, 1000),
        ("1.000", None, None),
        ("1.5", None, None),
        ("-3", None, None),
        ("1e3", None, None),
        ("12,34,5", None, None),
        ("280,5", False, None),
    ],
)
def test_a_number_that_reads_in_two_ways_is_asked_for(
    text: str,
    comma: bool | None,  # noqa: FBT001 — a table of cases
    is_number: int | None,
) -> None:
    setting = Setting(NORDLICHT, comma=comma)
    if is_number is None:
        with pytest.raises(MalformedError):
            numbers.whole(text, setting)
    else:
        assert numbers.whole(text, setting) == is_number


@pytest.mark.parametrize(
    ("text", "means"),
    [("280,5 Ah", "280.5 A.h"), ("280.5", "280.5 A.h"), ("2500 mAh", "2.500 A.h"), ("3 V", None)],
)
def test_a_quantity_is_brought_to_the_products_unit(text: str, means: str | None) -> None:
    convert = numbers.quantity(Unit.A_h)
    if means is None:
        with pytest.raises(MalformedError):
            convert(text, SETTING)
    else:
        assert str(convert(text, SETTING)) == means


@pytest.mark.parametrize(
    ("text", "day_first", "means"),
    [
        ("2024-05-17", None, "2024-05-17"),
        ("2024-05-17 00:00:00", None, "2024-05-17"),
        ("17.5.2024", None, "2024-05-17"),
        ("17/05/2024", None, "2024-05-17"),
        ("05/17/2024", None, "2024-05-17"),
        ("03/04/2024", True, "2024-04-03"),
        ("03/04/2024", False, "2024-03-04"),
        ("03/04/2024", None, None),
        ("17/05/2024", False, None),
        ("31.02.2024", None, None),
        ("17.5.24", None, None),
    ],
)
def test_a_day_that_reads_in_two_ways_is_asked_for(
    text: str,
    day_first: bool | None,  # noqa: FBT001 — a table of cases
    means: str | None,
) -> None:
    setting = Setting(NORDLICHT, day_first=day_first)
    if means is None:
        with pytest.raises(MalformedError):
            numbers.day(text, setting)
    else:
        assert numbers.day(text, setting).date().isoformat() == means


def test_columns_are_told_by_their_values_where_the_header_says_nothing() -> None:
    data = f"A,B,C,D\n{LEI},Kestrel,Schweden,Hersteller\n".encode()
    found, reader = sheet.read(data), registry.reader("suppliers")
    told = rows.guess(found, reader, SETTING)
    assert {name: one.column for name, one in told.items()} == {"lei": 0, "country": 2, "roles": 3}
    told["name"] = Source(1)
    (draft,) = rows.read(found, reader, told, SETTING).drafts
    assert draft.subject == f"urn:voltrail:party:{LEI}"


def test_an_lei_with_a_slip_is_refused() -> None:
    assert cells.lei(LEI.lower(), SETTING) == LEI
    with pytest.raises(MalformedError, match="12 would be right"):
        cells.lei(LEI[:-1] + "3", SETTING)


def test_what_others_call_a_firm_or_a_product_comes_with_its_row() -> None:
    head, row = "Number,LEI,Name,Country,Roles,Other identifiers", "kestrel,{},K,SE,manufacturer,{}"
    line = row.format(LEI, "9521234000006; BPNL00000003AXS3")
    (draft,) = read("suppliers", f"{head}\n{line}\n".encode()).drafts
    gln = "https://id.gs1.org/417/9521234000006"
    assert draft.fact.identifiers == (LEI, gln, "BPNL00000003AXS3")
    assert "identifiers" in draft.given
    item = b"Maker,Model,Family,Chemistry,GTIN\nkestrel,KR-9,KR,LFP,9521234000013\n"
    (product,) = read("products", item).drafts
    assert product.fact.gtin == "09521234000013"


@pytest.mark.parametrize("told", ["9521234000007", "kestrel", "(01)09521234000013"])
def test_a_row_with_a_wrong_identifier_is_refused(told: str) -> None:
    data = f"Number,Name,Country,Roles,Other identifiers\nk,K,SE,manufacturer,{told}\n".encode()
    assert read("suppliers", data).wrong


def test_one_value_may_stand_for_a_column_that_the_file_lacks() -> None:
    data = b"Serial number\nA1\nA2\n"
    found = sheet.read(data)
    sources = {
        "serial": Source(0),
        "maker": Source(value="kestrel"),
        "place": Source(value="HALL-7"),
    }
    lines, numbers, wrong = stock.lines(found, sources, SETTING)
    assert (list(numbers), list(wrong)) == ([2, 3], [])
    assert lines == ["kestrel,A1,pack,,nordlicht:hall-7,,", "kestrel,A2,pack,,nordlicht:hall-7,,"]


def test_a_field_without_a_column_is_asked_for() -> None:
    with pytest.raises(MalformedError, match="No column is chosen for Country"):
        rows.read(
            sheet.read(b"name\nx\n"), registry.reader("suppliers"), {"name": Source(0)}, SETTING
        )
    sources = dict.fromkeys(("number", "name", "country", "roles"), Source(7))
    with pytest.raises(MalformedError, match="has no column 8"):
        rows.read(sheet.read(b"name\nx\n"), registry.reader("suppliers"), sources, SETTING)


def test_stock_refuses_units_twice_and_places_unknown() -> None:
    data = b"maker,serial,place\nkestrel,A1,hall-7\nKestrel Cellworks,A1,hall-7\nkestrel,A 2,moon\n"
    found = sheet.read(data)
    told = rows.guess(found, stock.STOCK, SETTING)
    lines, _, wrong = stock.lines(found, told, SETTING)
    assert len(lines) == 1
    assert [one.sentence for one in wrong] == [
        "Row 2 already names the same.",
        "Place: No place 'moon' is on record.",
    ]


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "holds no list"),
        (b"\xef\xbb\xbf\n \n", "holds no list"),
        (b'a,b\n"x,1\n', "quotes do not end"),
        (b'a,b\n"x"y,1\n', "quotes do not end"),
        (b"a\n" + b"x" * 200_000, "cell is far too long"),
        (b",".join([b"c"] * 201) + b"\n", "201 columns"),
        (b"c" + b",c" * 1_000_000 + b"\n1\n", "1,000,001 columns"),
        (b"a\x00b,c\n1,2\n", "header is no text"),
        (b"\x81\x8d", "no text that can be read"),
    ],
)
def test_what_is_no_list_is_refused_plainly(data: bytes, sentence: str) -> None:
    with pytest.raises(MalformedError, match=sentence) as told:
        sheet.read(data)
    assert told.value.hint


def test_too_many_rows_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheet, "MAX_ROWS", 3)
    assert len(sheet.read(b"a\n" + b"1\n" * 3).rows) == 3
    with pytest.raises(MalformedError, match="more than 3 rows"):
        sheet.read(b"a\n" + b"1\n" * 4)


def test_cells_that_no_statement_holds_make_their_row_wrong() -> None:
    data = b"number,name,country,roles\na,x\x00y,DE,broker\nb," + b"n" * 5_000 + b",DE,broker\n"
    found = read("suppliers", data)
    assert not found.drafts
    assert [one.number for one in found.wrong] == [2, 3]


def test_repeated_headers_are_told_apart() -> None:
    assert sheet.read(b"name,name,,x\n1,2,3,4\n").columns == ("name", "name (2)", "column 3", "x")


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(
    st.sampled_from(EVERY),
    st.one_of(st.binary(max_size=400), st.text(max_size=300).map(lambda one: one.encode("utf-8"))),
)
def test_whatever_bytes_come_every_row_is_accounted_for(reader: Reader, data: bytes) -> None:
    testing.accounts_for_every_row(reader, data, SETTING)


CELL = st.text(alphabet="aä1,;.\"'\n\r\t=+@-/ \x00|", max_size=8)


@given(st.sampled_from(EVERY), st.lists(st.lists(CELL, max_size=9), max_size=6))
def test_whatever_stands_in_the_cells_every_row_is_accounted_for(
    reader: Reader, found: list[list[str]]
) -> None:
    made = io.StringIO(newline="")
    writer = csv.writer(made)
    writer.writerow([field.title for field in reader.fields])
    writer.writerows(found)
    testing.accounts_for_every_row(reader, made.getvalue().encode(), SETTING)
