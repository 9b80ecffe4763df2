import pytest

from voltrail.ids.subject import CaseId
from voltrail.statements.hold import Hold, Selector
from voltrail_world.cast import KESTREL, NORDLICHT, PACK, RUNA, VERSIONS
from world_fixture import clean_shipment, fresh_world

CASE = CaseId.of("case-1")
SHIPMENT = clean_shipment()
FITTING = {
    "version": Selector(firmware_version=VERSIONS[PACK]),
    "serials": Selector(serial_from=SHIPMENT.made[0], serial_to=SHIPMENT.made[-1]),
    "product": Selector(product=PACK),
    "maker": Selector(party=KESTREL),
}
OTHER = {
    "version": Selector(firmware_version="0.0.1"),
    "serials": Selector(serial_from="A", serial_to="B"),
}


def after(selector: Selector) -> str:
    """What a released arrival becomes once a hold stands."""
    seen = fresh_world()
    assert seen.deliver(SHIPMENT).fact.disposition == "release"
    seen.hand_in(seen.say(Hold(CASE, selector, "recall", RUNA), NORDLICHT, CASE))
    return seen.decision(SHIPMENT.arrival).fact.disposition


@pytest.mark.parametrize("selector", FITTING.values(), ids=FITTING)
def test_a_hold_that_names_no_arrival_reaches_the_goods_it_fits(selector: Selector) -> None:
    assert after(selector) == "quarantine"


@pytest.mark.parametrize("selector", OTHER.values(), ids=OTHER)
def test_a_hold_that_fits_other_goods_leaves_these_released(selector: Selector) -> None:
    assert after(selector) == "release"
