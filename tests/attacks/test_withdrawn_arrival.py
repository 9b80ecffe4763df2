from voltrail.projections.dossier import dossier
from voltrail.statements.correction import Correction
from voltrail.statements.fields import Digest
from voltrail_world.cast import NORDLICHT
from world_fixture import clean_shipment, fresh_world

SHIPMENT = clean_shipment()


def test_an_arrival_that_was_withdrawn_is_not_released_any_more() -> None:
    seen = fresh_world()
    assert seen.deliver(SHIPMENT).fact.disposition == "release"
    came = dossier(seen.desk, SHIPMENT.arrival).arrival
    assert came is not None
    gone = Correction(Digest(came.entry.digest), "did not come")
    seen.hand_in(seen.say(gone, NORDLICHT, SHIPMENT.arrival))
    row = seen.desk.views.row(SHIPMENT.arrival)
    assert row is not None
    assert row.disposition == "quarantine"
