"""Quantities: strict to read, exact to convert, comparable across units."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voltrail.canonical import Json
from voltrail.errors import MalformedError
from voltrail.quantities import _SCALE, Quantity, Unit

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)
decimals = st.decimals(-(10**9), 10**9, places=6, allow_nan=False).filter(lambda d: d != 0)


def quantity(value: str, unit: str) -> Quantity:
    return Quantity.parse({"value": value, "unit": unit})


def test_a_quantity_keeps_its_digits() -> None:
    written = {"value": "280.0", "unit": "A.h", "uncertainty": "0.50"}
    found = Quantity.parse(written)
    assert found == Quantity(Decimal("280.0"), Unit.A_h, Decimal("0.50"))
    assert found.to_json() == written
    assert str(found) == "280.0 ± 0.50 A.h"


@pytest.mark.parametrize(
    "value",
    [
        "",
        "1e3",
        "NaN",
        "Infinity",
        "+1",
        "01",
        ".5",
        "1.",
        "-0",
        "-0.0",
        " 1",
        "1\n",
        "1_0",
        "\u0661",
        "1" * 19,
        "0." + "1" * 19,
        280,
        None,
        True,
    ],
)
def test_only_plain_decimal_strings_are_read(value: Json) -> None:
    with pytest.raises(MalformedError):
        Quantity.parse({"value": value, "unit": "A.h"})


@pytest.mark.parametrize(
    "obj",
    [
        None,
        [],
        {},
        {"value": "1"},
        {"value": "1", "unit": "Ah"},
        {"value": "1", "unit": ["V"]},
        {"value": "1", "unit": "V", "uncertainty": "-1"},
        {"value": "1", "unit": "V", "uncertainty": None},
        {"value": "1", "unit": "V", "note": "x"},
    ],
)
def test_other_forms_are_malformed(obj: Json) -> None:
    with pytest.raises(MalformedError) as caught:
        Quantity.parse(obj)
    assert caught.value.hint


@given(json_values, json_values, json_values)
def test_arbitrary_json_gives_a_quantity_or_malformed(
    value: Json, unit: Json, spread: Json
) -> None:
    try:
        found = Quantity.parse({"value": value, "unit": unit, "uncertainty": spread})
    except MalformedError:
        return
    assert Quantity.parse(found.to_json()) == found


@pytest.mark.parametrize(
    ("value", "unit", "other", "expected"),
    [
        ("280.0", "A.h", "mA.h", "280000"),
        ("3.65", "V", "mV", "3650"),
        ("0.25", "mohm", "ohm", "0.00025"),
        ("25", "degC", "K", "298.15"),
        ("0", "K", "degC", "-273.15"),
        ("1.5", "kWh", "W.h", "1500"),
        ("90", "min", "h", "1.5"),
        ("2", "d", "h", "48"),
        ("80", "percent", "ratio", "0.8"),
        ("12", "mm", "m", "0.012"),
        ("5300", "g", "kg", "5.3"),
    ],
)
def test_conversions_are_exact(value: str, unit: str, other: str, expected: str) -> None:
    assert quantity(value, unit).to(Unit(other)).value == Decimal(expected)


def test_the_uncertainty_of_a_temperature_has_no_offset() -> None:
    found = Quantity(Decimal(25), Unit.degC, Decimal("0.5")).to(Unit.K)
    assert found == Quantity(Decimal("298.15"), Unit.K, Decimal("0.5"))


def test_a_quotient_without_end_keeps_28_digits() -> None:
    assert quantity("10", "min").to(Unit.h).value == Decimal("0." + "1" + "6" * 26 + "7")


@given(decimals, st.sampled_from([u for u in Unit if _SCALE[u][0] != "time"]), st.data())
def test_there_and_back_is_the_same(value: Decimal, unit: Unit, data: st.DataObject) -> None:
    other = data.draw(st.sampled_from([u for u in Unit if _SCALE[u][0] == _SCALE[unit][0]]))
    here = Quantity(value, unit, abs(value))
    assert here.to(other).to(unit) == here
    assert here <= here.to(other) <= here
    assert not here < here.to(other)


def test_ordering_converts_first() -> None:
    assert quantity("1", "A.h") > quantity("999", "mA.h")
    assert quantity("1", "A.h") >= quantity("1000", "mA.h")
    assert quantity("0", "degC") < quantity("274", "K")


def test_different_dimensions_do_not_compare_or_convert() -> None:
    with pytest.raises(MalformedError):
        quantity("1", "V").to(Unit.A_h)
    with pytest.raises(MalformedError):
        assert quantity("1", "V") < quantity("1", "ohm")


def test_every_unit_has_a_scale() -> None:
    assert set(_SCALE) == set(Unit)
