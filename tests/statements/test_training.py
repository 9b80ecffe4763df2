"""A training names its course, its assessor and its end."""

import pytest
from msgspec.structs import replace

from statements.samples import FACTS, refused
from voltrail.canonical import Json

TRAINING = FACTS["training"]


def test_one_result_stands_for_each_person_course_and_day() -> None:
    assert replace(TRAINING, note="another").claim == TRAINING.claim
    assert replace(TRAINING, course="forklift").claim != TRAINING.claim


@pytest.mark.parametrize(
    "changes",
    [{"validUntil": "for ever"}, {"assessedBy": "Runa"}, {"course": ""}, {"evidence": "paper"}],
)
def test_a_training_that_says_nothing_clear_is_refused(changes: dict[str, Json]) -> None:
    refused("training", **changes)
