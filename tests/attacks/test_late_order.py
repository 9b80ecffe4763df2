from msgspec.structs import replace

from voltrail.actions.judge import judge
from voltrail.ids.subject import CaseId
from voltrail.projections.store import ArrivalRow
from voltrail.statements import envelope as envelopes
from voltrail.statements import statement as statements
from voltrail.statements.hold import Hold, Selector
from voltrail.statements.order import Order
from voltrail_world.arrivals import Act, acts_of
from voltrail_world.cast import NORDLICHT, RUNA
from voltrail_world.play import play
from world_fixture import NOW, PlayedWorld, clean_shipment, fresh_world

CASE = CaseId.of("case-1")
SHIPMENT = clean_shipment()


def is_order(act: Act) -> bool:
    return isinstance(statements.parse(envelopes.parse(act.raw).payload).fact, Order)


def ordered_after_the_goods() -> PlayedWorld:
    """A world where the order came in after everything else about the shipment."""
    seen = fresh_world()
    acts = sorted(acts_of(seen.world, SHIPMENT), key=lambda act: act.at)
    others = [act for act in acts if not is_order(act)]
    play(seen.desk, others)
    play(seen.desk, [replace(act, at=others[-1].at) for act in acts if is_order(act)])
    return seen


def row(seen: PlayedWorld) -> ArrivalRow:
    found = seen.desk.views.row(SHIPMENT.arrival)
    assert found is not None
    return found


def test_a_hold_on_the_seller_reaches_goods_whose_order_came_in_last() -> None:
    seen = ordered_after_the_goods()
    assert row(seen).disposition == "release"
    hold = Hold(CASE, Selector(party=SHIPMENT.seller), "recall", RUNA)
    seen.hand_in(seen.say(hold, NORDLICHT, CASE))
    assert row(seen).disposition == "quarantine"


def test_what_stands_on_a_late_order_is_what_judging_again_finds() -> None:
    seen = ordered_after_the_goods()
    stood = row(seen)
    with seen.desk.entries.transaction():
        (again,) = judge(seen.desk, [SHIPMENT.arrival], NOW)
    assert (again.disposition, again.sentence) == (stood.disposition, stood.sentence)
