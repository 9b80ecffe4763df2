"""A firm may say what others call it; a product its trade item; what is wrong is refused."""

import pytest

from statements.samples import FACTS, parsed, refused
from voltrail.statements import identifiers
from voltrail.statements.fields import write


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("9521234000006", "https://id.gs1.org/417/9521234000006"),
        ("(414)9521234000006", "https://id.gs1.org/417/9521234000006"),
        ("urn:epc:id:pgln:9521234.00000", "https://id.gs1.org/417/9521234000006"),
        ("5493 001K JTII GC8Y 1R12", "5493001KJTIIGC8Y1R12"),
        ("91110000600037341L", "91110000600037341L"),
        ("BPNL00000003AXS3", "BPNL00000003AXS3"),
        ("urn:example:firm:7", "urn:example:firm:7"),
    ],
)
def test_a_firm_is_called_by_every_scheme_of_firms(text: str, canonical: str) -> None:
    body = write(FACTS["party"]) | {"identifiers": [text]}
    assert parsed("party", body).fact.identifiers == (text,)
    assert identifiers.of_party(text) == canonical


@pytest.mark.parametrize(
    "text",
    [
        "Kestrel",
        "9521234000007",
        "(414)9521234000006(254)7",
        "09521234000013",
        "5493001KJTIIGC8Y1R13",
        "001PB240000003B3C0221953",
        "urn:voltrail:party:kestrel",
    ],
)
def test_what_names_no_firm_is_no_identifier_of_one(text: str) -> None:
    assert refused("party", identifiers=[text])


@pytest.mark.parametrize("text", ["09521234000014", "95212341", "x", "0" * 14])
def test_a_product_has_a_right_gtin_or_none(text: str) -> None:
    assert refused("product", gtin=text)


@pytest.mark.parametrize(("name", "field"), [("party", "identifiers"), ("product", "gtin")])
def test_records_from_before_are_read_as_before(name: str, field: str) -> None:
    body = write(FACTS[name])
    del body[field]
    assert not getattr(parsed(name, body).fact, field)
