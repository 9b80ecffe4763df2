"""Stories of the purchase: what happened, and the sentence that must come of it."""

from datetime import date

import pytest

from controls.support import BROKER, SELLER, Story, all_is_well, check, day
from voltrail.controls.model import Outcome
from voltrail.statements.qualification import EvidenceItem, EvidenceState, Item, Verdict

HOLDS, VIOLATED, UNPROVEN = Outcome.HOLDS, Outcome.VIOLATED, Outcome.UNPROVEN


def evidence(first: EvidenceState) -> tuple[Item, ...]:
    states = [first, *[EvidenceState.PRESENT] * 6]
    return tuple(Item(item, state) for item, state in zip(EvidenceItem, states, strict=True))


IDS = ("SUP-01", "SUP-02", "SUP-03", "SUP-04", "SUP-05")
STORIES = [
    *all_is_well(*IDS),
    Story(
        "lapsed",
        "SUP-01",
        VIOLATED,
        "Purchase without current qualification",
        lambda w: w.edit("qualification", valid_until=day(0)),
    ),
    Story(
        "absent",
        "SUP-01",
        VIOLATED,
        "Purchase without current qualification",
        lambda w: w.drop("qualification"),
    ),
    Story(
        "self-made",
        "SUP-01",
        VIOLATED,
        "Purchase without current qualification",
        lambda w: w.by("qualification", SELLER),
    ),
    Story(
        "other family",
        "SUP-01",
        VIOLATED,
        "had none for pack",
        lambda w: w.edit("qualification", families=("cell",)),
    ),
    Story(
        "other channel",
        "SUP-01",
        VIOLATED,
        "channel authorized",
        lambda w: w.edit("qualification", channels=("spot",)),
    ),
    Story("lighter tier", "SUP-01", VIOLATED, "tier 1", lambda w: w.edit("qualification", tier=2)),
    Story(
        "rejected",
        "SUP-01",
        VIOLATED,
        "stood rejected",
        lambda w: w.edit("qualification", verdict=Verdict.REJECTED, tier=3),
    ),
    Story("no order", "SUP-01", UNPROVEN, "No order", lambda w: w.drop("order")),
    Story("no product", "SUP-01", UNPROVEN, "not specified", lambda w: w.drop("product")),
    Story(
        "maker unnamed",
        "SUP-02",
        VIOLATED,
        "names no manufacturer",
        lambda w: w.edit("qualification", manufacturer=None),
    ),
    Story(
        "another maker",
        "SUP-02",
        VIOLATED,
        "the lot is by kestrel",
        lambda w: w.edit("qualification", manufacturer=BROKER),
    ),
    Story(
        "unqualified",
        "SUP-02",
        UNPROVEN,
        "No current qualification",
        lambda w: w.drop("qualification"),
    ),
    Story(
        "no report",
        "SUP-03",
        VIOLATED,
        "names no test report",
        lambda w: w.edit("qualification", test_report=None),
    ),
    Story(
        "old report",
        "SUP-03",
        VIOLATED,
        "expired on 2025-12-31",
        lambda w: w.edit("certificate", expires=date(2025, 12, 31)),
    ),
    Story(
        "unqualified",
        "SUP-03",
        UNPROVEN,
        "No current qualification",
        lambda w: w.drop("qualification"),
    ),
    Story(
        "six of seven",
        "SUP-04",
        UNPROVEN,
        "6 of 7",
        lambda w: w.edit("qualification", evidence=evidence(EvidenceState.STALE)),
    ),
    Story(
        "forged item",
        "SUP-04",
        VIOLATED,
        "corporate-identity",
        lambda w: w.edit("qualification", evidence=evidence(EvidenceState.REJECTED)),
    ),
    Story(
        "unqualified",
        "SUP-04",
        UNPROVEN,
        "No current qualification",
        lambda w: w.drop("qualification"),
    ),
    Story(
        "order by the seller",
        "SUP-05",
        VIOLATED,
        "stated by norvolt",
        lambda w: w.by("order", SELLER),
    ),
    Story("no order", "SUP-05", UNPROVEN, "No order", lambda w: w.drop("order")),
]


@pytest.mark.parametrize("story", STORIES, ids=lambda one: f"{one.control}-{one.title}")
def test_a_story_ends_as_it_must(story: Story) -> None:
    check(story)
