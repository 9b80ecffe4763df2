import random

import pytest

from voltrail.actions.judge import judge
from voltrail.actions.refold import refold
from voltrail.controls.policy import of_record
from voltrail.decisions.replay import replay
from voltrail.ids.subject import PlaceId
from voltrail.projections.fold import view
from voltrail.projections.view import fold
from voltrail.statements.decision import DecisionRecord
from voltrail_world.cast import HALL, OFFICE, SUBSTATION, born
from voltrail_world.play import desk_of, play, table
from voltrail_world.story import Story, policy, script, stories
from world_fixture import NOW, clean_shipment, fresh_world, played_world

STORIES = stories()
NAMES = [story.tells for story in STORIES]


def test_the_register_takes_and_refuses_what_the_story_says() -> None:
    wrong = [
        (one.act.note, one.act.expected, one.error)
        for one in played_world().played
        if not one.as_expected
    ]
    assert wrong == []


@pytest.mark.parametrize("story", STORIES, ids=NAMES)
def test_each_story_ends_as_it_must(story: Story) -> None:
    decision = played_world().decision(story.shipment.arrival).fact
    assert decision.disposition == story.ends, decision.sentence


@pytest.mark.parametrize("story", [one for one in STORIES if one.leads], ids=lambda one: one.tells)
def test_the_control_that_finds_the_lie_leads(story: Story) -> None:
    decision = played_world().decision(story.shipment.arrival).fact
    assert decision.findings[0].control == story.leads, decision.sentence


@pytest.mark.parametrize(
    ("place", "tier"),
    [(HALL, 1), (SUBSTATION, 2), (OFFICE, 3)],
    ids=["hall", "substation", "office"],
)
def test_each_place_has_the_tier_that_its_statement_gives(place: PlaceId, tier: int) -> None:
    tiers = {
        played_world().decision(story.shipment.arrival).fact.tier
        for story in STORIES
        if story.shipment.place == place
    }
    assert tiers == {tier}


@pytest.mark.parametrize("story", STORIES, ids=NAMES)
def test_every_decision_ever_made_replays_to_the_same_answer(story: Story) -> None:
    seen = played_world()
    about = view(seen.desk.entries, seen.desk.views, story.shipment.arrival)
    found = about.every(DecisionRecord)
    assert found
    for one in found:
        assert replay(seen.desk, one.fact, of_record(policy())).same


def test_views_made_again_from_the_register_have_the_same_digest() -> None:
    seen = played_world()
    desk = seen.desk
    before, size = desk.views.digest(), desk.entries.size()
    with desk.entries.transaction():
        assert refold(desk, NOW) == size
    assert desk.views.digest() == before
    assert seen.since(size) == []


@pytest.mark.parametrize("story", STORIES, ids=NAMES)
def test_a_view_does_not_depend_on_the_order_of_its_entries(story: Story) -> None:
    seen = played_world()
    for subject in (story.shipment.arrival, story.shipment.lot):
        whole = view(seen.desk.entries, seen.desk.views, subject)
        facts = list(whole.facts)
        random.Random(str(subject)).shuffle(facts)
        assert fold(subject, facts) == whole


def test_the_printed_table_is_the_same_whoever_holds_the_keys() -> None:
    world = born()
    desk = desk_of(world)
    play(desk, script(world))
    assert table(desk.views.rows()) == table(played_world().desk.views.rows())


def test_judging_again_without_news_seals_nothing() -> None:
    seen = fresh_world()
    shipment = clean_shipment()
    seen.deliver(shipment)
    size = seen.desk.entries.size()
    judge(seen.desk, [shipment.arrival], NOW)
    assert seen.since(size) == []
