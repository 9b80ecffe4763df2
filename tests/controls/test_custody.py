"""Stories of custody: what happened, and the sentence that must come of it."""

import pytest

from controls.support import BROKER, Story, all_is_well, check, day, no_arrival
from voltrail.controls.model import Outcome

HOLDS, VIOLATED, UNPROVEN = Outcome.HOLDS, Outcome.VIOLATED, Outcome.UNPROVEN

WAY = [f"{half}{number}" for half in ("given", "taken") for number in (1, 2, 3)]


IDS = ("CUS-01", "CUS-02", "CUS-03", "CUS-04", "CUS-05", "CUS-06")
STORIES = [
    *all_is_well(*IDS),
    *no_arrival(*IDS),
    Story(
        "silent taker", "CUS-01", UNPROVEN, "rheintrans did not sign", lambda w: w.drop("taken2")
    ),
    Story(
        "signed by another",
        "CUS-01",
        UNPROVEN,
        "norvolt did not sign",
        lambda w: w.by("given2", BROKER),
    ),
    Story(
        "other parties",
        "CUS-01",
        VIOLATED,
        "name other parties",
        lambda w: w.edit("given2", taker=BROKER),
    ),
    Story(
        "missing hop",
        "CUS-02",
        VIOLATED,
        "norvolt took it, rheintrans gave it",
        lambda w: w.drop("given2", "taken2"),
    ),
    Story(
        "unknown beginning",
        "CUS-02",
        UNPROVEN,
        "begins with norvolt",
        lambda w: w.drop("given1", "taken1"),
    ),
    Story(
        "given is not taken",
        "CUS-03",
        VIOLATED,
        "10 given, 9 taken",
        lambda w: w.edit("taken2", quantity=9),
    ),
    Story(
        "passed on more",
        "CUS-03",
        VIOLATED,
        "More was passed on",
        lambda w: (w.edit("given1", quantity=9), w.edit("taken1", quantity=9)),
    ),
    Story(
        "short count",
        "CUS-03",
        VIOLATED,
        "10 were taken last, 8 arrived",
        lambda w: w.edit("arrival", quantity=8),
    ),
    Story(
        "broken seal",
        "CUS-04",
        VIOLATED,
        "found other seals",
        lambda w: w.edit("arrival", seals=("seal-9",)),
    ),
    Story(
        "resealed",
        "CUS-04",
        VIOLATED,
        "hand-over H2",
        lambda w: w.edit("taken2", seals=("seal-9",)),
    ),
    Story(
        "no seals",
        "CUS-04",
        UNPROVEN,
        "No seal",
        lambda w: [w.edit(name, seals=()) for name in (*WAY, "arrival")],
    ),
    Story(
        "still with the carrier",
        "CUS-05",
        VIOLATED,
        "rheintrans still holds",
        lambda w: w.drop("given3", "taken3"),
    ),
    Story(
        "gave before it took",
        "CUS-06",
        VIOLATED,
        "before it took",
        lambda w: (w.edit("given2", at=day(9.5)), w.edit("taken2", at=day(9.6))),
    ),
    Story(
        "halves apart",
        "CUS-06",
        VIOLATED,
        "halves differ in time",
        lambda w: w.edit("taken2", at=day(18)),
    ),
    Story(
        "after receipt",
        "CUS-06",
        VIOLATED,
        "later than the receipt",
        lambda w: w.edit("arrival", received_at=day(16)),
    ),
    *[
        Story("no custody", one, UNPROVEN, "No hand-over", lambda w: w.drop(*WAY))
        for one in ("CUS-01", "CUS-02", "CUS-03", "CUS-04", "CUS-05", "CUS-06")
    ],
]


@pytest.mark.parametrize("story", STORIES, ids=lambda one: f"{one.control}-{one.title}")
def test_a_story_ends_as_it_must(story: Story) -> None:
    check(story)
