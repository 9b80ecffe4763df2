"""One playbook for one purchase: done, waiting for somebody, coming later, not asked for."""

import pytest

from voltrail.actions import playbook, show
from voltrail.actions.appointment import functions
from voltrail.actions.playbook import Standing, Step
from voltrail.catalogue import load
from voltrail.statements import kinds
from voltrail_world.story import stories
from world_fixture import fresh_world, played_world, strict_shipment

DONE, OPEN, LATER, ASIDE = Standing.DONE, Standing.OPEN, Standing.LATER, Standing.ASIDE
STORIES = {one.tells: one.shipment.arrival for one in stories()}


def steps(title: str) -> dict[str, Step]:
    found = show.arrival(played_world().desk, STORIES[title])
    return {one.row.step: one for one in playbook.playbook(found)}


def test_goods_with_everything_wait_for_two_people_to_accept_them() -> None:
    found = steps("tier 1, with everything")
    assert {one.standing for name, one in found.items() if name not in ("accept", "install")} == {
        DONE
    }
    assert found["accept"].standing is OPEN
    assert found["install"].standing is LATER
    assert "accepted" in found["install"].why
    assert found["lot-record"].signed_by
    assert found["decide"].entries


def test_a_missing_half_waits_for_procurement_until_a_day() -> None:
    found = steps("missing hand-over half")
    step = found["custody"]
    assert (step.standing, step.duty is not None) == (OPEN, True)
    assert step.duty is not None
    assert step.duty.role == "procurement"
    assert "one half" in step.why
    assert found["accept"].standing is LATER


def test_a_rejection_waits_for_the_two_functions_that_sign_it() -> None:
    found = steps("failed sample, tried again")
    assert found["reject"].standing is OPEN
    assert found["sample"].standing is OPEN
    assert "accept" not in found


def test_what_is_in_service_and_not_released_is_taken_out() -> None:
    found = steps("installed, then strange firmware")
    assert found["isolate"].standing is OPEN
    assert "accept" not in found


def test_the_light_path_says_what_it_does_not_ask_for() -> None:
    found = steps("tier 3, the light path, a newcomer's sodium-ion")
    assert found["look"].standing is DONE
    assert (found["accept"].standing, found["accept"].why) == (ASIDE, "Not asked for at tier 3.")
    assert found["install"].standing is OPEN


def test_a_step_that_does_not_apply_says_why() -> None:
    found = steps("tier 3, the light path, a newcomer's sodium-ion")["firmware"]
    assert (found.standing, found.why) == (ASIDE, "No firmware: No controller in the product.")


def test_a_step_that_only_trouble_opens_is_left_out_without_trouble() -> None:
    assert not {"hold", "keys", "red-flag"} & set(steps("tier 1, with everything"))


def test_before_anything_was_judged_everything_comes_later() -> None:
    seen = fresh_world()
    goods = strict_shipment("771")
    seen.deliver(goods)
    story = show.arrival(seen.desk, goods.arrival)
    blank = show.ArrivalStory(story.row, None, (), (), ())
    assert {one.standing for one in playbook.playbook(blank)} == {LATER}


def test_every_control_has_one_step_that_answers_for_it() -> None:
    lost = {
        one.id: found
        for one in load.entries()
        if len(found := [row.step for row in playbook.rows() if row.is_about(one.id)]) != 1
    }
    assert not lost, f"Give each of these one row in playbook.csv: {lost}"


@pytest.mark.parametrize("row", playbook.rows(), ids=lambda row: row.step)
def test_each_row_names_only_what_is_known(row: playbook.PlaybookRow) -> None:
    assert row.decides in {*functions(), "nobody"}
    assert set(row.done_by) <= set(kinds.KINDS)
    assert row.when in {"always", "failing", "release", "reject", "isolate"}
    assert row.count in (1, 2)


def test_all_six_functions_find_themselves_in_it() -> None:
    six = {"procurement", "quality", "facilities", "ot", "security"}
    assert six <= {row.decides for row in playbook.rows()}
