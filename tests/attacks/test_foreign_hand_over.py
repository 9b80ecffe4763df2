from datetime import timedelta

import pytest

from voltrail.errors import IssuerNotTrustedError
from voltrail.ids.subject import PartyId
from voltrail.statements.custody import Half, HandOver
from voltrail_world.cast import KESTREL, NORDLICHT, SODALITH, TIDERACE
from world_fixture import NOW, clean_shipment, fresh_world

SHIPMENT = clean_shipment()
FOREIGN = [
    (Half.GIVEN, KESTREL, SODALITH, SODALITH),
    (Half.TAKEN, SODALITH, TIDERACE, SODALITH),
    (Half.GIVEN, KESTREL, TIDERACE, SODALITH),
    (Half.TAKEN, KESTREL, TIDERACE, NORDLICHT),
]


@pytest.mark.parametrize(("half", "giver", "taker", "speaker"), FOREIGN)
def test_nobody_states_the_half_of_a_hand_over_that_is_not_theirs(
    half: Half, giver: PartyId, taker: PartyId, speaker: PartyId
) -> None:
    seen = fresh_world()
    assert seen.deliver(SHIPMENT).fact.disposition == "release"
    fact = HandOver(SHIPMENT.lot, "H9", half, giver, taker, NOW - timedelta(days=1), 5)
    with pytest.raises(IssuerNotTrustedError):
        seen.hand_in(seen.say(fact, speaker, SHIPMENT.lot))
    assert seen.decision(SHIPMENT.arrival).fact.disposition == "release"
