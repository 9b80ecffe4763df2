"""Stories of keys: what happened, and the sentence that must come of it."""

import pytest

from controls.support import (
    CARRIER,
    MAKER,
    SELLER,
    Story,
    World,
    all_is_well,
    anchor,
    check,
    no_arrival,
)
from voltrail.controls.model import Outcome

HOLDS, VIOLATED, UNPROVEN = Outcome.HOLDS, Outcome.VIOLATED, Outcome.UNPROVEN


def replaced(world: World) -> None:
    world.lose(MAKER, 5)
    world.keys[MAKER] += (anchor(MAKER, b"n"),)


IDS = ("KEY-01", "KEY-02", "KEY-03")
STORIES = [
    *all_is_well(*IDS),
    *no_arrival(*IDS),
    Story(
        "stolen before receipt",
        "KEY-01",
        VIOLATED,
        "A key of kestrel is compromised",
        lambda w: w.lose(MAKER, 15),
    ),
    Story("stolen after receipt", "KEY-01", HOLDS, "", lambda w: w.lose(MAKER, 25)),
    Story("stolen and replaced", "KEY-01", HOLDS, "", replaced),
    Story("no key", "KEY-01", UNPROVEN, "No key of norvolt", lambda w: w.keys.pop(SELLER)),
    Story(
        "signed after the theft",
        "KEY-02",
        VIOLATED,
        "statement by kestrel was signed by a compromised key",
        lambda w: w.lose(MAKER, 5),
    ),
    Story("signed before the theft", "KEY-02", HOLDS, "", lambda w: w.lose(MAKER, 15)),
    Story("which of two keys", "KEY-02", UNPROVEN, "may be by a compromised key", replaced),
    Story(
        "carrier without key",
        "KEY-03",
        UNPROVEN,
        "rheintrans had no key",
        lambda w: w.keys.pop(CARRIER),
    ),
]


@pytest.mark.parametrize("story", STORIES, ids=lambda one: f"{one.control}-{one.title}")
def test_a_story_ends_as_it_must(story: Story) -> None:
    check(story)
