"""Controls that are asked before any goods exist: they answer from the order alone."""

import pytest
from msgspec.structs import replace

from controls.support import (
    ARRIVAL,
    AT,
    BROKER,
    MAKER,
    OPERATOR,
    ORDER,
    PLACE,
    PRODUCT,
    SELLER,
    World,
    good,
    hold,
)
from voltrail.catalogue import load
from voltrail.controls import families
from voltrail.controls.evaluate import evaluate
from voltrail.controls.model import REGISTRY, About, Outcome, Verdict
from voltrail.controls.policy import limits_of, of_record
from voltrail.projections.dossier import Dossier
from voltrail.projections.fold import touched
from voltrail.projections.view import View, fold
from voltrail.statements.policy import PolicyRecord

families.load_all()
AHEAD = sorted(one for one, found in REGISTRY.items() if found.about is About.ORDER)


def view(world: World, subject: str) -> View:
    return fold(None, [one for one in world.facts.values() if subject in touched(one)])


def ordered(world: World) -> Dossier:
    """What is on record before any goods came."""
    return Dossier(
        ARRIVAL,
        len(world.facts),
        OPERATOR,
        own=View(None),
        order=view(world, ORDER),
        seller=view(world, SELLER),
        maker=view(world, MAKER),
        product=view(world, PRODUCT),
        place=view(world, PLACE),
    )


def verdict(control: str, dossier: Dossier) -> Verdict:
    found = REGISTRY[control]
    limits = limits_of(found.limits, load.entry(control).limits[1])
    return found.check(dossier, limits, AT)  # type: ignore[no-any-return]


def test_some_controls_need_no_goods_and_the_operators_own_word_is_none_of_them() -> None:
    assert {"SUP-01", "CHN-01", "RCL-01"} <= set(AHEAD)
    assert "SUP-05" not in AHEAD, "an order about to be placed is always the operator's own"


@pytest.mark.parametrize("control", AHEAD)
def test_a_control_about_orders_answers_without_goods(control: str) -> None:
    found = verdict(control, ordered(good()))
    assert found.outcome is Outcome.HOLDS, found.sentence
    assert "arrival" not in found.sentence


@pytest.mark.parametrize("control", AHEAD)
def test_without_an_order_it_cannot_tell(control: str) -> None:
    world = good()
    world.drop("order")
    assert verdict(control, ordered(world)).outcome is Outcome.UNPROVEN


@pytest.mark.parametrize("control", AHEAD)
def test_it_says_what_to_do_before_an_order(control: str) -> None:
    ahead = REGISTRY[control].ahead
    assert ahead.endswith(".")
    assert "goods" not in ahead


def test_the_maker_of_the_product_must_be_the_one_that_is_qualified() -> None:
    world = good()
    world.edit("qualification", manufacturer=BROKER)
    found = verdict("SUP-02", ordered(world))
    assert (found.outcome, "the product is by kestrel" in found.sentence) == (
        Outcome.VIOLATED,
        True,
    )


def test_a_maker_that_sells_needs_no_authorization_before_goods_came_either() -> None:
    world = good()
    world.edit("order", seller=MAKER)
    world.drop("authorization")
    assert verdict("CHN-01", ordered(world)).outcome is Outcome.HOLDS


def test_a_hold_is_seen_before_goods_came() -> None:
    world = good()
    world.put("hold", hold("swollen cells."), OPERATOR, 40)
    seen = replace(ordered(world), holds=(world.facts["hold"],))
    assert verdict("RCL-01", seen).outcome is Outcome.VIOLATED


def test_an_order_is_asked_by_these_controls_and_no_others() -> None:
    everything = of_record(PolicyRecord("Baseline", AT, load.baseline_rules(), ()))
    found = evaluate(ordered(good()), everything, AT, About.ORDER)
    assert [one.control for one in found] == AHEAD
    whole = evaluate(good().dossier(), everything, AT)
    assert {one.control for one in whole} > set(AHEAD)
