"""Codes that other people made: each file of pictures, events, passports and parts is a row."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from corpus import corpus
from voltrail.errors import MalformedError
from voltrail.ids.identified import Scheme
from voltrail.ids.identify import LONGEST, identify
from voltrail.labels import scan

pytestmark = pytest.mark.corpus

# Expected text of a picture → the key its elements name; a dash where they name nothing.
BARS = {
    "01095040000591012112345678p901\x1d101234567p\x1d171411208200http://www.gs1.org/demo/": (
        "01/09504000059101/21/12345678p901"
    ),
    "010890381998765921XY061M5Z9NHXP10R20NN\x1d1731063010BNav4Cam2": (
        "01/08903819987659/21/XY061M5Z9NHXP10R20NN"
    ),
    "010890381998765921Y2GNX9ZR37SE0DAAT436\x1d1731063010BNav4Cam2": (
        "01/08903819987659/21/Y2GNX9ZR37SE0DAAT436"
    ),
    "01988987654321061599123131030017501012A\x1d422123\x1d21123456\x1d423012345678901": (
        "01/98898765432106/21/123456"
    ),
    "0104412345678909": "01/04412345678909",
    "0102001234567893": "01/02001234567893",
    "0100821935106427": "01/00821935106427",
    "01900123456789083922795": "01/90012345678908",
    "0190012345678908393204055GBP": None,  # a price holds digits alone
    "0190012345678908393204066USD778899": None,
    "010001234567890510ABC123": "01/00012345678905/10/ABC123",
    "011234567890123110UNIVERSITY-OF-DEUSTO": "01/12345678901231/10/UNIVERSITY-OF-DEUSTO",
    "1599123131030017501012A\x1d422123\x1d21123456\x1d4230123456789012": "-",
    "105678\x1d11001010": "-",
    "101098-1234": "-",
    "101098 1234": None,  # a blank is no sign of GS1
    "0100000000000000": None,  # nothing but zeros
    "1012A": "-",
}


@pytest.mark.parametrize(("text", "key"), BARS.items())
def test_what_a_gs1_symbol_holds_is_named(text: str, key: str | None) -> None:
    if key is None:
        with pytest.raises(MalformedError):
            identify(f"]e0{text}")
        return
    found = identify(f"]e0{text}")
    assert found.canonical == ("" if key == "-" else f"https://id.gs1.org/{key}")


def pictures() -> Iterator[tuple[Path, str]]:
    for file in sorted(corpus("traceability", "barcodes-zxing").rglob("*.txt")):
        if not file.name.endswith(".result.txt"):
            yield file, file.read_bytes().decode("utf-8", "replace")


def test_every_gs1_picture_has_its_answer() -> None:
    families = ("rss", "databar")
    refused = set()
    for file, text in pictures():
        is_gs1 = file.parent.name.startswith(families) or "gs1-figure" in file.name
        if not is_gs1:
            continue
        try:
            identify(f"]e0{text}")
        except MalformedError as error:
            refused.add((text, str(error)))
    reasons = ("zeros", "cannot stand in element 10", "cannot stand in element 393", "no element")
    assert not [row for row in refused if not any(one in row[1] for one in reasons)]
    assert len(refused) < 12


def test_no_other_picture_is_taken_for_a_key() -> None:
    named = {
        text
        for file, text in pictures()
        if len(text) <= LONGEST
        and not file.parent.name.startswith(("rss", "databar"))
        and _scheme(text) not in (Scheme.TEXT, Scheme.URI, Scheme.ELEMENTS, None)
    }
    assert {text for text in named if not text.startswith("01")} == EXPECTED


# The GTIN of an ITF-14 symbol, and a postal code whose last digit is a check digit by chance.
EXPECTED = {"00012345678905", "42094043"}


def _scheme(text: str) -> Scheme | None:
    try:
        return identify(text).scheme
    except MalformedError:
        return None


def found_in(folder: str, form: str) -> list[str]:
    files = corpus("traceability", folder).rglob("*")
    texts = (one.read_text("utf-8", "replace") for one in files if one.is_file())
    return sorted({match for text in texts for match in re.findall(form, text)})


KEYS = "sgtin|lgtin|sscc|sgln|pgln|grai|giai|gdti|gsrn|itip|cpi"


@pytest.mark.parametrize("folder", ["epcis-openepcis", "dpp-openepcis"])
def test_every_epc_of_other_peoples_events_is_one_key_both_ways(folder: str) -> None:
    refused = []
    for urn in found_in(folder, rf'urn:epc:(?:id|class|idpat):(?:{KEYS}):[^"<>\s]+'):
        try:
            found = identify(urn)
        except MalformedError:
            refused.append(urn)
            continue
        assert identify(found.canonical).canonical == found.canonical
    assert not refused


@pytest.mark.parametrize("folder", ["epcis-openepcis", "dpp-openepcis"])
def test_every_link_of_other_peoples_events_is_a_key_or_wrong_for_a_reason(folder: str) -> None:
    form = r'"(https?://[^"\s]*/(?:01|00|414|417|8003|8004|8006|8010|253)/[^"\s]*)"'
    wrong = {}
    for link in found_in(folder, form):
        try:
            assert identify(link).canonical
        except MalformedError as error:
            wrong[link] = str(error)
    assert sorted(wrong) == WRONG_LINKS.get(folder, [])


# Two GRAIs without the zero they begin with, and a GLN with a wrong check digit.
WRONG_LINKS = {
    "epcis-openepcis": [
        "https://id.example.com/8003/030013450007718765",
        "https://id.example.com/8003/952012200000001004",
        "https://id.gs1.org/414/9521141123452",
    ]
}


def test_the_official_traction_battery_sample_is_read_and_breaks_its_own_level() -> None:
    codes = found_in("catenax-sldt/io.catenax.traction_battery_code", r'"([A-Z0-9]{24})"')
    (code,) = codes
    found = identify(code)
    assert (found.scheme, found.part("level")) == (Scheme.BATTERY, "M")  # its file says pack


def test_every_business_partner_of_other_peoples_twins_is_read_or_too_short() -> None:
    for text in found_in("catenax-tracex", r'"(BPN[LSA][0-9A-Z]+)"'):
        if len(text) == len("BPNL00000003AXS3"):
            assert identify(text).canonical == text
        else:
            with pytest.raises(MalformedError):
                identify(text)


def test_every_asset_of_other_peoples_twins_is_one_number() -> None:
    texts = found_in("catenax-tracex", r'"(urn:uuid:[0-9a-fA-F-]{36})"')
    assert len(texts) > 50
    refused = [text for text in texts if _scheme(text) is not Scheme.GUID]
    assert all(set(text) <= set("urn:uid-0") for text in refused)


def test_a_picture_s_text_is_never_more_than_a_scan_can_hold() -> None:
    for _, text in pictures():
        assert len(scan.read(text).text) <= scan.LONGEST
