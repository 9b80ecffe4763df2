"""A firm that would like to see a rival's goods taken out of service."""

import pytest
from msgspec.structs import replace

from statements.samples import FACTS
from trust.enrolling import world_with
from voltrail.errors import IssuerNotTrustedError
from voltrail.ids.subject import ArrivalId, LotId, PartyId, UnitId
from voltrail.statements.assembly import Certainty
from voltrail.statements.hold import Selector
from voltrail.statements.recall import Recall, Selected
from voltrail_world.cast import FJORDLINIE, KESTREL, RACK, SODALITH, SODIUM

OWN, RIVALS = LotId.of("sodalith", "SO-1"), LotId.of("kestrel", "KC-1")
NOBODYS: Recall = replace(FACTS["recall"], lots=(), units=(), selected=(), unit_table=None)
SELECTORS = {
    "a rival's lot": Selector(lot=RIVALS),
    "a rival's product": Selector(product=RACK),
    "a rival's unit": Selector(unit=UnitId.of("kestrel", "U-1")),
    "a rival's unit in an own lot": Selector(lot=OWN, unit=UnitId.of("kestrel", "U-1")),
    "whatever runs a version": Selector(firmware_version="4.2.0"),
    "whatever has a serial": Selector(serial_from="A", serial_to="Z"),
    "whatever a rival sells": Selector(party=KESTREL),
    "whatever it carried itself": Selector(party=SODALITH),
    "an arrival": Selector(arrival=ArrivalId.of("nordlicht", "A-1")),
    "nothing": Selector(),
}


def refused(fact: Recall, issuer: PartyId = SODALITH) -> None:
    seen = world_with("recall", issuer)
    size = seen.desk.entries.size()
    with pytest.raises(IssuerNotTrustedError):
        seen.hand_in(seen.say(fact, issuer, OWN))
    assert set(seen.since(size)) <= {"refusal"}


@pytest.mark.parametrize("selector", SELECTORS.values(), ids=SELECTORS)
def test_a_firm_recalls_nothing_by_a_selector_that_reaches_others(selector: Selector) -> None:
    refused(replace(NOBODYS, lots=(OWN,), selected=(Selected(selector, Certainty.POSSIBLE),)))


def test_a_rivals_lot_beside_an_own_one_spoils_the_recall() -> None:
    refused(replace(NOBODYS, lots=(OWN, RIVALS)))


def test_a_rivals_unit_beside_an_own_lot_spoils_the_recall() -> None:
    refused(replace(NOBODYS, lots=(OWN,), units=(UnitId.of("kestrel", "U-1"),)))


def test_a_recall_that_hides_what_it_reaches_in_a_table_is_refused() -> None:
    refused(replace(NOBODYS, unit_table=FACTS["recall"].unit_table))


def test_a_carrier_recalls_nothing() -> None:
    refused(replace(NOBODYS, lots=(RIVALS,)), FJORDLINIE)


def test_a_maker_recalls_its_own_by_lot_product_and_serial() -> None:
    seen = world_with("recall", SODALITH)
    selected = (
        Selected(Selector(lot=OWN, serial_from="A", serial_to="C"), Certainty.DEFINITE),
        Selected(Selector(product=SODIUM, firmware_version="none"), Certainty.POSSIBLE),
    )
    fact = replace(NOBODYS, lots=(OWN,), selected=selected)
    assert seen.hand_in(seen.say(fact, SODALITH, OWN)).fresh
