from collections.abc import Iterator
from datetime import datetime, timedelta

from msgspec.structs import replace

from voltrail.actions.judge import judge
from voltrail.controls.policy import of_record
from voltrail.projections.dossier import dossier
from voltrail.statements import envelope as envelopes
from voltrail.statements import statement as statements
from voltrail.statements.fields import Digest
from voltrail.statements.order import Order
from voltrail.statements.policy import Mode, PolicyRecord
from voltrail.statements.statement import Header
from voltrail_world.arrivals import Act, Shipment, acts_of
from voltrail_world.cast import ANSEL, BEGINS, NORDLICHT, RUNA, World
from voltrail_world.play import play
from voltrail_world.story import policy, stories
from world_fixture import NOW, PlayedWorld, fresh_world

REJECTED = next(one.shipment for one in stories() if one.ends == "reject")


def lenient(begins: datetime) -> PolicyRecord:
    advised = tuple(replace(rule, mode=Mode.ADVISED) for rule in policy().rules)
    return replace(policy(), title="Everything is advice", valid_from=begins, rules=advised)


def approve(seen: PlayedWorld, record: PolicyRecord) -> None:
    seen.hand_in(seen.say(record, RUNA, NORDLICHT, by=(RUNA, ANSEL)))


def judged_again(seen: PlayedWorld) -> str:
    with seen.desk.entries.transaction():
        (found,) = judge(seen.desk, [REJECTED.arrival], NOW)
    return found.disposition


def freezing(world: World, going: Shipment, frozen: Digest | None) -> Iterator[Act]:
    """The acts of a shipment whose order froze another digest, or none."""
    for act in sorted(acts_of(world, going), key=lambda one: one.at):
        said = statements.parse(envelopes.parse(act.raw).payload)
        if isinstance(said.fact, Order):
            fact = replace(said.fact, policy=frozen)
            yield replace(act, raw=world.say(fact, said.header, *said.subjects))
        else:
            yield act


def test_an_order_restated_under_a_lenient_policy_stays_rejected() -> None:
    seen, late = fresh_world(), lenient(NOW)
    assert seen.deliver(REJECTED).fact.disposition == "reject"
    approve(seen, late)
    placed = dossier(seen.desk, REJECTED.arrival).placed
    assert placed is not None
    header = Header(NORDLICHT, NOW, supersedes=Digest(placed.entry.digest), reason="typo")
    fact = replace(placed.fact, policy=Digest(of_record(late).digest))
    seen.hand_in(seen.world.say(fact, header, fact.order))
    assert seen.decision(REJECTED.arrival).fact.disposition == "reject"
    assert judged_again(seen) == "reject"


def test_a_policy_that_an_order_names_before_anybody_approved_it_never_counts() -> None:
    seen, late = fresh_world(), lenient(BEGINS)
    play(seen.desk, freezing(seen.world, REJECTED, Digest(of_record(late).digest)))
    assert seen.decision(REJECTED.arrival).fact.disposition == "reject"
    approve(seen, late)
    assert judged_again(seen) == "reject"


def test_a_back_dated_policy_is_no_rule_for_an_order_that_froze_none() -> None:
    seen = fresh_world()
    play(seen.desk, freezing(seen.world, REJECTED, None))
    assert seen.decision(REJECTED.arrival).fact.disposition == "reject"
    approve(seen, lenient(BEGINS + timedelta(days=1)))
    assert judged_again(seen) == "reject"
