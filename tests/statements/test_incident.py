"""What is known of a case may be said again and again; each cause is supported or weakened."""

import pytest

from statements.samples import FACTS, PACKS, refused
from voltrail.canonical import Json

INCIDENT = FACTS["incident"]


def test_many_statements_stand_about_one_case() -> None:
    assert not hasattr(INCIDENT, "claim")


@pytest.mark.parametrize(
    "changes",
    [
        {"kind": "weather"},
        {"severity": "7"},
        {"progress": "forgotten"},
        {"impacts": ["image"]},
        {"causes": [{"cause": "bad-luck", "weight": "supports", "sentence": "x"}]},
        {"causes": [{"cause": "tampering", "weight": "proves", "sentence": "x"}]},
        {"causes": [{"cause": "tampering", "weight": "supports"}]},
        {"units": [str(PACKS)]},
    ],
)
def test_an_incident_in_other_words_is_refused(changes: dict[str, Json]) -> None:
    refused("incident", **changes)
