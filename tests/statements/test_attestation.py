"""An attestation result stands once for each run over an answer, in the words of the standards."""

import pytest
from msgspec.structs import replace

from statements.samples import FACTS, ONE, refused
from voltrail.canonical import Json

RESULT = FACTS["attestation"]


def test_one_result_stands_for_each_run_over_an_answer() -> None:
    assert replace(RESULT, evidence=RESULT.challenge).claim == RESULT.claim
    assert replace(RESULT, run=2).claim != RESULT.claim
    assert replace(RESULT, attester="other").claim != RESULT.claim


def test_a_result_without_a_challenge_is_told_apart_by_its_evidence() -> None:
    bare = replace(RESULT, challenge=None)
    assert replace(bare, evidence=ONE[::-1].replace("1", "5")).claim != bare.claim


@pytest.mark.parametrize(
    "changes",
    [
        {"level": "AL5"},
        {"status": "green"},
        {"run": -1},
        {"challenge": "nonce"},
        {"lifecycle": "shipped"},
        {"vector": [{"claim": "executables"}]},
        {"vector": [{"claim": "firmware", "tier": "affirming"}]},
        {"vector": [{"claim": "executables", "tier": "pass"}]},
        {"measurements": [{"component": "main", "algorithm": "md5", "value": "00"}]},
        {"freshUntil": "2026-11-02T09:40:00"},
    ],
)
def test_a_result_in_other_words_is_refused(changes: dict[str, Json]) -> None:
    refused("attestation", **changes)
