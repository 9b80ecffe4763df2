"""What stands against itself about an arrival's goods reaches it, at a bounded cost."""

from datetime import timedelta
from decimal import Decimal

import pytest
from msgspec.structs import replace

from voltrail.ids.subject import ArrivalId, PartyId, ProductId, UnitId
from voltrail.projections import traced
from voltrail.projections.dossier import Dossier, dossier, dossiers, gathering
from voltrail.projections.gathering import Gathering
from voltrail.quantities import Quantity, Unit
from voltrail.statements.certificate import Certificate
from voltrail.statements.condition import Condition
from voltrail.statements.unit import Level, UnitRecord
from voltrail_world.arrivals import acts_of
from voltrail_world.cast import KESTREL, NORDLICHT
from voltrail_world.play import play
from world_fixture import NOW, PlayedWorld, clean_shipment, fresh_world, played_world


def seen(number: str) -> Dossier:
    return dossier(played_world().desk, ArrivalId.of("nordlicht", f"2026-{number}"))


def told(found: Dossier) -> set[str]:
    return {one.rule for one in found.anomalies}


@pytest.mark.parametrize("number", ["101", "102", "103", "104"])
def test_goods_about_which_nobody_lies_are_clean(number: str) -> None:
    assert seen(number).anomalies == ()


@pytest.mark.parametrize(
    ("number", "rules"),
    [
        ("108", {"R14"}),
        ("109", {"R4"}),
        ("110", {"R5", "R6"}),
        ("111", {"R7"}),
        ("112", {"R7", "R8"}),
        ("118", {"R12"}),
    ],
)
def test_findings_of_lot_papers_units_and_maker_reach_the_arrival(
    number: str, rules: set[str]
) -> None:
    found = seen(number)
    assert told(found) == rules
    assert all(found.traced.facts[index] for one in found.anomalies for index in one.entries)


def test_one_by_one_or_in_bulk_the_findings_are_the_same() -> None:
    desk = played_world().desk
    every = [ArrivalId.read(row.arrival) for row in desk.views.rows()]
    room = gathering(desk)
    for one, found in zip(every, dossiers(desk, room, every), strict=True):
        assert found.anomalies == dossier(desk, one).anomalies


def test_what_came_later_does_not_count_at_an_earlier_size() -> None:
    desk = played_world().desk
    found = seen("111")
    newest = max(index for one in found.anomalies for index in one.entries)
    assert told(dossier(desk, found.arrival_id, newest)) == set()
    assert told(dossier(desk, found.arrival_id, newest + 1)) == {"R7"}


def delivered() -> PlayedWorld:
    """A clean delivery that was released, and more to say about it."""
    world = fresh_world()
    play(world.desk, sorted(acts_of(world.world, SHIPMENT), key=lambda act: act.at))
    assert world.decision(SHIPMENT.arrival).fact.disposition == "release"
    return world


SHIPMENT = clean_shipment()


def spoken_of(world: PlayedWorld, count: int) -> None:
    """Let the maker state a record of each of some units."""
    listed = dossier(world.desk, SHIPMENT.arrival).reach.units
    for unit in listed[:count]:
        lot = SHIPMENT.lot
        fact = UnitRecord(unit=UnitId.read(unit), lot=lot, level=Level.MODULE)
        world.hand_in(world.say(fact, KESTREL, fact.unit))


def test_more_units_than_are_looked_at_is_said_and_is_never_good(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(traced, "MOST_UNITS", 2)
    world = delivered()
    spoken_of(world, 2)
    assert not dossier(world.desk, SHIPMENT.arrival).traced.more_units
    assert world.decision(SHIPMENT.arrival).fact.disposition == "release"
    spoken_of(world, 3)
    assert dossier(world.desk, SHIPMENT.arrival).traced.more_units
    record = world.decision(SHIPMENT.arrival).fact
    assert record.disposition == "quarantine"
    assert any(one.control == "TRC-02" and "Only" in one.sentence for one in record.findings)


def test_a_hot_leg_holds_the_lot() -> None:
    world = delivered()
    low, high = (Quantity(Decimal(value), Unit.degC) for value in (12, 68))
    begins = NOW - timedelta(hours=6)
    fact = Condition(SHIPMENT.lot, "yard", begins, NOW - timedelta(hours=5), low, high)
    world.hand_in(world.say(fact, NORDLICHT, SHIPMENT.lot))
    record = world.decision(SHIPMENT.arrival).fact
    assert record.disposition == "quarantine"
    assert record.sentence.startswith("Held: R17: Leg yard: 68 degC")


def test_both_ends_of_a_long_record_are_read_and_the_cut_is_known() -> None:
    desk = played_world().desk
    room = Gathering(desk.entries, desk.views, desk.entries.size())
    key = f"by:{KESTREL}"
    every = room.indices_alone(key)
    kept, cut = room.standing_ends(key, 3)
    assert cut
    assert {one.entry.index for one in kept} <= {*every[:3], *every[-3:]}
    whole, cut = room.standing_ends(key, len(every))
    assert not cut
    assert {one.entry.digest for one in whole} == {one.entry.digest for one in room.standing(key)}


def test_a_firm_that_said_more_than_is_read_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(traced, "MOST_SAID", 1)
    assert PartyId.of("kestrel") in seen("101").traced.cut
    assert seen("101").anomalies == ()


def test_a_delivery_that_is_not_on_record_has_no_findings() -> None:
    found = dossier(played_world().desk, ArrivalId.of("nordlicht", "none"))
    assert (found.anomalies, found.traced.own) == ((), ())
    assert replace(found, lookout=None).anomalies == ()


def test_a_paper_that_is_filed_again_for_other_goods_has_these_goods_judged_at_once() -> None:
    world = delivered()
    filed = dossier(world.desk, SHIPMENT.arrival).product.standing(Certificate)[0]
    again = replace(filed.fact, filed_for=ProductId.of("tiderace", "T-1"), model="T-1")
    world.hand_in(world.say(again, NORDLICHT, again.filed_for))
    record = world.decision(SHIPMENT.arrival).fact
    assert record.disposition == "quarantine"
    assert "R14: One certificate was filed as of" in record.sentence


def test_what_another_party_said_of_the_lot_alone_reaches_its_decision() -> None:
    found = seen("112")
    (listed,) = [one for one in found.anomalies if one.rule == "R8"]
    assert listed.subject == found.arrival.fact.lot
    told_of = {found.traced.facts[index].fact.lot.key for index in listed.entries}
    assert told_of == {"kestrel:L26-111", "kestrel:L26-112"}
