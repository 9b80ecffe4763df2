"""Goods are judged by the rules that stood before they came, and by no later ones."""

from datetime import datetime, timedelta

import pytest
from msgspec.structs import replace

from voltrail.actions.judge import in_force
from voltrail.controls.policy import of_record
from voltrail.decisions.baseline import baseline
from voltrail.projections.fold import view
from voltrail.statements.fields import Digest
from voltrail.statements.order import Order
from voltrail.statements.policy import Consequence, Mode, PolicyRecord
from voltrail.statements.statement import Header
from voltrail_world.arrivals import Act, Shipment, acts_of
from voltrail_world.cast import ANSEL, BEGINS, NORDLICHT, PLACES, RUNA
from voltrail_world.play import play
from voltrail_world.story import policy
from world_fixture import PlayedWorld, clean_shipment, fresh_world

DAY = timedelta(days=1)
STANDING = of_record(policy())
LOOSE = tuple(
    rule
    if rule.control.startswith("SUP-")  # something must be required, or nothing is released
    else replace(rule, mode=Mode.ADVISED, violated=Consequence.NOTE, unproven=Consequence.NOTE)
    for rule in policy().rules
)


def lax(begins: datetime = BEGINS) -> PolicyRecord:
    """A policy that lets everything pass, approved by two people all the same."""
    return PolicyRecord("Everything passes", begins, LOOSE, (RUNA, ANSEL))


def approve(seen: PlayedWorld, rules: PolicyRecord, at: datetime) -> None:
    raw = seen.world.say(rules, Header(RUNA, at), NORDLICHT, by=(RUNA, ANSEL))
    assert seen.hand_in(raw, at).fresh


def unnamed(seen: PlayedWorld, going: Shipment, named: Digest | None = None) -> list[Act]:
    """The acts of a shipment whose order names this policy, or none."""
    order, *rest = sorted(acts_of(seen.world, going), key=lambda act: act.at)
    fact = Order(
        going.order,
        going.product,
        going.seller,
        going.place,
        going.quantity,
        going.channel,
        order.at,
        named,
    )
    raw = seen.world.say(fact, Header(NORDLICHT, order.at), going.order)
    return [replace(order, raw=raw), *rest]


def deliver(seen: PlayedWorld, going: Shipment, named: Digest | None) -> None:
    play(seen.desk, unnamed(seen, going, named))


LYING = replace(clean_shipment(), record="none")
AFTER = LYING.day + 5 * DAY
NAMED = Digest(STANDING.digest)


def judged(seen: PlayedWorld) -> tuple[str, str]:
    found = seen.decision(LYING.arrival).fact
    return found.disposition, found.policy


def told_more(seen: PlayedWorld, at: datetime) -> tuple[str, str]:
    """What is decided once more news about the place has come."""
    (site,) = (one for one in PLACES if one.place == LYING.place)
    seen.hand_in(seen.world.say(site, Header(NORDLICHT, at), LYING.place), at)
    return judged(seen)


def test_an_order_that_names_its_policy_is_judged_by_it() -> None:
    seen = fresh_world()
    deliver(seen, LYING, NAMED)
    assert judged(seen) == ("quarantine", NAMED)


def test_the_lax_policy_would_have_released_these_goods() -> None:
    seen = fresh_world()
    approve(seen, lax(), LYING.day - 22 * DAY)
    deliver(seen, LYING, Digest(of_record(lax()).digest))
    assert judged(seen)[0] == "release"


@pytest.mark.parametrize("begins", [BEGINS + DAY, LYING.day - 30 * DAY, AFTER])
@pytest.mark.parametrize("named", [NAMED, None])
def test_a_policy_approved_afterwards_releases_nothing_even_where_it_is_backdated(
    begins: datetime, named: Digest | None
) -> None:
    seen = fresh_world()
    deliver(seen, LYING, named)
    assert judged(seen) == ("quarantine", NAMED)
    approve(seen, lax(begins), AFTER)
    assert told_more(seen, AFTER + DAY) == ("quarantine", NAMED)


@pytest.mark.parametrize("begins", [BEGINS + DAY, LYING.day - 30 * DAY])
def test_a_policy_registered_between_order_and_arrival_does_not_apply(begins: datetime) -> None:
    seen = fresh_world()
    order, *rest = unnamed(seen, LYING)
    play(seen.desk, [order])
    approve(seen, lax(begins), order.at + timedelta(hours=1))
    play(seen.desk, rest)
    assert judged(seen) == ("quarantine", NAMED)


def test_a_policy_registered_before_an_order_that_names_none_applies() -> None:
    seen = fresh_world()
    approve(seen, lax(BEGINS + DAY), LYING.day - 22 * DAY)
    deliver(seen, LYING, None)
    assert judged(seen) == ("release", of_record(lax(BEGINS + DAY)).digest)


def test_a_policy_that_has_not_begun_does_not_apply() -> None:
    seen = fresh_world()
    approve(seen, lax(AFTER), LYING.day - 22 * DAY)
    deliver(seen, LYING, None)
    assert judged(seen) == ("quarantine", NAMED)


def test_an_order_that_names_a_policy_nobody_knows_is_judged_by_the_baseline() -> None:
    seen = fresh_world()
    deliver(seen, LYING, Digest("a" * 64))
    assert judged(seen) == ("quarantine", baseline().digest)


def test_an_order_restated_after_the_goods_came_brings_no_milder_policy() -> None:
    seen = fresh_world()
    approve(seen, lax(), LYING.day - 22 * DAY)
    deliver(seen, LYING, NAMED)
    (old,) = view(seen.desk.entries, seen.desk.views, LYING.order).standing(Order)
    other = replace(old.fact, policy=Digest(of_record(lax()).digest))
    header = Header(
        NORDLICHT, AFTER, supersedes=Digest(old.entry.digest), reason="Wrong policy named."
    )
    seen.hand_in(seen.world.say(other, header, LYING.order), AFTER)
    assert judged(seen) == ("quarantine", NAMED)


def test_before_the_first_policy_the_baseline_is_in_force() -> None:
    desk = fresh_world().desk
    assert in_force(desk, BEGINS - DAY).digest == baseline().digest
    assert in_force(desk, BEGINS).digest == STANDING.digest
