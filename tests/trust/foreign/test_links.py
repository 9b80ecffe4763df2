"""Links of the in-toto demonstration: both hold, and nothing bent does."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus import corpus
from voltrail.errors import (
    MalformedError,
    ProductError,
    RefusedError,
    SignatureInvalidError,
    UnverifiableError,
)
from voltrail.trust.foreign import links

# File → the step it records and the key that signed it.
LINKS = {
    "package.2f89b927.link": ("package", "2f89b927"),
    "write-code.776a00e2.link": ("write-code", "776a00e2"),
}


def folder() -> Path:
    return corpus("provenance", "in-toto-demo")


def pinned() -> links.Keys:
    return links.keys((folder() / "keys.json").read_bytes())


def whole(name: str = "package.2f89b927.link") -> dict[str, Any]:
    return json.loads((folder() / "legacy" / name).read_text())


@pytest.mark.parametrize("name", LINKS)
def test_a_link_of_the_demonstration_holds(name: str) -> None:
    found = links.verify((folder() / "legacy" / name).read_bytes(), pinned())
    step, key = LINKS[name]
    assert found.said["step"] == step
    assert found.signer.startswith(key)
    assert found.proven_at is None


def test_every_link_of_the_demonstration_is_in_the_table() -> None:
    assert {one.name for one in (folder() / "legacy").glob("*.link")} == set(LINKS)


def test_a_product_is_the_file_that_came_out_and_no_other() -> None:
    data = (folder() / "legacy" / "package.2f89b927.link").read_bytes()
    product = (folder() / "legacy" / "foo.tar.gz").read_bytes()
    assert "product foo.tar.gz" in links.verify(data, pinned(), product).said
    with pytest.raises(RefusedError):
        links.verify(data, pinned(), product + b"\0")


def test_a_layout_is_no_link() -> None:
    layout = (folder() / "legacy" / "demo.layout.template").read_bytes()
    with pytest.raises(MalformedError):
        links.verify(layout, pinned())


def bent(**changes: object) -> bytes:
    made = whole()
    made["signed"] |= changes
    return json.dumps(made).encode()


@pytest.mark.parametrize(
    "changes", [{"name": "inspect"}, {"command": []}, {"products": {}}, {"more": 1}]
)
def test_a_changed_record_does_not_hold(changes: dict[str, object]) -> None:
    with pytest.raises(SignatureInvalidError):
        links.verify(bent(**changes), pinned())


def signed_by(*rows: object) -> bytes:
    return json.dumps({**whole(), "signatures": list(rows)}).encode()


def test_a_key_s_name_is_a_hint_and_its_signature_counts_once() -> None:
    """Pitfalls 2 and 3: a name says which key to try, and one key is one signer."""
    (row,) = whole()["signatures"]
    (other,) = whole("write-code.776a00e2.link")["signatures"]
    assert ", " not in links.verify(signed_by(row, row), pinned()).signer
    with pytest.raises(SignatureInvalidError):
        links.verify(signed_by({**row, "keyid": other["keyid"]}), pinned())
    with pytest.raises(SignatureInvalidError):
        links.verify(signed_by(row, other), pinned())
    with pytest.raises(UnverifiableError):
        links.verify(signed_by({**row, "keyid": "unknown"}), pinned())
    with pytest.raises(UnverifiableError):
        links.verify(signed_by(), pinned())
    stranger = {"keyid": "unknown", "sig": "00"}
    assert links.verify(signed_by(stranger, row), pinned()).signer == row["keyid"]


@pytest.mark.parametrize(
    "rows", [[1], [{}], [{"keyid": 1, "sig": ""}], [{"keyid": "a", "sig": "xy"}], [{}] * 9]
)
def test_a_signature_that_is_none_is_malformed(rows: list[object]) -> None:
    with pytest.raises(MalformedError):
        links.verify(signed_by(*rows), pinned())


@pytest.mark.parametrize("part", ["signed", "signatures"])
def test_a_link_without_a_part_is_malformed(part: str) -> None:
    with pytest.raises(MalformedError):
        links.verify(json.dumps({**whole(), part: None}).encode(), pinned())


@pytest.mark.parametrize("products", [None, [], {"a": 1}, {"a": {"md5": ""}}])
def test_products_without_digests_are_malformed(products: object) -> None:
    accepting: links.Keys = {"any": lambda _signature, _signed: None}
    record = {"_type": "link", "name": "x", "products": products}
    data = json.dumps({"signed": record, "signatures": [{"keyid": "any", "sig": ""}]})
    with pytest.raises(MalformedError):
        links.verify(data.encode(), accepting)


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b"{}", None),
        (b'{"a": 1}', MalformedError),
        (b'{"a": {"public": 1}}', MalformedError),
        (b'{"a": {"public": "", "scheme": "rsassa-pss-sha256"}}', MalformedError),
        (b'{"a": {"public": "", "scheme": "none"}}', UnverifiableError),
    ],
)
def test_a_file_of_keys_is_read_or_refused(data: bytes, error: type[ProductError] | None) -> None:
    if error is None:
        assert links.keys(data) == {}
        return
    with pytest.raises(error):
        links.keys(data)


def test_the_older_spelling_escapes_two_characters_alone_and_has_no_fractions() -> None:
    assert (
        links.spelled({"b": 'a"\\\n', "a": [None, True, 1]})
        == '{"a":[null,true,1],"b":"a\\"\\\\\n"}'
    )
    with pytest.raises(MalformedError):
        links.spelled([1.5])


@given(st.binary(max_size=60) | st.text('{}[]":,0', max_size=40).map(str.encode))
def test_arbitrary_bytes_are_no_link(data: bytes) -> None:
    with pytest.raises(MalformedError):
        links.verify(data, {})
