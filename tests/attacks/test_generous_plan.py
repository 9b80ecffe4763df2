from collections.abc import Iterator

import pytest
from msgspec.structs import replace

from voltrail.statements import envelope as envelopes
from voltrail.statements import inspection
from voltrail.statements import statement as statements
from voltrail.statements.inspection import Inspection, Result, Stage
from voltrail_world.arrivals import Act, acts_of
from voltrail_world.cast import World
from voltrail_world.play import play
from world_fixture import fresh_world, strict_shipment

SHIPMENT = strict_shipment()


def all_failed(result: Result) -> Result:
    """The capacity test failed by every item; the other tests as they were."""
    found = result.examined if result.test is inspection.Test.CAPACITY else result.nonconforming
    return replace(result, nonconforming=found)


def accepting(world: World, allowed: int) -> Iterator[Act]:
    """The shipment's acts, where every item failed a test under a plan that allows so many."""
    for act in sorted(acts_of(world, SHIPMENT), key=lambda one: one.at):
        said = statements.parse(envelopes.parse(act.raw).payload)
        fact = said.fact
        if not isinstance(fact, Inspection) or fact.stage is not Stage.SAMPLE:
            yield act
            continue
        failed = tuple(map(all_failed, fact.results))
        plan = replace(fact.plan, accept=allowed, reject=allowed + 1)
        fact = replace(fact, plan=plan, results=failed)
        yield replace(act, raw=world.say(fact, said.header, *said.subjects))


@pytest.mark.parametrize("allowed", [5, 1_000_000], ids=["the whole sample", "a million"])
def test_a_plan_that_accepts_whatever_is_found_releases_nothing(allowed: int) -> None:
    seen = fresh_world()
    play(seen.desk, accepting(seen.world, allowed))
    found = seen.decision(SHIPMENT.arrival).fact
    assert found.disposition == "quarantine"
    assert "accepts too much" in found.sentence
