"""Steps that are remembered lead to the same places as names that are read one by one."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voltrail.readers import identities, passport, passport_check, passport_steps

_NAMES = st.one_of(
    st.sampled_from(
        ["hasMass", "mass", "x:hasMass", "hasty", "_note", "@context", "elements", "", "a.b"]
    ),
    st.sampled_from(["recycledMaterial", "value", "A" * 120, "long" * 60]),
)
_VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.sampled_from(["", "Cobalt", "a"])),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(_NAMES, inner)),
    max_leaves=20,
)


def places(value: Any, path: str = "") -> list[tuple[str, Any]]:  # noqa: ANN401 — any JSON value
    """Every filled place in the order of the file, as the words of the decision have it."""
    if isinstance(value, list):
        return [found for one in value for found in places(one, path)]
    if not isinstance(value, dict):
        return [] if value is None or value == "" else [(path, value)]
    found: list[tuple[str, Any]] = []
    for name, one in value.items():
        if not name.startswith("_") and name not in ("@context", "elements"):
            plain = name.split(":")[-1][:200]
            bare = plain[3:] if plain[:3] == "has" and plain[3:4].isupper() else plain
            found += places(one, f"{path}.{bare}".lower() if path else bare.lower())
    material = value.get("recycledMaterial")
    known = [(f"{path}.{material.lower()}", material)] if isinstance(material, str) else []
    return found + known


@given(st.dictionaries(_NAMES.filter(lambda name: name != "elements"), _VALUES))
def test_what_is_filled_is_what_reading_each_name_finds(value: dict[str, Any]) -> None:
    expected: dict[str, Any] = {}
    for place, one in places(value):
        expected.setdefault(place, one)
    assert passport.leaves(value) == expected


def test_steps_that_were_forgotten_are_found_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passport_steps, "MOST", 3)
    value = {f"hasPart{at}": {"hasMass": at, "x:note": str(at)} for at in range(9)}
    expected = {f"part{at}.{name}": said for at in range(9)
                for name, said in (("mass", at), ("note", str(at)))}  # fmt: skip
    assert [passport.leaves(value) for _ in range(2)] == [expected, expected]


def test_a_layout_too_large_to_remember_is_judged_the_same() -> None:
    short = {"digitalProductPassportId": "id:1", "batteryMass": 7}
    large = {**short, **{f"{at}{'y' * 150}": at for at in range(500)}}
    few, many = (passport.passport(one, []) for one in (short, large))
    assert list(many.filled) == sorted(passport.leaves(large))
    assert not passport_steps.are_few(many.filled)
    assert passport_check.check(many).points == passport_check.check(few).points


@pytest.mark.parametrize(
    ("text", "scheme"),
    [
        ("urn:voltrail:unit:kestrel:K-1", "voltrail"),
        ("urn:epc:id:sgtin:0.1.2", "epc"),
        ("urn:epc:other:1", "urn"),
        ("https://id.example/01/09521234030010", "digital-link"),
        ("https://id.example/?q=/01/1", "url"),
        ("urn:uuid:550e8400-e29b-41d4-a716-446655440000", "uuid"),
        ("550e8400-e29b-41d4-a716-44665544000", "text"),
        ("BPNL0123456789ZZ", "bpn"),
        ("did:web:example", "did"),
        ("09521234030010", "gtin"),
        ("4012345000009", "gln"),
        ("ABCPA1234567890123456789", "gbt-34014"),
        ("urn:two\nlines", "text"),
        ("", "text"),
    ],
)
def test_the_first_form_that_fits_the_whole_text_names_the_scheme(text: str, scheme: str) -> None:
    assert identities.named(text).scheme == scheme
