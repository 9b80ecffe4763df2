"""Keys of GS1: check digits, links and EPC URNs, and every way there and back."""

import string
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voltrail.errors import MalformedError
from voltrail.ids import digital_link, elements, epc, gs1
from voltrail.ids.identified import Scheme
from voltrail.ids.identify import identify

ITEM, PLACE, PALLET = "09521234000013", "9521234000006", "095212340000000013"
SIGNS = "!\"%&'()*+,-./:;<=>?_" + string.ascii_letters + string.digits
LETTERS = st.text(SIGNS, min_size=1, max_size=12)
NUMBERS = st.text(string.digits, min_size=1, max_size=12).filter(lambda text: text[0] != "0")


def checked(digits: str) -> str:
    """The digits with a check digit, summed another way than the code does."""
    total = sum(int(one) * (3 if (len(digits) - at) % 2 else 1) for at, one in enumerate(digits))
    return f"{digits}{(10 - total % 10) % 10}"


def numbered(length: int) -> st.SearchStrategy[str]:
    digits = st.text(string.digits, min_size=length - 1, max_size=length - 1)
    return digits.filter(lambda text: bool(text.strip("0"))).map(checked)


ITEMS, THIRTEEN = numbered(14), numbered(13)
PREFIXED = st.builds(lambda head, tail: head + tail, st.just("9521234"), LETTERS)
KEYS = st.one_of(
    st.builds(gs1.Gtin, ITEMS),
    st.builds(gs1.Sgtin, ITEMS, LETTERS),
    st.builds(gs1.Lgtin, ITEMS, LETTERS),
    st.builds(gs1.Sscc, numbered(18)),
    st.builds(gs1.Sgln, THIRTEEN, st.one_of(st.just(""), LETTERS.filter(lambda text: text != "0"))),
    st.builds(gs1.Pgln, THIRTEEN),
    st.builds(gs1.Grai, THIRTEEN, LETTERS),
    st.builds(gs1.Giai, PREFIXED),
    st.builds(gs1.Cpi, st.text(string.digits, min_size=8, max_size=20), NUMBERS),
    st.builds(gs1.Itip, ITEMS, st.just("01"), st.just("04"), LETTERS),
    st.builds(gs1.Gdti, THIRTEEN, LETTERS),
    st.builds(gs1.Gsrn, numbered(18), st.booleans()),
)


@given(KEYS)
def test_each_key_is_read_again_from_its_link(key: gs1.Key) -> None:
    found = identify(key.link)
    assert (found.value, found.canonical) == (key, key.link)


@given(KEYS, st.integers(6, 12))
def test_each_key_is_read_again_from_its_epc(key: gs1.Key, digits: int) -> None:
    try:
        written = epc.write(key, digits)
    except MalformedError:
        assert isinstance(key, gs1.Giai | gs1.Cpi)  # a part number may begin with fewer digits
        return
    assert identify(written).canonical == key.link


@given(KEYS)
def test_each_key_is_read_again_from_its_elements(key: gs1.Key) -> None:
    plain = "\x1d".join(ai + text for ai, text in key.pairs)
    assert identify(f"]d2{plain}").value == key


@pytest.mark.parametrize("text", ["96385074", "036000291452", "4012345678901", "04012345678901"])
def test_a_gtin_of_each_length_gets_fourteen_digits(text: str) -> None:
    assert gs1.full_gtin(text) == text.zfill(14)
    assert identify(text).canonical == f"https://id.gs1.org/01/{text.zfill(14)}"


@pytest.mark.parametrize(
    "text", ["", "1", "4012345678902", "401234567890", "40123456789O1", "²" * 13, "0" * 14]
)
def test_what_is_no_gtin_is_refused(text: str) -> None:
    with pytest.raises(MalformedError):
        gs1.full_gtin(text)


@pytest.mark.parametrize(
    "code",
    [
        "(01)09521234000014",
        "(00)095212340000000014",
        "(414)9521234000007",
        "(417)9521234000007",
        "(8003)09521234000007",
        "(253)9521234000007A",
        "(8006)095212340000140104",
        "(8018)095212340000000014",
        f"(01){ITEM}(417)9521234000007",
        "https://id.gs1.org/01/09521234000014/21/K1",
        "9521234000014",
        "095212340000000014",
    ],
)
def test_a_wrong_check_digit_is_refused_and_the_right_one_told(code: str) -> None:
    with pytest.raises(MalformedError, match=r"is wrong: \d would be right"):
        identify(code)


@pytest.mark.parametrize(
    "link",
    [
        f"https://id.gs1.org/01/{ITEM}/10/L%2F7/21/K1",
        f"HTTPS://ANY.EXAMPLE/01/{ITEM}/10/L%2f7/21/K1",
        f"http://any.example:8443/a/b/gtin/{ITEM}/lot/L%2F7/ser/K1/",
        f"https://any.example/GTIN/{ITEM[1:]}/Lot/L%2F7/SER/%4B1",
        f"https://any.example/01/{ITEM}/22/V/10/L%2F7/21/K1?17=271231&linkType=all#top",
    ],
)
def test_a_link_in_every_form_is_one_unit_whatever_its_host(link: str) -> None:
    found = identify(link)
    assert found.canonical == f"https://id.gs1.org/01/{ITEM}/21/K1"
    assert (found.part("lot"), found.part("serial")) == ("L/7", "K1")


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        (f"/21/K1/01/{ITEM}", "21 stands before"),
        (f"/10/L/01/{ITEM}/21/K1", "10 stands before"),
        (f"/ser/K1/gtin/{ITEM}", "ser stands before"),
        (f"/01/{ITEM}/21/K1/10/L", "10 stands in the wrong place"),
        (f"/01/{ITEM}/21/K1/21/K2", "21 stands in the wrong place, or twice"),
        (f"/01/{ITEM}/254/3", "254 stands in the wrong place"),
        (f"/01/{ITEM}/00/{PALLET}", "00 stands in the wrong place"),
        (f"/01/{ITEM}?21=K1", "21 stands behind the question mark"),
        (f"/01/{ITEM}/21", "ends with '21' alone"),
        (f"/01/{ITEM}/21/{'K' * 21}", "at most 20"),
        (f"/01/{ITEM}/21/K%1", "percent coding"),
        (f"/01/{ITEM}/21/K%FF", "percent coding"),
        (f"/01/{ITEM}/21/%E2%80%8BK1", "cannot stand"),
        (f"/01/{ITEM}/21/%D0%9A1", "cannot stand"),
        (f"/01/{ITEM}?11=260301&11=260302", "twice"),
        ("/01/095212340", "cannot stand"),
    ],
)
def test_a_link_that_a_careless_reader_takes_for_something_else_is_refused(
    path: str, reason: str
) -> None:
    with pytest.raises(MalformedError, match=reason):
        identify(f"https://id.example{path}")


@pytest.mark.parametrize("path", ["", "/", "/about", "/2026/01/15/news", "/shop/party/hats"])
def test_an_address_without_a_key_stays_an_address(path: str) -> None:
    assert identify(f"https://Any.Example{path}").scheme is Scheme.URI
    assert digital_link.read(f"https://any.example{path}") is None


@pytest.mark.parametrize(
    "text",
    [
        f"]d201{ITEM}10L7\x1d21K1",
        f"]C101{ITEM}10L7\x1d21K1\x1d",
        f"]Q301{ITEM}\x1d10L7\x1d21K1",
        f"01{ITEM}10L7\x1d21K1\r\n",
        f"(01){ITEM}(10)L7(21)K1",
        f"(01){ITEM} (10)L7 (21)K1",
    ],
)
def test_elements_are_read_however_they_are_typed(text: str) -> None:
    found = identify(text)
    assert found.canonical == f"https://id.gs1.org/01/{ITEM}/21/K1"
    assert not found.warnings


@pytest.mark.parametrize("spelt", ["<GS>", "{GS}", "\\x1d", "^]", "␝"])
def test_a_separator_that_is_typed_as_letters_is_read_and_told(spelt: str) -> None:
    found = identify(f"01{ITEM}10L7{spelt}21K1")
    assert found.part("lot") == "L7"
    assert [str(one) for one in found.warnings] == ["A separator is typed as letters."]


def test_a_lost_separator_is_told_and_not_guessed() -> None:
    with pytest.raises(MalformedError, match="Element 21 has 27 characters; at most 20"):
        identify(f"]d201{ITEM}21SERIAL-0123410BATCH-2611-A7")
    found = identify(f"01{ITEM}21ABC17260301")
    assert found.part("serial") == "ABC17260301"
    assert "lost its separator before 17260301" in found.warnings[0]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (f"]d201{ITEM}21K1\x1d21K2", "stands twice"),
        (f"]d201{ITEM}29X", "no element '29'"),
        (f"]d201{ITEM[:9]}", "cannot stand"),
        (f"]d201{ITEM}11", "cannot stand"),
        (f"]d201{ITEM}21", "cannot stand"),
        (f"(01){ITEM}(21)K{{1", "cannot stand"),
        (f"(01){ITEM}(21)К1", "CYRILLIC CAPITAL LETTER KA and looks like K"),
        (f"(01){ITEM}(21)K\u200b1", "Character 24 cannot be seen: ZERO WIDTH SPACE"),
        ("(01)０９521234000013", "FULLWIDTH DIGIT ZERO and looks like 0"),
        ("(8006)095212340000130504", "no piece 05 of 04"),
        ("(8003)19521234000006", "begins with 0"),
        ("(01)00000000000000", "nothing but zeros"),
    ],
)
def test_a_wrong_element_string_is_refused_with_its_reason(text: str, reason: str) -> None:
    with pytest.raises(MalformedError, match=reason):
        identify(text)


def test_a_day_that_is_none_is_flagged() -> None:
    assert "is no day" in identify(f"(01){ITEM}(11)261301").warnings[0]
    assert identify(f"(01){ITEM}(17)270200").parts[1].said == "2027-02-28"


@pytest.mark.parametrize("text", ["000000", "250000", "251300", "259900"])
def test_a_month_that_is_none_has_no_last_day(text: str) -> None:
    found = identify(f"(01){ITEM}(17){text}")
    assert found.parts[1].said == ""
    assert found.warnings == (f"{text} in element 17 is no day.",)
    assert elements.day("251200") == date(2025, 12, 31)


def test_a_lot_or_serial_alone_names_nothing() -> None:
    found = identify("(10)L7(21)K1")
    assert (found.scheme, found.canonical) == (Scheme.ELEMENTS, "")
    assert "name" in found.warnings[0]


@pytest.mark.parametrize(
    ("urn", "link"),
    [
        ("urn:epc:id:sgtin:9521234.000001.K%2F1", f"/01/{ITEM}/21/K%2F1"),
        ("urn:epc:class:lgtin:9521234.000001.L.7", f"/01/{ITEM}/10/L.7"),
        ("urn:epc:idpat:sgtin:9521234.000001.*", f"/01/{ITEM}"),
        ("URN:EPC:ID:SGLN:9521234.00000.0", f"/414/{PLACE}"),
        ("urn:epc:id:sgln:9521234.00000.7", f"/414/{PLACE}/254/7"),
        ("urn:epc:id:giai:9521234.W-A.1", "/8004/9521234W-A.1"),
    ],
)
def test_an_epc_is_the_same_thing_as_its_link(urn: str, link: str) -> None:
    assert identify(urn).canonical == f"https://id.gs1.org{link}"


def test_a_pattern_over_many_items_keeps_its_urn() -> None:
    text = "urn:epc:idpat:sgtin:9521234.*.*"
    assert (identify(text).scheme, identify(text).canonical) == (Scheme.PATTERN, text)


@pytest.mark.parametrize(
    "urn",
    [
        "urn:epc:id:sgtin:9521234.00001.K1",  # a digit too few
        "urn:epc:id:sgtin:95212.00000001.K1",  # no prefix has five
        "urn:epc:id:sgtin:9521234.000001",
        "urn:epc:id:sgtin:9521234.000001.",
        "urn:epc:id:sgtin:9521234.00000A.1",
        "urn:epc:id:sgtin:9521234.²00001.1",
        "urn:epc:id:lgtin:9521234.000001.L",
        "urn:epc:class:sgtin:9521234.000001.L",
        "urn:epc:idpat:sgtin:9521234.*.7",
        "urn:epc:id:itip:9521234.000001.05.04.1",
        "urn:epc:id:nothing:1.2",
        "urn:epc:",
    ],
)
def test_an_epc_that_is_none_is_refused(urn: str) -> None:
    with pytest.raises(MalformedError):
        identify(urn)


@pytest.mark.parametrize("digits", [5, 13])
def test_no_company_prefix_is_shorter_or_longer(digits: int) -> None:
    with pytest.raises(MalformedError, match="6 to 12"):
        epc.write(gs1.Gtin(ITEM), digits)


@given(st.text(max_size=60))
def test_whatever_stands_behind_an_identifier_is_read_or_refused(text: str) -> None:
    for head in ("(01)", f"01{ITEM}21", "]d2", "(00)"):
        try:
            elements.read(f"{head}{text}".removeprefix("]d2"))
        except MalformedError:
            continue
