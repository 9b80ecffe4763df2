"""Stories of inspection: what happened, and the sentence that must come of it."""

import pytest
from msgspec.structs import replace

from controls.support import (
    BATTERY,
    CLERK,
    SELLER,
    Story,
    World,
    all_is_well,
    check,
    day,
    failing,
    good,
    no_arrival,
    unit,
    verdict,
)
from voltrail.controls.model import Outcome
from voltrail.statements import inspection as said
from voltrail.statements.inspection import Plan, Result

HOLDS, VIOLATED, UNPROVEN = Outcome.HOLDS, Outcome.VIOLATED, Outcome.UNPROVEN


def bad(world: World) -> None:
    world.edit("sample", results=failing(said.Test.CAPACITY, 1, *BATTERY[1:]))


def burn_in(world: World) -> None:
    good_run = replace(world.facts["sample"].fact, run=2)
    bad(world)
    world.put("again", good_run, CLERK, 30)


def test_an_item_that_fails_two_tests_counts_once_where_it_is_named() -> None:
    world = good()
    plan = Plan(5, 1, 2, "ISO 2859-1")
    twice = (Result(said.Test.CAPACITY, 5, 1, None, (unit("S-001"),)),)
    twice += (Result(said.Test.THERMAL, 5, 1, None, (unit("S-001"),)),)
    world.edit("sample", plan=plan, results=twice)
    assert verdict("INS-04", world).outcome is HOLDS
    world.edit("sample", results=tuple(replace(one, units=()) for one in twice))
    assert verdict("INS-04", world).outcome is VIOLATED


IDS = ("INS-01", "INS-02", "INS-03", "INS-04", "INS-05", "INS-06", "INS-07")
STORIES = [
    *all_is_well(*IDS),
    *no_arrival(*IDS),
    Story(
        "labels not looked at",
        "INS-01",
        UNPROVEN,
        "labels",
        lambda w: w.edit("receipt", results=failing(said.Test.SEALS, 0, said.Test.PACKAGING)),
    ),
    Story("none", "INS-01", UNPROVEN, "No receipt check", lambda w: w.drop("receipt")),
    Story(
        "by the seller", "INS-01", UNPROVEN, "No receipt check", lambda w: w.by("receipt", SELLER)
    ),
    Story(
        "broken seal",
        "INS-02",
        VIOLATED,
        "The seals check found 1",
        lambda w: w.edit("receipt", results=failing(said.Test.SEALS, 1, said.Test.LABELS)),
    ),
    Story("none", "INS-02", UNPROVEN, "No receipt check", lambda w: w.drop("receipt")),
    Story("first run hidden", "INS-02", UNPROVEN, "first run", lambda w: w.edit("receipt", run=2)),
    Story(
        "small sample",
        "INS-03",
        UNPROVEN,
        "Only 2 of 3",
        lambda w: w.edit("sample", results=failing(said.Test.CAPACITY, 0, size=2)),
    ),
    Story(
        "empty plan",
        "INS-03",
        UNPROVEN,
        "The plan draws 0",
        lambda w: w.edit("sample", plan=Plan(0, 0, 1, "none")),
    ),
    Story(
        "first run hidden", "INS-03", UNPROVEN, "first sample", lambda w: w.edit("sample", run=2)
    ),
    Story(
        "rejected", "INS-04", VIOLATED, "Sample rejected: 1 nonconforming in run 1, 0 allowed", bad
    ),
    Story("tested until it passed", "INS-04", VIOLATED, "in run 1", burn_in),
    Story(
        "first run hidden", "INS-04", UNPROVEN, "first sample", lambda w: w.edit("sample", run=2)
    ),
    Story("none", "INS-04", UNPROVEN, "No sample", lambda w: w.drop("sample")),
    Story(
        "one test",
        "INS-05",
        UNPROVEN,
        "1 of 5 tests",
        lambda w: w.edit("sample", results=failing(said.Test.CAPACITY, 0)),
    ),
    Story(
        "results before the goods",
        "INS-06",
        VIOLATED,
        "before the goods came",
        lambda w: w.edit("sample", inspected_at=day(19)),
    ),
    Story("none", "INS-06", UNPROVEN, "No receipt check", lambda w: w.drop("sample", "receipt")),
    Story(
        "counted by the seller",
        "INS-07",
        VIOLATED,
        "stated by norvolt",
        lambda w: w.by("arrival", SELLER),
    ),
]


@pytest.mark.parametrize("story", STORIES, ids=lambda one: f"{one.control}-{one.title}")
def test_a_story_ends_as_it_must(story: Story) -> None:
    check(story)
