"""An administrative act names what was done, by whom, about whom and why."""

import pytest

from statements.samples import refused
from voltrail.canonical import Json


@pytest.mark.parametrize(
    "changes",
    [{"act": "party"}, {"by": ["Runa"]}, {"about": "everybody"}, {"reason": ""}],
)
def test_an_act_that_says_nothing_clear_is_refused(changes: dict[str, Json]) -> None:
    refused("administration", **changes)
