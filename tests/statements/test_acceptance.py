"""An acceptance names what is taken into service, where, when and by which two."""

import pytest
from msgspec.structs import replace

from statements.samples import FACTS, refused
from voltrail.canonical import Json

ACCEPTANCE = FACTS["acceptance"]


def test_one_record_stands_for_each_number() -> None:
    assert replace(ACCEPTANCE, note="another").claim == ACCEPTANCE.claim
    assert replace(ACCEPTANCE, number="ACC-2").claim != ACCEPTANCE.claim


@pytest.mark.parametrize(
    "changes",
    [{"verb": "wave"}, {"acceptedBy": ["Runa"]}, {"units": ["P-1"]}, {"at": "today"}],
)
def test_an_acceptance_that_says_nothing_clear_is_refused(changes: dict[str, Json]) -> None:
    refused("acceptance", **changes)
