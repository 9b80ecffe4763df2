"""Stories of firmware: what happened, and the sentence that must come of it."""

import pytest
from msgspec.structs import replace

from controls.support import (
    MAKER,
    OPERATOR,
    OTHER_IMAGE,
    PRODUCT,
    Story,
    World,
    all_is_well,
    check,
    day,
    no_arrival,
)
from voltrail.controls.model import Outcome
from voltrail.statements.product import Attestability

HOLDS, VIOLATED, UNPROVEN = Outcome.HOLDS, Outcome.VIOLATED, Outcome.UNPROVEN
NOT_APPLICABLE = Outcome.NOT_APPLICABLE

LOOKING = ("FRM-01", "FRM-02", "FRM-03", "FRM-04", "FRM-05")


def mute(world: World) -> None:
    world.edit("product", attestability=Attestability.PASSIVE)
    world.edit("lot", firmware_version="none")


def passive(world: World) -> None:
    mute(world)
    world.edit("lot", firmware_reason="no controller.")


IDS = ("FRM-01", "FRM-02", "FRM-03", "FRM-04", "FRM-05", "FRM-06")
STORIES = [
    *all_is_well(*IDS),
    *no_arrival(*IDS),
    Story(
        "unexpected image",
        "FRM-01",
        VIOLATED,
        "Unexpected firmware: image bbbbbbbbbbbb",
        lambda w: w.edit("reading", image=OTHER_IMAGE),
    ),
    Story(
        "approved by the maker",
        "FRM-01",
        VIOLATED,
        "never approved",
        lambda w: w.by("release", MAKER),
    ),
    Story(
        "unapproved version",
        "FRM-02",
        VIOLATED,
        "declares 4.3.0",
        lambda w: w.edit("lot", firmware_version="4.3.0"),
    ),
    Story(
        "undeclared",
        "FRM-02",
        UNPROVEN,
        "not declared",
        lambda w: w.edit("lot", firmware_version=None),
    ),
    Story(
        "changed on the way",
        "FRM-03",
        VIOLATED,
        "4.2.0 was declared, 4.1.9 was read",
        lambda w: w.edit("reading", version="4.1.9"),
    ),
    Story("undeclared", "FRM-03", UNPROVEN, "not declared", lambda w: w.drop("lot")),
    Story(
        "two of three",
        "FRM-04",
        UNPROVEN,
        "2 units were read",
        lambda w: w.edit("reading", units_read=2),
    ),
    Story(
        "withdrawn",
        "FRM-05",
        VIOLATED,
        "approval of 4.2.0 was withdrawn",
        lambda w: w.put(
            "end", replace(w.facts["release"].fact, approved=False), OPERATOR, 30, PRODUCT
        ),
    ),
    Story(
        "unknown image",
        "FRM-05",
        UNPROVEN,
        "Nothing is on record",
        lambda w: w.edit("reading", image=OTHER_IMAGE),
    ),
    Story(
        "not yet", "FRM-05", UNPROVEN, "begins on", lambda w: w.edit("release", valid_from=day(90))
    ),
    Story(
        "only reported",
        "FRM-06",
        UNPROVEN,
        "No unit attested",
        lambda w: w.edit("reading", method="serial console"),
    ),
    Story(
        "cannot attest",
        "FRM-06",
        NOT_APPLICABLE,
        "cannot attest",
        lambda w: w.edit("product", attestability=Attestability.TELEMETRY_ONLY),
    ),
    Story("no product", "FRM-06", UNPROVEN, "not specified", lambda w: w.drop("product")),
    *[
        Story("passive", one, NOT_APPLICABLE, "No firmware: no controller", passive)
        for one in LOOKING
    ],
    *[Story("passive without reason", one, UNPROVEN, "no reason", mute) for one in LOOKING],
    *[
        Story(
            "passive with firmware",
            one,
            VIOLATED,
            "Specified as passive",
            lambda w: w.edit("product", attestability=Attestability.PASSIVE),
        )
        for one in LOOKING
    ],
    *[
        Story("not read", one, UNPROVEN, "read", lambda w: w.drop("reading"))
        for one in ("FRM-01", "FRM-03", "FRM-04", "FRM-05")
    ],
]


@pytest.mark.parametrize("story", STORIES, ids=lambda one: f"{one.control}-{one.title}")
def test_a_story_ends_as_it_must(story: Story) -> None:
    check(story)
