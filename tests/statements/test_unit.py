"""A unit record may bind a key of the unit: of one form, of the scheme it names, a true point."""

import base64

import pytest

from statements.samples import FACTS, parsed, refused
from voltrail.statements import unit
from voltrail.statements.fields import write
from voltrail.trust import keys, signer
from voltrail.trust.keys import Algorithm
from voltrail.trust.signer import LocalSigner

ED, P256 = signer.generate(), signer.generate(Algorithm.P256)


def spki(key: LocalSigner) -> str:
    return base64.b64encode(key.public.spki).decode()


@pytest.mark.parametrize("key", [ED, P256])
def test_a_key_of_either_scheme_is_bound_and_read_again(key: LocalSigner) -> None:
    told = {"algorithm": str(key.public.algorithm), "spki": spki(key)}
    body = write(FACTS["unit"]) | {"key": told}
    found = parsed("unit", body).fact
    assert keys.parse(found.key.algorithm, base64.b64decode(found.key.spki)) == key.public


@pytest.mark.parametrize(
    "told",
    [
        {"algorithm": "ed25519", "spki": spki(P256)},
        {"algorithm": "ecdsa-p256-sha256", "spki": spki(ED)},
        {"algorithm": "ml-dsa-44", "spki": spki(ED)},
        {"algorithm": "ed25519", "spki": spki(ED).rstrip("=")},
        {"algorithm": "ed25519", "spki": spki(ED) + "\n"},
        {"algorithm": "ed25519", "spki": "A" * 60},
        {"algorithm": "ecdsa-p256-sha256", "spki": spki(P256)[:40] + "A" * 82 + "=="},
        {"algorithm": "ed25519"},
        "ed25519",
    ],
)
def test_what_is_no_key_of_its_scheme_is_refused_when_it_is_parsed(told: object) -> None:
    assert refused("unit", key=told)


def test_a_point_beside_the_curve_is_no_key() -> None:
    raw = bytearray(P256.public.spki)
    raw[-1] ^= 1
    told = {"algorithm": "ecdsa-p256-sha256", "spki": base64.b64encode(raw).decode()}
    assert "no point" in refused("unit", key=told)


def test_a_record_without_a_key_is_read_as_before() -> None:
    body = write(FACTS["unit"])
    del body["key"], body["identifiers"]
    assert parsed("unit", body).fact == unit.UnitRecord(*FACTS["unit"].__reduce__()[1][:5])


@pytest.mark.parametrize(
    "text",
    [
        "001PB240000003B3C0221953",
        "https://id.gs1.org/01/09521234000013/21/P-0001",
        "(8004)9521234W-A-1",
        "urn:uuid:01d8aad4-2b57-4ecf-83ed-24c24ecba8da",
        "urn:example:pack:7",
    ],
)
def test_a_unit_may_be_called_what_others_call_it(text: str) -> None:
    body = write(FACTS["unit"]) | {"identifiers": [text]}
    assert parsed("unit", body).fact.identifiers == (text,)


@pytest.mark.parametrize(
    "text",
    [
        "P-0001",
        "(01)09521234000013",
        "(01)09521234000014(21)P-0001",
        "(8003)09521234000006",
        "https://id.gs1.org/21/P-0001/01/09521234000013",
        "5493001KJTIIGC8Y1R12",
        "urn:example:p\u0430ck",
        "",
    ],
)
def test_what_names_no_single_item_is_no_identifier_of_a_unit(text: str) -> None:
    assert refused("unit", identifiers=[text])
