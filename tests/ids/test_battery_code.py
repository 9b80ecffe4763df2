"""GB/T 34014: parts and dates are decoded; what is doubtful is flagged and never refused."""

import string
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voltrail.errors import MalformedError
from voltrail.ids import battery_code
from voltrail.ids.identified import Scheme
from voltrail.ids.identify import identify

CATL, EVE = "001CB240000003B3C0221953", "04QCB76836300JBC40000903"
ON = date(2026, 11, 28)
UPPER = string.ascii_uppercase + string.digits


@pytest.mark.parametrize(
    ("text", "day", "number"),
    [(CATL, "2021-03-12", "0221953"), (EVE, "2021-12-04", "0000903")],
)
def test_codes_of_real_cells_are_decoded(text: str, day: str, number: str) -> None:
    found = identify(text, ON)
    said = {one.name: str(one.said) or one.text for one in found.parts}
    assert (said["level"], said["batteryType"]) == ("cell", "lithium iron phosphate")
    assert (said["produced"], said["number"]) == (day, number)
    assert not found.warnings


def test_each_day_of_thirty_one_years_has_its_three_signs() -> None:
    signs = "123456789ABCDEFGHJKLMNPRSTVWXY"
    days = {f"{y}{m}{d}" for y in signs for m in signs[:12] for d in (*signs, "0")}
    made = {battery_code.read(f"001CB240000003{one}0000001").made for one in days}
    first, last = date(2011, 1, 1), date(2040, 12, 31)
    assert len(made - {None}) == (last - first).days + 1
    assert min(made - {None}) == first  # type: ignore[type-var]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("001CB240000003I3C0221953", "I stands for no year"),
        ("001CB240000003B3U0221953", "U stands for no day"),
        ("001CB240000003BDC0221953", "D stands for no month"),
        ("001CB240000003B200221953", "a day that its month does not have"),
        ("001CB240000003GC50221953", "2026-12-05 lies ahead"),
        ("001CH240000003B3C0221953", "Battery type H is not known"),
        ("001CB240000003B3C0000000", "begin with 0000001"),
        ("001CB24B3C0221953RP", "two levels: C and P"),
        ("001CB24B3C0221953RC", "of a second life"),
        (CATL.lower(), "in capital letters"),
        (f"{CATL[:12]}\n{CATL[12:]}", "without blanks"),
    ],
)
def test_what_is_doubtful_is_flagged(text: str, said: str) -> None:
    found = identify(text, ON)
    assert found.scheme is Scheme.BATTERY
    assert any(said in one for one in found.warnings)


@pytest.mark.parametrize("at", range(8, 20))
@pytest.mark.parametrize("code", [CATL, EVE])
def test_two_lines_in_the_wrong_order_are_told(code: str, at: int) -> None:
    found = identify(f"{code[at:]}\n{code[:at]}")
    assert found.scheme is not Scheme.BATTERY or found.canonical != code
    if found.scheme is Scheme.TEXT:
        assert any(code in one for one in found.warnings)


def test_two_lines_of_half_a_code_are_told() -> None:
    found = identify(f"{CATL[12:]} {CATL[:12]}")
    assert CATL in found.warnings[0]
    assert found.canonical == ""


@given(
    st.text(UPPER, min_size=3, max_size=3),
    st.sampled_from("PMC"),
    st.text(UPPER, min_size=3, max_size=3),
    st.text(UPPER, min_size=7, max_size=7),
    st.text(string.digits, min_size=7, max_size=7),
)
def test_a_code_is_written_as_it_was_read(
    maker: str, level: str, dated: str, trace: str, number: str
) -> None:
    for text in (f"{maker}{level}B24{trace}{dated}{number}", f"{maker}{level}B24{dated}{number}RP"):
        assert battery_code.read(text).text == text


@pytest.mark.parametrize("text", ["", CATL[:-1], f"{CATL}1", CATL.replace("C", "X", 1), "²" * 24])
def test_what_is_no_code_is_refused(text: str) -> None:
    with pytest.raises(MalformedError):
        battery_code.read(text)
