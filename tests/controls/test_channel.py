"""Stories of the channel: what happened, and the sentence that must come of it."""

import pytest

from controls.support import BROKER, MAKER, SELLER, Story, all_is_well, check, day, no_arrival
from voltrail.controls.model import Outcome

HOLDS, VIOLATED, UNPROVEN = Outcome.HOLDS, Outcome.VIOLATED, Outcome.UNPROVEN

WAY = [f"{half}{number}" for half in ("given", "taken") for number in (1, 2, 3)]


IDS = ("CHN-01", "CHN-02", "CHN-03")
STORIES = [
    *all_is_well(*IDS),
    *no_arrival(*IDS),
    Story(
        "lapsed",
        "CHN-01",
        VIOLATED,
        "covered the order",
        lambda w: w.edit("authorization", valid_until=day(-1)),
    ),
    Story(
        "other family",
        "CHN-01",
        VIOLATED,
        "covered the order",
        lambda w: w.edit("authorization", families=("cell",)),
    ),
    Story(
        "self-made",
        "CHN-01",
        VIOLATED,
        "issued by norvolt",
        lambda w: w.by("authorization", SELLER),
    ),
    Story(
        "absent",
        "CHN-01",
        UNPROVEN,
        "No authorization of norvolt",
        lambda w: w.drop("authorization"),
    ),
    Story(
        "the maker sells",
        "CHN-01",
        HOLDS,
        "made the goods and sold",
        lambda w: w.edit("order", seller=MAKER),
    ),
    Story(
        "broker took",
        "CHN-02",
        VIOLATED,
        "Undeclared intermediary: shade",
        lambda w: w.edit("taken2", taker=BROKER),
    ),
    Story(
        "carrier undisclosed",
        "CHN-02",
        VIOLATED,
        "Undeclared intermediary: rheintrans",
        lambda w: w.drop("disclosure"),
    ),
    Story(
        "disclosed by a stranger",
        "CHN-02",
        VIOLATED,
        "Undeclared intermediary",
        lambda w: w.by("disclosure", BROKER),
    ),
    Story(
        "disclosed too late",
        "CHN-02",
        VIOLATED,
        "Undeclared intermediary",
        lambda w: w.edit("disclosure", valid_from=day(30)),
    ),
    Story("no order", "CHN-02", UNPROVEN, "No order", lambda w: w.drop("order")),
    Story("no custody", "CHN-02", UNPROVEN, "No hand-over", lambda w: w.drop(*WAY)),
    Story(
        "a stranger delivered",
        "CHN-03",
        VIOLATED,
        "no hand-over names it",
        lambda w: w.edit("arrival", delivered_by=BROKER),
    ),
    Story(
        "nobody noted",
        "CHN-03",
        UNPROVEN,
        "did not record who",
        lambda w: w.edit("arrival", delivered_by=None),
    ),
    Story("no custody", "CHN-03", UNPROVEN, "No hand-over", lambda w: w.drop(*WAY)),
]


@pytest.mark.parametrize("story", STORIES, ids=lambda one: f"{one.control}-{one.title}")
def test_a_story_ends_as_it_must(story: Story) -> None:
    check(story)
