"""A contract is read clause by clause; it has no place for a price."""

import pytest
from msgspec.structs import replace

from statements.samples import FACTS, refused
from voltrail.canonical import Json

CONTRACT = FACTS["contract"]


def test_one_reading_stands_for_each_revision() -> None:
    assert replace(CONTRACT, clauses=()).claim == CONTRACT.claim
    assert replace(CONTRACT, revision=2).claim != CONTRACT.claim


def test_a_contract_on_record_has_no_field_for_money() -> None:
    names = set(CONTRACT.__struct_fields__)
    assert not names & {"price", "prices", "amount", "currency", "value"}


@pytest.mark.parametrize(
    "changes",
    [
        {"clauses": [{"clause": "CLA-07", "version": 1, "state": "fine"}]},
        {"clauses": [{"clause": "CLA-07", "state": "present"}]},
        {"clauses": [{"clause": "CLA-07", "version": 1, "state": "present", "within": "5 d"}]},
        {"noticeTimes": [{"kind": "bom", "leadTime": 90}]},
        {"noticeTimes": [{"kind": "weather", "leadTime": {"value": "90", "unit": "d"}}]},
        {"escrow": [{"deposit": "git tag", "title": "x", "custodian": "urn:voltrail:party:x"}]},
        {"recall": {"testedOn": "2026-06-01"}},
        {"supplier": "urn:voltrail:person:p-runa"},
    ],
)
def test_a_clause_that_says_nothing_clear_is_refused(changes: dict[str, Json]) -> None:
    refused("contract", **changes)
