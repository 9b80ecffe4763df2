"""A logger's table becomes one draft for each quantity and leg; a bad row is named."""

import pytest

from voltrail.errors import MalformedError
from voltrail.quantities import Quantity
from voltrail.readers import logger, registry, testing
from voltrail.readers.logger import LoggedCondition

HEAD = "time,leg,lot,temperature (degC),humidity (%),shock (g),state of charge (%)"
GOOD = (
    HEAD,
    "2026-11-02T08:00:00Z,sea,L26-101,12.5,40,0.1,28",
    "2026-11-02T09:10:00+01:00,sea,L26-101,13,41,0.2,",
    "2026-11-02T08:20:00Z,sea,L26-101,68,42,3.1,27",
    "2026-11-02T10:20:00Z,road,L26-101,9,42,0.3,27",
)


def table(*lines: str) -> bytes:
    return "\n".join(lines).encode()


def told(data: bytes) -> dict[str, LoggedCondition]:
    found = registry.read(data)
    assert found.form == "logger"
    assert {one.kind for one in found.drafts} == {"condition"}
    return {one.place: one.said for one in found.drafts}


def amount(value: str, unit: str) -> Quantity:
    return Quantity.parse({"value": value, "unit": unit})


def test_the_reader_keeps_the_contract() -> None:
    testing.format_conforms(logger.FORMAT, table(*GOOD))


def test_each_quantity_of_each_leg_has_extremes_interval_and_longest_silence() -> None:
    found = told(table(*GOOD))
    assert len(found) == 8
    heat = found["temperature, leg sea"]
    assert (heat.lowest, heat.highest) == (amount("12.5", "degC"), amount("68", "degC"))
    assert (heat.interval, heat.longest_gap) == (amount("10", "min"), amount("10", "min"))
    assert heat.lot is not None
    assert (heat.readings, heat.leg, heat.lot.text) == (3, "sea", "L26-101")
    assert found["shock, leg sea"].highest == amount("3.1", "g_n")
    assert found["humidity, leg sea"].highest == amount("42", "percent")
    assert found["charge, leg sea"].charge == amount("28", "percent")
    assert found["charge, leg sea"].longest_gap == amount("20", "min")
    assert found["temperature, leg road"].longest_gap is None


def test_rows_in_any_order_say_the_same() -> None:
    head, *rows = GOOD
    assert told(table(head, *reversed(rows))) == told(table(*GOOD))


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ("2026-11-02 10:20,sea,L26-101,12,40,0.1,28", "is no time with a zone"),
        ("2026-13-02T08:00:00Z,sea,L26-101,12,40,0.1,28", "is no time with a zone"),
        ("2026-11-02T08:30:00Z,sea,L26-101,warm,40,0.1,28", "'warm' is no number"),
        ("2026-11-02T08:30:00Z,sea", "fewer cells than the header"),
        ("2026-11-02T08:30:00Z,sea,L26-101,,,,", "it has no value"),
    ],
)
def test_a_bad_row_is_left_out_and_named_by_its_number(row: str, why: str) -> None:
    found = registry.read(table(*GOOD, row))
    (remark,) = found.remarks
    assert remark.place == "row 6"
    assert why in remark.sentence
    assert {one.place: one.said for one in found.drafts} == told(table(*GOOD))


def test_very_many_bad_rows_are_counted() -> None:
    found = registry.read(table(*GOOD, *["never,sea,L,1,1,1,1"] * 130))
    assert len(found.remarks) == 101
    assert found.remarks[-1].sentence == "30 more rows were left out."


@pytest.mark.parametrize(
    "head",
    ["Zeit;Temperatur [°C]", "timestamp\tTemp (C)", "Time;temperature (degC)"],
)
def test_other_words_and_marks_are_read_and_a_comma_is_a_decimal_sign(head: str) -> None:
    mark = "\t" if "\t" in head else ";"
    found = told(table(head, f"2026-11-02T08:00:00Z{mark}12,5", ""))
    assert found["temperature"].highest == amount("12.5", "degC")


def test_a_column_without_a_known_unit_is_named_and_not_read() -> None:
    found = registry.read(
        table("time,temperature (degC),humidity (g/m3)", "2026-11-02T08:00:00Z,9,3")
    )
    assert [one.place for one in found.drafts] == ["temperature"]
    assert "humidity (g/m3)" in found.remarks[0].sentence


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (table(HEAD), "No row can be read: there is none"),
        (table(HEAD, "never,sea,L,1,1,1,1"), "No row can be read: 'never' is no time"),
        (table("time,temperature", "2026-11-02T08:00:00Z,9"), "no table of a logger"),
        (table("a,b", "1,2"), "no table of a logger"),
        (table(HEAD, '"' + "x" * 200_000), "Row 2 cannot be read: a cell has more than"),
    ],
)
def test_what_is_no_readable_table_is_refused(data: bytes, why: str) -> None:
    with pytest.raises(MalformedError, match=why):
        registry.read(data, "logger")


@pytest.mark.parametrize(
    "rows",
    [
        ('T00:00:00Z,6,"door open', "T01:00:00Z,70,", "T02:00:00Z,6,"),
        ('T00:00:00Z,6,"door open', "T01:00:00Z,70,", 'T02:00:00Z,6,shut"'),
        ('T00:00:00Z,6,"door" open"', "T01:00:00Z,70,"),
    ],
)
def test_a_stray_quote_hides_no_reading(rows: tuple[str, ...]) -> None:
    head = ("time,temperature [C],note", "2026-01-01T00:00:00Z,5,")
    lines = (*head, *(f"2026-01-02{row}" for row in rows))
    with pytest.raises(MalformedError, match=r"^Row 3 cannot be read: .*quote"):
        registry.read(table(*lines), "logger")


def test_a_quoted_cell_on_its_line_is_read() -> None:
    lines = ("time,temperature [C],note", '2026-01-01T00:00:00Z,5,"door, ""open"""')
    assert told(table(*lines))["temperature"].readings == 1


def test_a_header_whose_quote_does_not_end_is_named() -> None:
    lines = ('time,temperature [C],"note', "2026-01-01T00:00:00Z,5,")
    with pytest.raises(MalformedError, match=r"^Row 1 cannot be read: "):
        registry.read(table(*lines), "logger")


def test_lines_that_end_in_carriage_returns_are_read() -> None:
    assert told(b"time,temperature [C]\r2026-01-01T00:00:00Z,5\r")["temperature"].readings == 1
