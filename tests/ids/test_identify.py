"""Any text gets one answer: a scheme with its canonical form, a text of none, or a refusal."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voltrail.errors import MalformedError
from voltrail.ids import bpn, guid, lei, uri, uscc
from voltrail.ids.identified import Identified, Scheme
from voltrail.ids.identify import LONGEST, identify

UUID = "01d8aad4-2b57-4ecf-83ed-24c24ecba8da"
ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"


@pytest.mark.parametrize(
    ("text", "scheme", "canonical"),
    [
        ("5493001KJTIIGC8Y1R12", Scheme.LEI, "5493001KJTIIGC8Y1R12"),
        ("5493 001k jtii gc8y 1r12", Scheme.LEI, "5493001KJTIIGC8Y1R12"),
        ("91110000600037341L", Scheme.USCC, "91110000600037341L"),
        ("BPNL00000003AXS3", Scheme.BPN, "BPNL00000003AXS3"),
        ("bpns00000003axs3", Scheme.BPN, "BPNS00000003AXS3"),
        (UUID, Scheme.GUID, f"urn:uuid:{UUID}"),
        (f"URN:UUID:{UUID.upper()}", Scheme.GUID, f"urn:uuid:{UUID}"),
        ("urn:voltrail:lot:kestrel:L1", Scheme.OWN, "urn:voltrail:lot:kestrel:L1"),
        ("https://h.example/u/kestrel/K1", Scheme.OWN, "urn:voltrail:unit:kestrel:K1"),
        ("URN:Example:Part:7", Scheme.URI, "urn:example:Part:7"),
        ("did:web:kestrel.example", Scheme.URI, "did:web:kestrel.example"),
        ("HTTPS://Kestrel.Example/A?b", Scheme.URI, "https://kestrel.example/A?b"),
        ("K0001", Scheme.TEXT, ""),
        ("12345678", Scheme.TEXT, ""),
        ("Müller & Söhne", Scheme.TEXT, ""),
        ("Ромашка 7", Scheme.TEXT, ""),
    ],
)
def test_a_text_is_what_it_is_written_as(text: str, scheme: Scheme, canonical: str) -> None:
    found = identify(f" {text}\r\n")
    assert (found.scheme, found.canonical) == (scheme, canonical)
    assert found.name


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("5493001KJTIIGC8Y1R13", "12 would be right"),
        ("91110000600037341M", "L would be right"),
        ("BPNL50096894", "no business partner"),
        (f"urn:uuid:{UUID}-1", "no UUID"),
        ("urn:uuid:00000000-0000-0000-0000-000000000000", "names nothing"),
        ("urn:voltrail:ship:a", "no identity"),
        ("urn:voltrail:unit:kestrel:К1", "CYRILLIC CAPITAL LETTER KA"),
        ("urn:x", "no identifier"),
        ("urn:example:a b", "no identifier"),
        ("https://", "no identifier"),
        ("", "no code"),
        (" \r\n", "no code"),
        ("K" * (LONGEST + 1), "500"),
    ],
)
def test_what_is_written_in_a_scheme_and_wrong_is_refused(text: str, reason: str) -> None:
    with pytest.raises(MalformedError, match=reason):
        identify(text)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("КС-0001", ["1", "CYRILLIC CAPITAL LETTER KA", "K"]),
        ("K\u00adC", ["2", "SOFT HYPHEN"]),
        ("KC\u202e-1", ["3", "RIGHT-TO-LEFT OVERRIDE"]),
        ("lot ＫＣ1", ["5", "FULLWIDTH LATIN CAPITAL LETTER K", "K"]),
        ("KC\u20111", ["3", "NON-BREAKING HYPHEN", "-"]),
    ],
)
def test_a_letter_that_poses_as_another_is_named_with_its_place(text: str, said: list[str]) -> None:
    first = identify(text).warnings[0]
    assert all(one in first for one in said)


def test_a_number_of_thirteen_digits_is_a_trade_item_or_a_party() -> None:
    found = identify("9521234000006")
    assert found.scheme is Scheme.GTIN
    assert "https://id.gs1.org/417/9521234000006" in found.readings
    assert "does not say which" in found.warnings[0]


@given(st.text(ALPHABET, min_size=9, max_size=9), st.text(string.digits, min_size=6, max_size=6))
def test_social_credit_codes_hold_their_check(organisation: str, district: str) -> None:
    body = f"91{district}{organisation}"
    whole = body + uscc.check_character(body)
    assert uscc.read(whole).district == district
    wrong = next(one for one in ALPHABET if one != whole[-1])
    with pytest.raises(MalformedError, match="would be right"):
        uscc.read(body + wrong)


@given(st.text(string.ascii_uppercase + string.digits, min_size=18, max_size=18))
def test_an_lei_holds_its_check(body: str) -> None:
    whole = body + lei.check_digits(body)
    assert lei.read(whole).text == whole
    assert int("".join(str(int(one, 36)) for one in whole)) % 97 == 1


@given(st.uuids())
def test_a_uuid_is_read_again_from_its_urn(drawn: object) -> None:
    text = str(drawn)
    if len(set(text) - {"-"}) > 1:
        assert guid.read(guid.read(text).urn).text == text


@given(st.text("ABC0123456789", min_size=12, max_size=12), st.sampled_from("LSA"))
def test_a_business_partner_is_read_again(number: str, level: str) -> None:
    assert bpn.read(bpn.Bpn(level, number).text) == bpn.Bpn(level, number)


@given(st.from_regex(r"(urn:[a-z]{2,9}:|https://[a-z]{1,9}/)[!-~]{1,40}", fullmatch=True))
def test_a_private_identifier_is_canonical_once(text: str) -> None:
    try:
        once = uri.read(text).text
    except MalformedError:
        return
    assert uri.read(once).text == once


BEGINS = ("", "(01)", "01", "]d2", "https://a.b/01/", "urn:epc:id:", "urn:uuid:", "BPNL", "urn:")


@given(st.sampled_from(BEGINS), st.text(max_size=80))
def test_any_text_gets_one_answer_or_a_refusal(head: str, tail: str) -> None:
    try:
        found = identify(head + tail)
    except MalformedError:
        return
    assert isinstance(found, Identified)
    assert (found.scheme in (Scheme.TEXT, Scheme.ELEMENTS)) == (found.canonical == "")
    if found.canonical:
        assert identify(found.canonical).canonical == found.canonical
