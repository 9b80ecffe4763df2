"""Stories of facts that cannot all be true: what stands on record, and what must come of it."""

from decimal import Decimal

import pytest
from msgspec.structs import replace

from controls.support import (
    ARRIVAL,
    AT,
    CLERK,
    FACTORY,
    IMAGE,
    LOT,
    MAKER,
    OPERATOR,
    Story,
    World,
    check,
    day,
    good,
    no_arrival,
    recorded,
    unit,
)
from voltrail.controls import trace
from voltrail.controls.model import REGISTRY, NoLimits, Outcome
from voltrail.ids.subject import ArrivalId, PlaceId
from voltrail.projections.anomalies import rules
from voltrail.projections.rules.model import Anomaly, Severity
from voltrail.projections.traced import Traced
from voltrail.quantities import Quantity, Unit
from voltrail.statements.assembly import Action, Assembly, BomLine, Part, WholeLevel
from voltrail.statements.condition import Condition
from voltrail.statements.waiver import Waiver

HOLDS, VIOLATED, UNPROVEN = Outcome.HOLDS, Outcome.VIOLATED, Outcome.UNPROVEN
NOT_APPLICABLE = Outcome.NOT_APPLICABLE
WAY = [f"{half}{number}" for half in ("given", "taken") for number in (1, 2, 3)]
ELSEWHERE = PlaceId.of("gridco", "yard-9")


def logged(highest: str, world: World, charge: str | None = None) -> None:
    """A logger's summary of the lot's last leg."""
    filled = None if charge is None else Quantity(Decimal(charge), Unit.percent)
    least, most = Quantity(Decimal(12), Unit.degC), Quantity(Decimal(highest), Unit.degC)
    fact = Condition(
        LOT, "last", day(15), day(20), least, most, charge=filled, by_air=charge is not None
    )
    world.put("logger", fact, OPERATOR, 20, LOT)


def built(number: int, part: str, world: World) -> None:
    """A pack of the lot, put together from one part."""
    line = BomLine("fuse", part, "A", MAKER)
    whole = Part(unit(f"S-00{number}"), LOT)
    fact = Assembly(
        MAKER,
        f"B-{number}",
        Action.ADD,
        WholeLevel.PACK,
        day(6 + number),
        (),
        (whole,),
        FACTORY,
        bom_revision="1",
        bom=(line,),
    )
    world.put(f"built{number}", fact, MAKER, 6 + number, LOT)


def changed(world: World) -> None:
    """The second pack has another fuse, and nobody said so."""
    built(0, "F-1", world)
    built(1, "F-2", world)


def no_serials(world: World) -> None:
    """Goods that came without serials."""
    world.serials = ()
    world.edit("arrival", serials=())
    world.drop("lot")


def told_late(world: World) -> None:
    """The dock recorded the arrival twenty days after it."""
    world.put("arrival", world.facts["arrival"].fact, OPERATOR, 40)


def too_many(world: World) -> None:
    """More units than are looked at."""
    world.more_units = True


def long_record(world: World) -> None:
    """The maker stated more than is read."""
    built(0, "F-1", world)
    world.cut = (MAKER,)


def long_list(world: World) -> None:
    """The maker stated more than is read, and nothing else is wrong."""
    world.cut = (MAKER,)


IDS = tuple(f"TRC-0{number}" for number in range(1, 8))
STORIES = [
    *no_arrival(*IDS),
    Story("all is well", "TRC-01", HOLDS, "6 halves of hand-overs"),
    Story("one count", "TRC-01", VIOLATED, "R5:", lambda w: w.edit("taken2", quantity=9)),
    Story("silence", "TRC-01", UNPROVEN, "R4: norvolt", lambda w: w.drop("taken1")),
    Story("no way", "TRC-01", NOT_APPLICABLE, "CUS-01", lambda w: w.drop(*WAY)),
    Story("all is well", "TRC-02", HOLDS, "10 serials contradict nothing"),
    Story("a long list", "TRC-02", HOLDS, "read in part", long_list),
    Story("not listed", "TRC-02", VIOLATED, "R8:", lambda w: w.edit("lot", serials=("S-000",))),
    Story("more than looked at", "TRC-02", UNPROVEN, "Only 200 of", too_many),
    Story("no serials", "TRC-02", NOT_APPLICABLE, "PRV-04", no_serials),
    Story("all is well", "TRC-03", HOLDS, "kept to the declared way"),
    Story("diverted", "TRC-03", VIOLATED, "R13:", lambda w: w.edit("arrival", place=ELSEWHERE)),
    Story("unknown way", "TRC-03", NOT_APPLICABLE, "CUS-01", lambda w: w.drop("order", *WAY)),
    Story("all is well", "TRC-04", HOLDS, "papers contradict nothing"),
    Story("other model", "TRC-04", VIOLATED, "R14:", lambda w: w.edit("certificate", model="X")),
    Story(
        "no papers",
        "TRC-04",
        NOT_APPLICABLE,
        "CRT-01",
        lambda w: w.drop("certificate", "lot", "receipt", "sample"),
    ),
    Story("cool", "TRC-05", HOLDS, "1 logger records", lambda w: logged("31", w)),
    Story("hot", "TRC-05", UNPROVEN, "R17: Leg last: 68 degC", lambda w: logged("68", w)),
    Story("charged and flown", "TRC-05", VIOLATED, "R17:", lambda w: logged("31", w, "60")),
    Story("no logger", "TRC-05", NOT_APPLICABLE, "INS-01"),
    Story("as announced", "TRC-06", HOLDS, "1 assemblies", lambda w: built(0, "F-1", w)),
    Story("silent change", "TRC-06", VIOLATED, "R20: fuse is now F-2", changed),
    Story("a long record", "TRC-06", UNPROVEN, "kestrel stated too much", long_record),
    Story("told late", "TRC-07", UNPROVEN, "R21: Told", told_late),
    Story("all is well", "TRC-07", HOLDS, "told in time"),
    Story("no parts list", "TRC-06", NOT_APPLICABLE, "no control asks"),
]


@pytest.mark.parametrize("story", STORIES, ids=lambda story: f"{story.control} {story.title}")
def test_story(story: Story) -> None:
    check(story)


def test_every_rule_is_read_by_one_control() -> None:
    read = [one for each in trace.RULES.values() for one in each]
    assert sorted(read) == sorted(one.id for one in rules())


class Noticed:
    """Somebody who found one note."""

    def about(self, arrival: ArrivalId) -> Traced:
        """A note on the lot of whatever arrival."""
        assert arrival == ARRIVAL
        fact = good().facts["taken2"]
        note = Anomaly("R18", Severity.LOW, LOT, (fact.entry.index,), "It took 9 days.", "Ask.")
        return Traced((note,), (fact,), {fact.entry.index: fact})


def test_an_exception_from_the_twin_explains_the_finding() -> None:
    world = good()
    world.drop("taken1")
    granted = Waiver(
        "W-1",
        "CUS-01",
        "The carrier is gone.",
        "Opened and counted.",
        day(21),
        day(90),
        (),
        IMAGE,
        CLERK,
        (),
        arrival=ARRIVAL,
    )
    waiver = recorded(granted, CLERK, 99, day(21))
    seen = replace(world.dossier(), waivers=(waiver,))
    assert REGISTRY["TRC-01"].check(seen, NoLimits(), AT).outcome is HOLDS
    assert REGISTRY["TRC-01"].check(world.dossier(), NoLimits(), AT).outcome is UNPROVEN


def test_a_note_holds_and_is_told() -> None:
    seen = replace(good().dossier(), lookout=Noticed())
    found = REGISTRY["TRC-01"].check(seen, NoLimits(), AT)
    assert (found.outcome, found.sentence) == (HOLDS, "Noted under R18: It took 9 days.")
    assert found.entries
