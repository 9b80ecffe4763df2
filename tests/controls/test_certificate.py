"""Stories of certificates: what happened, and the sentence that must come of it."""

from datetime import date

import pytest

from controls.support import BROKER, PLACE, Story, all_is_well, check, no_arrival
from voltrail.controls.model import Outcome

HOLDS, VIOLATED, UNPROVEN = Outcome.HOLDS, Outcome.VIOLATED, Outcome.UNPROVEN
NOT_APPLICABLE = Outcome.NOT_APPLICABLE


IDS = ("CRT-01", "CRT-02", "CRT-03", "CRT-04")
STORIES = [
    *all_is_well(*IDS),
    *no_arrival(*IDS),
    Story(
        "expired",
        "CRT-01",
        VIOLATED,
        "was not current on 2026-01-21",
        lambda w: w.edit("certificate", expires=date(2026, 1, 20)),
    ),
    Story(
        "reused",
        "CRT-02",
        VIOLATED,
        "is for KP-24, reused for KP-48",
        lambda w: w.edit("certificate", model="KP-24"),
    ),
    Story("no product", "CRT-02", UNPROVEN, "not specified", lambda w: w.drop("product")),
    Story(
        "somebody else's",
        "CRT-03",
        VIOLATED,
        "issued to shade",
        lambda w: w.edit("certificate", holder=BROKER),
    ),
    Story(
        "another factory",
        "CRT-04",
        VIOLATED,
        "covers the factory kestrel:plant-1",
        lambda w: w.edit("certificate", factory=PLACE),
    ),
    Story(
        "factory unstated",
        "CRT-04",
        UNPROVEN,
        "in which factory",
        lambda w: w.edit("lot", factory=None),
    ),
    Story(
        "bound to none",
        "CRT-04",
        NOT_APPLICABLE,
        "not bound",
        lambda w: w.edit("certificate", factory=None),
    ),
    *[
        Story("none filed", one, UNPROVEN, "No certificate", lambda w: w.drop("certificate"))
        for one in ("CRT-01", "CRT-02", "CRT-03", "CRT-04")
    ],
]


@pytest.mark.parametrize("story", STORIES, ids=lambda one: f"{one.control}-{one.title}")
def test_a_story_ends_as_it_must(story: Story) -> None:
    check(story)
