"""A remark names its subject and its person, and no control can read one."""

import pytest

from statements.samples import FACTS, refused
from voltrail.canonical import Json
from voltrail.statements import kinds
from voltrail.trust.entitlement import OPERATOR_ONLY

REMARK = FACTS["remark"]


@pytest.mark.parametrize(
    "changes",
    [
        {"about": "the lot"},
        {"by": "urn:voltrail:party:kestrel"},
        {"text": " "},
        {"files": [{"name": "a.txt", "mediaType": "text/plain", "size": -1, "content": "1" * 64}]},
        {"mails": [{"content": "1" * 64, "sentAt": "yesterday"}]},
    ],
)
def test_a_remark_that_says_nothing_clear_is_refused(changes: dict[str, Json]) -> None:
    refused("remark", **changes)


def test_only_the_operator_states_one() -> None:
    assert kinds.uri("remark") in OPERATOR_ONLY
