"""An order is placed where everything that can be asked beforehand holds; else it is refused."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from voltrail.actions import order
from voltrail.actions.judge import in_force, judge
from voltrail.actions.order import Wanted, attempts, may_order, place_order, read_wanted
from voltrail.controls import families
from voltrail.controls.model import REGISTRY
from voltrail.errors import MalformedError, NotAdmittedError, UnmetError
from voltrail.ids.subject import CaseId, OrderId, PartyId, PlaceId, ProductId
from voltrail.projections.fold import view
from voltrail.statements.fields import Digest
from voltrail.statements.hold import Hold, HoldLift, Selector
from voltrail.statements.order import Order, OrderAttempt
from voltrail.statements.policy import Mode
from voltrail.statements.statement import Header
from voltrail_world.cast import (
    ANSEL,
    BRACKWATER,
    HALL,
    KESTREL,
    NORDLICHT,
    OFFICE,
    PACK,
    RUNA,
    SODALITH,
    SODIUM_RACK,
    SUBSTATION,
    TIDERACE,
    TRAY,
)
from voltrail_world.story import LAPSE, policy
from world_fixture import NOW, PlayedWorld, clean_shipment, fresh_world

PO = OrderId.of("nordlicht", "PO-900")
families.load_all()  # before one of them is replaced
GOOD = Wanted(PO, PACK, TIDERACE, SUBSTATION, 16, "distributor", ANSEL)
LAPSED = Wanted(PO, SODIUM_RACK, SODALITH, OFFICE, 4, "direct")
CASE = CaseId.of("case-9")


def refused(seen: PlayedWorld, wanted: Wanted) -> UnmetError:
    with pytest.raises(UnmetError) as caught:
        place_order(seen.desk, wanted, NOW)
    return caught.value


def unmet(seen: PlayedWorld, wanted: Wanted) -> dict[str, str]:
    """What is unmet, by control; what has none stands under an empty text."""
    answer = may_order(seen.desk, wanted, NOW)
    assert answer.allowed is not bool(answer.unmet)
    return {one.control or "": one.sentence for one in answer.unmet}


def test_an_order_is_placed_with_the_policy_in_force_and_who_entered_it() -> None:
    seen = fresh_world()
    done = place_order(seen.desk, GOOD, NOW)
    (placed,) = view(seen.desk.entries, seen.desk.views, PO).standing(Order)
    assert (placed.entry.index, placed.issuer) == (done.index, NORDLICHT)
    assert placed.fact.policy == in_force(seen.desk, NOW).digest
    assert (placed.fact.by, placed.fact.ordered_at) == (ANSEL, NOW)


def test_what_is_met_is_named_with_the_entries_it_rests_on() -> None:
    answer = may_order(fresh_world().desk, GOOD, NOW)
    assert answer.allowed
    assert answer.tier == 2
    assert {one.control for one in answer.met} >= {"SUP-01", "SUP-02", "CHN-01", "RCL-01"}
    assert any(one.entries for one in answer.met)
    assert "may be ordered: all" in answer.sentence


def test_asking_records_nothing() -> None:
    seen = fresh_world()
    size = seen.desk.entries.size()
    may_order(seen.desk, GOOD, NOW)
    may_order(seen.desk, LAPSED, NOW)
    assert seen.since(size) == []


def test_a_refused_order_leaves_an_attempt_with_everything_unmet() -> None:
    seen = fresh_world()
    size = seen.desk.entries.size()
    error = refused(seen, LAPSED)
    assert seen.since(size) == ["order-attempt"]
    (kept,) = attempts(seen.desk)
    assert kept.entry.index == error.attempt == size
    assert isinstance(kept.fact, OrderAttempt)
    assert kept.fact.unmet == error.unmet
    assert kept.fact.wanted.channel == "direct"
    assert not view(seen.desk.entries, seen.desk.views, PO).every(Order)


def test_a_refusal_says_how_many_what_to_do_and_who_can() -> None:
    error = refused(fresh_world(), LAPSED)
    assert f"{len(error.unmet)} requirements are unmet" in str(error)
    assert "Qualify the seller" in error.hint
    assert f"entry {error.attempt}" in error.hint
    first = next(one for one in error.unmet if one.control == "SUP-01")
    assert first.role == "procurement"
    assert first.entries
    assert all(one.remedy and one.role for one in error.unmet)


def test_no_requirement_rests_on_an_entry_that_is_not_there() -> None:
    seen = fresh_world()
    size = seen.desk.entries.size()
    for wanted in (GOOD, LAPSED):
        answer = may_order(seen.desk, wanted, NOW)
        assert all(index < size for one in (*answer.met, *answer.unmet) for index in one.entries)


def test_a_qualification_that_lapses_between_asking_and_ordering_is_noticed() -> None:
    seen = fresh_world()
    assert may_order(seen.desk, LAPSED, LAPSE - timedelta(minutes=1)).allowed
    with pytest.raises(UnmetError, match="unmet"):
        place_order(seen.desk, LAPSED, LAPSE)
    assert [one.fact.order for one in attempts(seen.desk)] == [PO]


@pytest.mark.parametrize(
    ("wanted", "control"),
    [
        (replace(GOOD, channel="broker"), "SUP-01"),
        (replace(GOOD, product=TRAY), "CHN-01"),
        (replace(GOOD, seller=SODALITH), "SUP-01"),
        (LAPSED, "SUP-01"),
    ],
    ids=["another channel", "not authorized", "another family", "lapsed"],
)
def test_each_lack_is_named_by_the_control_that_sees_it(wanted: Wanted, control: str) -> None:
    assert control in unmet(fresh_world(), wanted)


def test_a_manufacturer_that_sells_its_own_goods_needs_no_authorization() -> None:
    seen = fresh_world()
    own = replace(GOOD, seller=KESTREL, channel="direct", place=HALL)
    assert unmet(seen, own) == {}


@pytest.mark.parametrize(
    ("field", "stranger", "words"),
    [
        ("seller", PartyId.of("nobody"), "No firm nobody is on record."),
        ("product", ProductId.of("kestrel", "KX-1"), "No product kestrel:KX-1 is on record."),
        ("place", PlaceId.of("nordlicht", "attic"), "No place nordlicht:attic is on record."),
    ],
)
def test_what_nobody_recorded_cannot_be_ordered(field: str, stranger: str, words: str) -> None:
    seen = fresh_world()
    wanted = replace(GOOD, **{field: stranger})
    assert words in unmet(seen, wanted).values()
    assert words in [one.sentence for one in refused(seen, wanted).unmet]
    assert len(attempts(seen.desk)) == 1


def test_a_place_of_unknown_tier_is_asked_as_strictly_as_tier_one() -> None:
    answer = may_order(fresh_world().desk, replace(LAPSED, place=PlaceId.of("x", "y")), NOW)
    assert answer.tier == 1
    assert {"SUP-03", "SUP-04"} <= {one.control for one in answer.unmet}


def test_a_policy_that_asks_nothing_permits_nothing() -> None:
    seen = fresh_world()
    off = tuple(replace(rule, mode=Mode.OFF) for rule in policy().rules)
    record = replace(policy(), title="Anything goes", rules=off, valid_from=NOW)
    seen.hand_in(seen.say(record, RUNA, NORDLICHT, by=(RUNA, ANSEL)))
    assert "asks nothing of this order" in unmet(seen, GOOD)[""]
    assert refused(seen, GOOD).unmet


def test_a_control_that_cannot_run_counts_as_unmet(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("inside")

    seen = fresh_world()
    monkeypatch.setitem(REGISTRY, "SUP-04", replace(REGISTRY["SUP-04"], check=broken))
    assert list(unmet(seen, GOOD)) == ["SUP-04"]


def test_a_number_that_is_taken_is_refused_and_leaves_no_attempt() -> None:
    seen = fresh_world()
    place_order(seen.desk, GOOD, NOW)
    size = seen.desk.entries.size()
    assert "already on record" in unmet(seen, GOOD)[""]
    with pytest.raises(NotAdmittedError, match="already on record"):
        place_order(seen.desk, replace(GOOD, quantity=8), NOW)
    assert seen.since(size) == []


def test_a_refused_order_may_be_placed_once_its_requirements_are_met() -> None:
    seen = fresh_world()
    refused(seen, replace(GOOD, channel="broker"))
    assert place_order(seen.desk, GOOD, NOW).fresh


@pytest.mark.parametrize(
    "selector", [Selector(party=TIDERACE), Selector(party=KESTREL), Selector(product=PACK)]
)
def test_a_hold_on_seller_maker_or_product_stops_orders_until_two_people_lift_it(
    selector: Selector,
) -> None:
    seen = fresh_world()
    hold = seen.hand_in(seen.say(Hold(CASE, selector, "swollen cells", RUNA), NORDLICHT, CASE))
    assert list(unmet(seen, GOOD)) == ["RCL-01"]
    lift = HoldLift(CASE, Digest(hold.digest), (Digest(hold.digest),))
    seen.hand_in(seen.say(lift, RUNA, CASE))
    assert list(unmet(seen, GOOD)) == ["RCL-01"]
    seen.hand_in(seen.say(lift, ANSEL, CASE))
    assert unmet(seen, GOOD) == {}


@pytest.mark.parametrize(
    "selector",
    [
        Selector(lot=clean_shipment().lot),
        Selector(product=PACK, serial_from="S1", serial_to="S2"),
        Selector(party=BRACKWATER),
    ],
)
def test_a_hold_on_other_goods_stops_no_order(selector: Selector) -> None:
    seen = fresh_world()
    seen.hand_in(seen.say(Hold(CASE, selector, "swollen cells", RUNA), NORDLICHT, CASE))
    assert unmet(seen, GOOD) == {}


def test_an_attempt_changes_no_decision_about_goods_of_the_same_seller() -> None:
    seen = fresh_world()
    going = clean_shipment()
    before = seen.deliver(going)
    size = seen.desk.entries.size()
    refused(seen, replace(GOOD, channel="broker"))
    judge(seen.desk, [going.arrival], NOW)
    assert seen.since(size) == ["order-attempt"]
    assert seen.decision(going.arrival).entry == before.entry


def test_attempts_come_newest_first_and_page_on() -> None:
    seen = fresh_world()
    for number in range(5):
        refused(seen, replace(LAPSED, order=OrderId.of("nordlicht", f"PO-{number}")))
    first = attempts(seen.desk, limit=3)
    rest = attempts(seen.desk, before=first[-1].entry.index, limit=3)
    told = [one.fact.order.parts[1] for one in (*first, *rest)]
    assert told == ["PO-4", "PO-3", "PO-2", "PO-1", "PO-0"]


@pytest.mark.parametrize(
    "wanted", [replace(GOOD, quantity=0), replace(GOOD, quantity=-1), replace(GOOD, channel=" ")]
)
def test_an_order_for_nothing_or_through_nothing_is_malformed(wanted: Wanted) -> None:
    seen = fresh_world()
    size = seen.desk.entries.size()
    for verb in (order.may_order, order.place_order):
        with pytest.raises(MalformedError):
            verb(seen.desk, wanted, NOW)
    assert seen.since(size) == []


def test_what_is_wanted_reads_from_json() -> None:
    raw = (
        f'{{"order": "{PO}", "product": "{PACK}", "seller": "{TIDERACE}",'
        f' "place": "{SUBSTATION}", "quantity": 16, "channel": "distributor"}}'
    )
    assert read_wanted(raw.encode()) == replace(GOOD, by=None)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"[]",
        b"{}",
        b'{"order": "urn:voltrail:order:x:1"}',
        b'{"order": "x", "by": "urn:voltrail:person:p"}',
        b'{"order": 1, "product": 2, "seller": 3, "place": 4, "quantity": "x", "channel": 5}',
    ],
)
def test_anything_else_is_malformed(raw: bytes) -> None:
    with pytest.raises(MalformedError):
        read_wanted(raw)


def test_an_attempt_stated_by_somebody_else_is_refused() -> None:
    seen = fresh_world()
    fact = Order(PO, PACK, TIDERACE, SUBSTATION, 1, "broker", NOW)
    raw = seen.world.say(OrderAttempt(PO, fact, ()), Header(TIDERACE, NOW), PO)
    with pytest.raises(Exception, match=r"may not state|not enrolled|bound"):
        seen.hand_in(raw)
    assert attempts(seen.desk) == ()


@pytest.mark.parametrize(
    "wanted",
    [
        replace(GOOD, order=OrderId.of("kestrel", "PO-1")),
        replace(GOOD, quantity=0),
        replace(GOOD, quantity=10_000_001),
    ],
    ids=["foreign number", "nothing", "too much"],
)
def test_an_order_without_sense_is_refused_and_leaves_nothing(wanted: Wanted) -> None:
    seen = fresh_world()
    size = seen.desk.entries.size()
    with pytest.raises(MalformedError):
        place_order(seen.desk, wanted, NOW)
    assert seen.desk.entries.size() == size
