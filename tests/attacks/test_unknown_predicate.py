from voltrail.projections.fold import view
from voltrail.statements import fields
from voltrail.statements import statement as statements
from voltrail.statements.statement import Header
from voltrail.trust import signer
from voltrail_world.arrivals import Shipment
from voltrail_world.cast import NORDLICHT
from world_fixture import NOW, PlayedWorld, clean_shipment, fresh_world

KIND = "urn:example:predicate:blessing:v1"


def blessing(seen: PlayedWorld, shipment: Shipment) -> bytes:
    predicate = {"header": fields.write(Header(NORDLICHT, NOW)), "verdict": "release it"}
    payload = statements.draft(KIND, predicate, (shipment.arrival,))
    return signer.sealed(payload, seen.world.keys[NORDLICHT]).raw


def test_an_unknown_kind_is_kept_and_says_nothing() -> None:
    seen, shipment = fresh_world(), clean_shipment()
    seen.deliver(shipment)
    size = seen.desk.entries.size()
    placed = seen.hand_in(blessing(seen, shipment))
    assert placed.fresh
    assert [entry.parsed.predicate_type for entry in seen.desk.entries.entries(size, size + 9)] == [
        KIND
    ]
    facts = view(seen.desk.entries, seen.desk.views, shipment.arrival).facts
    assert [one.fact for one in facts if one.predicate_type == KIND] == [None]


def test_an_unknown_kind_moves_no_decision() -> None:
    seen, shipment = fresh_world(), clean_shipment()
    before = seen.deliver(shipment)
    seen.hand_in(blessing(seen, shipment))
    assert seen.decision(shipment.arrival) == before
