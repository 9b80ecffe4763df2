"""Committed tables: each row provable, every change noticed."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voltrail import merkle, table
from voltrail.errors import MalformedError, RefusedError
from voltrail.ids.subject import LotId, PartyId, ProductId
from voltrail.statements import kinds, statement

TABLE = b"serial,capacity\nA1,280.0\nA2,279.5\nA3,281.2\n"
line = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\n"), min_size=1)


def test_a_commitment_states_columns_rows_digest_and_root() -> None:
    found = table.commit(TABLE)
    assert (found.columns, found.rows) == (("serial", "capacity"), 3)
    expected = [merkle.leaf_hash(row) for row in (b"A1,280.0", b"A2,279.5", b"A3,281.2")]
    assert found.root == merkle.root(expected).hex()
    assert list(table.rows(TABLE)) == [b"A1,280.0", b"A2,279.5", b"A3,281.2"]
    assert table.Commitment.parse(found.to_json()) == found


def test_a_table_without_rows_commits_to_the_empty_root() -> None:
    found = table.commit(b"serial\n")
    assert (found.rows, found.root) == (0, merkle.EMPTY_ROOT.hex())


@given(st.lists(line, min_size=1, max_size=40), st.data())
def test_each_row_is_proven_and_no_other(lines: list[str], data: st.DataObject) -> None:
    whole = ("serial\n" + "\n".join(lines) + "\n").encode()
    commitment = table.commit(whole)
    table.check(whole, commitment)
    row = data.draw(st.integers(0, len(lines) - 1))
    index, proof = table.prove(whole, row)
    table.verify_row(lines[row].encode(), index, proof, commitment)
    with pytest.raises(RefusedError):
        table.verify_row(lines[row].encode() + b"0", index, proof, commitment)
    with pytest.raises(RefusedError):
        table.check(whole + b"one more\n", commitment)


@given(st.binary(max_size=200))
def test_arbitrary_bytes_give_a_commitment_or_malformed(data: bytes) -> None:
    try:
        found = table.commit(data)
    except MalformedError:
        return
    assert found.rows == len(list(table.rows(data)))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\n",
        b"serial",
        b"serial\nA1",
        b"serial\r\nA1\r\n",
        b"serial\n\nA1\n",
        b"serial\nA1\n\n",
        b"\xff\n",
        b"serial,\nA1,\n",
        b"serial,serial\nA1,A1\n",
        b'"serial"\nA1\n',
        b"\xef\xbb\xbfserial\nA1\n",
        b" serial\nA1\n",
    ],
)
def test_a_table_in_another_form_is_malformed(data: bytes) -> None:
    with pytest.raises(MalformedError):
        table.commit(data)


CHANGES: list[dict[str, Any]] = [
    {"rows": -1},
    {"rows": True},
    {"rows": "3"},
    {"rows": 2**53},
    {"sha256": "AB" * 32},
    {"root": "ab"},
    {"root": None},
    {"columns": []},
    {"columns": ["a", "a"]},
    {"columns": ["a\n"]},
    {"columns": "serial"},
    {"more": 1},
]


@pytest.mark.parametrize("change", CHANGES)
def test_a_commitment_in_another_form_is_malformed(change: dict[str, Any]) -> None:
    with pytest.raises(MalformedError):
        table.Commitment.parse(table.commit(TABLE).to_json() | change)
    with pytest.raises(MalformedError):
        table.Commitment.parse(None)


@pytest.mark.parametrize("change", CHANGES)
def test_a_statement_with_a_commitment_in_another_form_is_malformed(change: dict[str, Any]) -> None:
    lot, maker = LotId.of("kestrel", "A1"), PartyId.of("kestrel")
    header: dict[str, Any] = {"issuer": str(maker), "claimedTime": "2026-11-22T08:40:00Z"}
    said = {"lot": str(lot), "product": str(ProductId.of("kestrel", "K2")), "header": header}
    tree = table.commit(TABLE).to_json()
    whole = statement.draft(kinds.uri("lot"), said | {"unitTree": tree}, (lot,))
    assert statement.parse(whole).fact.unit_tree == table.commit(TABLE)
    with pytest.raises(MalformedError):
        statement.parse(
            statement.draft(kinds.uri("lot"), said | {"unitTree": tree | change}, (lot,))
        )


def test_a_row_outside_the_table_is_malformed() -> None:
    commitment = table.commit(TABLE)
    with pytest.raises(MalformedError):
        table.prove(TABLE, 3)
    with pytest.raises(MalformedError):
        table.verify_row(b"A1,280.0", 3, [], commitment)
