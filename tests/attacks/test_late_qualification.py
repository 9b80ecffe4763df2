from datetime import timedelta

from msgspec.structs import replace

from voltrail.actions.judge import judge
from voltrail.projections.dossier import dossier
from voltrail.projections.fold import view
from voltrail.statements.fields import Digest
from voltrail.statements.qualification import Qualification
from voltrail.statements.statement import Header
from voltrail_world.cast import KESTREL, MODEL, NORDLICHT
from voltrail_world.story import stories
from world_fixture import NOW, PlayedWorld, fresh_world

UNQUALIFIED = next(one.shipment for one in stories() if one.leads == "SUP-01")
QUALIFIED_THEN = "SUP-01"


def qualified_too_late() -> PlayedWorld:
    """A world where the seller was qualified after the order, with a date before it."""
    seen = fresh_world()
    assert seen.deliver(UNQUALIFIED).fact.disposition == "quarantine"
    somebodys = view(seen.desk.entries, seen.desk.views, KESTREL).standing(Qualification)[-1].fact
    begins = UNQUALIFIED.day - timedelta(days=60)
    fact = replace(
        somebodys,
        supplier=UNQUALIFIED.seller,
        families=(MODEL[UNQUALIFIED.product].family,),
        channels=(UNQUALIFIED.channel,),
        manufacturer=UNQUALIFIED.maker,
        valid_from=begins,
        valid_until=NOW + timedelta(days=300),
    )
    raw = seen.world.say(fact, Header(NORDLICHT, begins), UNQUALIFIED.seller)
    seen.hand_in(raw)
    return seen


def outcome(seen: PlayedWorld) -> str:
    with seen.desk.entries.transaction():
        (found,) = judge(seen.desk, [UNQUALIFIED.arrival], NOW)
    assert found.disposition == "quarantine"
    return next(one.outcome for one in found.findings if one.control == QUALIFIED_THEN)


def test_a_back_dated_qualification_cures_no_order_placed_before_it() -> None:
    assert outcome(qualified_too_late()) == "violated"


def test_restating_the_order_after_a_late_qualification_cures_nothing() -> None:
    seen = qualified_too_late()
    placed = dossier(seen.desk, UNQUALIFIED.arrival).placed
    assert placed is not None
    header = Header(NORDLICHT, NOW, supersedes=Digest(placed.entry.digest), reason="typo")
    seen.hand_in(seen.world.say(placed.fact, header, placed.fact.order))
    assert outcome(seen) == "violated"
