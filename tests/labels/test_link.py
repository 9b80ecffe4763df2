"""Addresses on labels: written in one order, read whatever their host, check digits compared."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voltrail.errors import MalformedError
from voltrail.ids.subject import UnitId
from voltrail.labels import link, scan
from voltrail.labels.link import Label

UNIT = UnitId.of("kestrel", "K26-0001")
GTIN = "4012345678901"
PARTS = st.text(string.ascii_letters + string.digits + "._~@/+-", min_size=1, max_size=20)


def test_a_firm_with_gs1_keys_writes_a_digital_link_in_the_standard_s_order() -> None:
    found = link.address(Label(UNIT, GTIN, "L26/7"), "id.example")
    assert found == "HTTPS://ID.EXAMPLE/01/04012345678901/10/L26%2F7/21/K26-0001"
    read = scan.read(found)
    assert (read.gtin, read.lot, read.serial) == ("04012345678901", "L26/7", "K26-0001")


def test_a_firm_without_writes_maker_and_serial() -> None:
    found = link.address(Label(UNIT), "id.example:8443")
    assert found == "https://id.example:8443/u/kestrel/K26-0001"
    assert scan.read(found).unit == str(UNIT)


@given(PARTS, PARTS, st.sampled_from(["", GTIN]))
def test_what_is_written_is_read_again(maker: str, serial: str, gtin: str) -> None:
    unit = UnitId.of(maker, serial)
    try:
        written = link.address(Label(unit, gtin), "id.example")
    except MalformedError:
        assert gtin or {maker, serial} & {".", ".."}  # GS1 allows less; browsers take dots out
        return
    read = scan.read(written)
    assert (read.serial, read.unit) == ((serial, "") if gtin else ("", str(unit)))


@pytest.mark.parametrize(
    ("label", "host"),
    [
        (Label(UNIT), ""),
        (Label(UNIT), "https://id.example"),
        (Label(UNIT), "id example"),
        (Label(UNIT), "id.example/path"),
        (Label(UnitId.of("kestrel", "K" * 21), GTIN), "id.example"),
        (Label(UnitId.of("kestrel", "K@1"), GTIN), "id.example"),
        (Label(UNIT, GTIN, "L" * 21), "id.example"),
    ],
)
def test_what_stands_on_no_label_is_refused(label: Label, host: str) -> None:
    with pytest.raises(MalformedError):
        link.address(label, host)
