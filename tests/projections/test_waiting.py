"""Open duties: a function of the set of facts, due from the entry that opened them."""

import random
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from voltrail.actions.waiting import waiting
from voltrail.ids.subject import (
    ArrivalId,
    LotId,
    OrderId,
    PartyId,
    PersonId,
    PlaceId,
    ProductId,
    SubjectId,
)
from voltrail.projections.view import EntryRef, Recorded, recorded
from voltrail.projections.waiting import Duty, duties_of, table
from voltrail.statements.arrival import Arrival
from voltrail.statements.decision import DecisionRecord, FindingRecord
from voltrail.statements.fields import Digest
from voltrail.statements.kinds import type_of
from voltrail.statements.order import Order
from voltrail.statements.sign_off import SignOff
from voltrail.statements.statement import Header
from world_fixture import NOW, clean_shipment, fresh_world, played_world

START = datetime(2026, 1, 1, tzinfo=UTC)
ARRIVAL, ORDER, PLACE = ArrivalId.of("A-1"), OrderId.of("PO-1"), PlaceId.of("gridco", "dc-1")
OPERATOR, ANNA, BEN = PartyId.of("gridco"), PersonId.of("p-1"), PersonId.of("p-2")
NO_CHECK = FindingRecord(
    "INS-01", 1, "inspection", "unproven", "quarantine", "No receipt check of this arrival."
)
NO_PAPER = FindingRecord("CRT-01", 1, "documents", "unproven", "quarantine", "No certificate.")
LATE_PAPER = replace(NO_PAPER, control="CRT-02", outcome="violated", sentence="Another model.")


def at(index: int, fact: object, issuer: SubjectId = OPERATOR, *about: SubjectId) -> Recorded[Any]:
    when = START + timedelta(days=index)
    ref = EntryRef(index, f"{index:064x}", when)
    return Recorded(fact, Header(issuer, when), about or (ARRIVAL,), type_of(type(fact)), ref)


def came(index: int = 1) -> Recorded[Any]:
    lot = LotId.of("kestrel", "L-1")
    return at(index, Arrival(ARRIVAL, ORDER, lot, PLACE, 10, START))


def ordered() -> Recorded[Any]:
    product, seller = ProductId.of("kestrel", "KP-48"), PartyId.of("norvolt")
    return at(0, Order(ORDER, product, seller, PLACE, 10, "direct", START), OPERATOR, ORDER)


def decided(index: int, *found: FindingRecord, disposition: str = "quarantine") -> Recorded[Any]:
    record = DecisionRecord(
        ARRIVAL, disposition, "Why.", 1, "AL0", Digest("0" * 64), "0", index, "", found, ()
    )
    return at(index, record)


def signed(
    index: int,
    person: PersonId,
    decision: Recorded[Any],
    verb: str,
    issuer: SubjectId | None = None,
) -> Recorded[Any]:
    fact = SignOff(person, verb, Digest(decision.entry.digest))
    return at(index, fact, issuer or person)


def asked(duties: Iterable[Duty]) -> list[tuple[str, str]]:
    return [(one.verb, one.role) for one in duties]


def test_what_is_unproven_waits_for_the_role_that_can_prove_it() -> None:
    found = duties_of([came(), decided(2, NO_CHECK, NO_PAPER, LATE_PAPER)], table())
    assert asked(found) == [("inspect-at-receipt", "quality"), ("obtain-certificate", "quality")]
    assert [one.why for one in found] == [
        "No receipt check of this arrival.",
        "No certificate. (1 more)",
    ]
    assert {(one.subject, one.scope, one.opened_by) for one in found} == {(ARRIVAL, PLACE, 2)}


def test_due_counts_from_the_decision_since_which_it_waits() -> None:
    facts = [came(), decided(2, NO_CHECK), decided(3, NO_PAPER), decided(4, NO_CHECK, NO_PAPER)]
    inspect, obtain = duties_of([*facts, decided(5, NO_CHECK, NO_PAPER)], table())
    assert (inspect.opened_by, inspect.due) == (4, START + timedelta(days=4 + 2))
    assert (obtain.opened_by, obtain.due) == (3, START + timedelta(days=3 + 10))
    assert inspect.late(START + timedelta(days=7))
    assert not inspect.late(inspect.due)


@pytest.mark.parametrize("consequence", ["none", "note"])
def test_what_has_no_consequence_waits_for_nobody(consequence: str) -> None:
    assert not duties_of([decided(1, replace(NO_CHECK, consequence=consequence))], table())


def test_a_duty_ends_with_the_decision_that_no_longer_finds_it() -> None:
    assert not duties_of([decided(1, NO_CHECK), decided(2, disposition="release")], table())


def test_two_different_people_sign_a_rejection() -> None:
    refused = decided(2, disposition="reject")
    both = [("sign-rejection", "procurement"), ("sign-rejection", "quality")]
    anna, again = (
        signed(3, ANNA, refused, "sign-rejection"),
        signed(4, ANNA, refused, "sign-rejection"),
    )
    assert asked(duties_of([refused], table())) == both
    once = duties_of([refused, anna, again], table())
    assert asked(once) == both
    assert once[0].why == "Why. 1 of 2 have signed."
    assert not duties_of([refused, anna, signed(5, BEN, refused, "sign-rejection")], table())


def test_a_sign_off_by_proxy_of_another_verb_or_decision_closes_nothing() -> None:
    older, isolated = decided(1, NO_CHECK), decided(2, disposition="isolate")
    wrong = [
        signed(3, ANNA, older, "take-out-of-service"),
        signed(4, ANNA, isolated, "sign-rejection"),
        signed(5, ANNA, isolated, "take-out-of-service", OPERATOR),
        signed(6, ANNA, isolated, "take-out-of-service", BEN),
    ]
    assert asked(duties_of([older, isolated, *wrong], table())) == [("take-out-of-service", "ot")]
    right = signed(7, ANNA, isolated, "take-out-of-service")
    assert not duties_of([older, isolated, *wrong, right], table())


def test_an_order_waits_for_its_arrival() -> None:
    (duty,) = duties_of([ordered()], table())
    assert (duty.verb, duty.role, duty.subject) == ("receive", "facilities", ORDER)
    assert (duty.scope, duty.due) == (PLACE, START + timedelta(days=30))
    assert not duties_of([ordered(), came()], table())


def test_a_withdrawn_fact_opens_and_closes_nothing() -> None:
    assert not duties_of([replace(ordered(), withdrawn_by=9)], table())
    assert duties_of([ordered(), replace(came(), withdrawn_by=9)], table())


def test_order_and_repeats_of_facts_do_not_matter() -> None:
    refused = decided(4, NO_CHECK, LATE_PAPER, disposition="reject")
    facts = [came(), decided(2, NO_CHECK), decided(3, NO_CHECK, NO_PAPER), refused]
    facts.append(signed(5, BEN, refused, "sign-rejection"))
    expected = duties_of(facts, table())
    assert len(expected) == 4
    for seed in range(50):
        mixed = [*facts, *facts[: seed % 5]]
        random.Random(seed).shuffle(mixed)
        assert duties_of(mixed, table()) == expected


def test_the_played_world_waits_for_somebody_about_every_held_arrival() -> None:
    desk = played_world().desk
    every = waiting(desk, None, NOW)
    held = {row.arrival for row in desk.views.rows() if row.disposition != "release"}
    assert held <= {one.subject for one in every}
    assert [one.due for one in every] == sorted(one.due for one in every)
    arrivals = {one.subject for one in every if isinstance(one.subject, ArrivalId)}
    assert arrivals == held
    orders = {row.order for row in desk.views.rows()}
    assert not orders & {one.subject for one in every}
    quality = waiting(desk, "quality", NOW)
    assert quality == tuple(one for one in every if one.role == "quality")
    assert not waiting(desk, None, START - timedelta(days=1))


def test_an_order_placed_waits_until_its_goods_came() -> None:
    world = fresh_world()
    shipment = clean_shipment()
    world.deliver(shipment)
    (row,) = world.desk.views.rows()
    (known,) = world.desk.entries.at(world.desk.views.indices(row.order)[:1])
    order = replace(recorded(known).fact, order=OrderId.of("nordlicht", "later"))
    world.hand_in(world.say(order, world.desk.operator, order.order))
    (duty,) = waiting(world.desk, "facilities", NOW)
    assert (duty.verb, duty.subject, duty.scope) == ("receive", order.order, row.place)
    assert duty.due == NOW + timedelta(days=30)
