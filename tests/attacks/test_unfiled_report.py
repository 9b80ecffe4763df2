from datetime import timedelta

from msgspec.structs import replace

from voltrail.ids.subject import DocumentId
from voltrail.projections.fold import view
from voltrail.statements.decision import FindingRecord
from voltrail.statements.qualification import Qualification
from voltrail.statements.statement import Header
from voltrail_world.cast import NORDLICHT
from world_fixture import PlayedWorld, clean_shipment, fresh_world

SHIPMENT = clean_shipment()
REPORT = "SUP-03"


def qualified(seen: PlayedWorld, report: DocumentId | None) -> None:
    """Qualify the seller anew, a day before the order, on another test report."""
    at = SHIPMENT.day - timedelta(days=22)
    seller = view(seen.desk.entries, seen.desk.views, SHIPMENT.seller)
    newest = seller.standing(Qualification)[-1].fact
    fact = replace(newest, test_report=report)
    raw = seen.world.say(fact, Header(NORDLICHT, at), SHIPMENT.seller)
    seen.hand_in(raw, at)


def finding(seen: PlayedWorld) -> FindingRecord:
    (found,) = (
        one for one in seen.decision(SHIPMENT.arrival).fact.findings if one.control == REPORT
    )
    return found


def test_a_test_report_that_nobody_filed_proves_nothing() -> None:
    seen = fresh_world()
    qualified(seen, DocumentId.of("nobody", "never-filed"))
    assert seen.deliver(SHIPMENT).fact.disposition == "quarantine"
    assert finding(seen).outcome == "unproven"


def test_a_qualification_without_a_test_report_releases_nothing() -> None:
    seen = fresh_world()
    qualified(seen, None)
    assert seen.deliver(SHIPMENT).fact.disposition != "release"
    assert finding(seen).outcome == "violated"
