import pytest
from msgspec.structs import replace

from voltrail.controls.evaluate import evaluate
from voltrail.controls.policy import of_record
from voltrail.decisions.decide import decide
from voltrail.projections.dossier import dossier
from voltrail.statements.policy import Mode
from voltrail_world.arrivals import Shipment
from voltrail_world.story import policy, stories
from world_fixture import NOW, clean_shipment, fresh_world

ADVISED = of_record(
    replace(policy(), rules=tuple(replace(rule, mode=Mode.ADVISED) for rule in policy().rules))
)
REJECTED = next(one.shipment for one in stories() if one.ends == "reject")


@pytest.mark.parametrize("shipment", [REJECTED, clean_shipment()], ids=["rejected", "clean"])
def test_a_policy_that_requires_nothing_releases_nothing(shipment: Shipment) -> None:
    seen = fresh_world()
    seen.deliver(shipment)
    found = dossier(seen.desk, shipment.arrival)
    decision = decide(found, evaluate(found, ADVISED, NOW), ADVISED, NOW)
    assert decision.disposition == "quarantine"
