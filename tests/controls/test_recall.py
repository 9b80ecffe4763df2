"""Stories of recall: what happened, and the sentence that must come of it."""

import pytest

from controls.support import BROKER, CLERK, LOT, Story, all_is_well, check, hold, no_arrival
from voltrail.controls.model import Outcome
from voltrail.statements.signal import Signal, SignalKind

HOLDS, VIOLATED, UNPROVEN = Outcome.HOLDS, Outcome.VIOLATED, Outcome.UNPROVEN

FLAG = Signal(SignalKind.INCONSISTENT_LABEL, "label differs.")


IDS = ("RCL-01", "RCL-02")
STORIES = [
    *all_is_well(*IDS),
    *no_arrival(*IDS),
    Story(
        "held",
        "RCL-01",
        VIOLATED,
        "Held in case C-7: swollen cells",
        lambda w: w.put("hold", hold("swollen cells."), CLERK, 40),
    ),
    Story(
        "red flag",
        "RCL-02",
        VIOLATED,
        "Red flag: label differs",
        lambda w: w.put("flag", FLAG, CLERK, 40, LOT),
    ),
    Story("a rumour", "RCL-02", HOLDS, "", lambda w: w.put("flag", FLAG, BROKER, 40, LOT)),
]


@pytest.mark.parametrize("story", STORIES, ids=lambda one: f"{one.control}-{one.title}")
def test_a_story_ends_as_it_must(story: Story) -> None:
    check(story)
